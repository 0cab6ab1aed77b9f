"""The options that say what is looked at: the world as of when, by what was known when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.output import say

if TYPE_CHECKING:
    from monitor.cli.context import Context
    from monitor.domain.time import Instant
    from monitor.services.ports import Reader
    from monitor.services.views.view import View

CommitmentArgument = Annotated[
    str, typer.Argument(metavar="COMMITMENT", help="Id or agreement/id.")
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="TIME", help="The world at this date or time [now]."),
]
KnownAtOption = Annotated[
    str | None,
    typer.Option(
        "--known-at", metavar="TIME", help="By what was known then [now]; alone it is also --as-of."
    ),
]


def view_of(context: Context, reader: Reader, as_of: str | None, known_at: str | None) -> View:
    """The view that the options ask for; without any it is the present of the store."""
    from monitor.services.views.view import View

    if known_at is not None:
        known = context.moment(known_at, "--known-at")
    else:
        known = present_of(context, reader)
    return View(known if as_of is None else context.moment(as_of, "--as-of"), known)


def present_of(context: Context, reader: Reader) -> Instant:
    """What --now says, else the clock; and the store's own present where that is ahead of it.

    A run with a --now in the future has moved the store there: at an earlier instant nothing of
    what it holds would be known yet.
    """
    now, last = context.now, reader.meta("now")
    if context.now_text is not None or last is None or int(last) <= now:
        return now
    from monitor.domain.time import format_date

    ahead, today = (format_date(at, context.zone) for at in (int(last), now))
    say(
        f"the store stands at {ahead}, ahead of the clock ({today}): a run had --now in the "
        f"future; this is as of {ahead}. For another day give --as-of, to begin again --store",
        quiet=context.quiet,
    )
    return int(last)
