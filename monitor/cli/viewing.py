"""The options that say what is looked at: the world as of when, by what was known when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from monitor.cli.context import Context
    from monitor.services.standing import View

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


def view_of(context: Context, as_of: str | None, known_at: str | None) -> View:
    """The view that the options ask for; without any it is the present."""
    from monitor.services.standing import View

    known = context.now if known_at is None else context.moment(known_at, "--known-at")
    if as_of is not None:
        return View(context.moment(as_of, "--as-of"), known)
    return View(known if known_at is not None else context.now, known)
