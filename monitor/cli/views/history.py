"""`monitor history`: what was concluded about a commitment, and when it was learned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.context import Context, NowOption, at
from monitor.cli.output import COLOURS, OutputFormat, OutputOption, emit_json, say, stdout
from monitor.cli.root import app
from monitor.cli.viewing import AsOfOption, CommitmentArgument, present_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text

    from monitor.domain.records import StoredTransition
    from monitor.services.evidence.retractions import Retractions
    from monitor.services.ports import Reader
    from monitor.services.views.history import Changed, History, Told
    from monitor.services.views.moves import Learned


@app.command(short_help="Show every recorded change of a commitment.")
def history(
    ctx: typer.Context,
    commitment: CommitmentArgument,
    as_of: AsOfOption = None,
    known_at: Annotated[
        str | None,
        typer.Option("--known-at", metavar="TIME", help="The history as it stood then [now]."),
    ] = None,
    withdrawn: Annotated[
        bool, typer.Option("--all", help="Also what was concluded once and stands no longer.")
    ] = False,
    output: OutputOption = OutputFormat.TABLE,
    now: NowOption = None,
) -> None:
    """Show every recorded change of a commitment: when, what, why, and how late it was found.

    Exit code 0.
    """
    from monitor.domain.time import LATEST
    from monitor.services.views.history import history as read_history
    from monitor.services.views.history import history_body
    from monitor.services.views.moves import moves_learned
    from monitor.services.views.view import View

    context = at(ctx, now)
    application = context.application
    known = None if known_at is None else context.moment(known_at, "--known-at")
    with application.store.read() as reader:
        if as_of is not None:
            until = context.moment(as_of, "--as-of")
        else:
            until = present_of(context, reader) if known is None else known
        empty = reader.meta("now") is None
        found = read_history(
            reader,
            application.rulebook,
            commitment,
            context.zone,
            as_of=until,
            known_at=known,
            withdrawn=withdrawn,
            retractions=_retractions(context, reader, known) if withdrawn else None,
        )
        view = View(until, LATEST if known is None else known)
        moves = moves_learned(reader, application.engine, view, found.key)
    if output is OutputFormat.JSON:
        emit_json(history_body(found, moves, until, known))
    elif empty:
        say("nothing is known yet; run `monitor run`", quiet=context.quiet)
    elif not found.rows:
        say("nothing was recorded about it by then", quiet=context.quiet)
    else:
        _print(found)
        _print_moves(moves, found.zone)


def _retractions(context: Context, reader: Reader, known: int | None) -> Retractions | None:
    """What was taken back by what was known; None where nothing takes anything back."""
    if not reader.has_takers():
        return None
    from monitor.domain.time import LATEST
    from monitor.services.evidence.retractions import Retractions

    return Retractions(reader, context.application.engine, LATEST if known is None else known)


def _print(found: History) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from monitor.domain.edition import SHORT

    console = stdout()
    title = found.title or "(not in the rulebook any more)"
    console.print(Text(title, style="bold"))
    console.print(Text(found.key, style="dim"))
    several = len({row.rules for row in found.rows}) > 1
    for row, told in zip(found.rows, found.told, strict=True):
        console.print()
        style = "dim strike" if row.withdrawn is not None else ""
        head = _head(row, found.zone)
        head.stylize(style)
        console.print(head)
        for reason in row.transition.reasons:
            text = Text(reason.text, style=style)
            if reason.rule:
                text.append(f"  {reason.rule}", style="dim")
                text.append(f"  {reason.where}" if reason.where else "", style="dim")
            console.print(Padding(text, (0, 0, 0, 12), expand=False))
        console.print(
            Padding(
                Text(
                    _recorded(row, told, found)
                    + (f"; rules {row.rules[:SHORT]}" if several else ""),
                    style="dim",
                ),
                (0, 0, 0, 12),
                expand=False,
            )
        )


def _print_moves(moves: Sequence[Learned], zone: str) -> None:
    """Where dates were moved to, and how late that was learned."""
    from rich.padding import Padding
    from rich.text import Text

    from monitor.domain.time import format_date
    from monitor.services.views.history import lag_words

    console = stdout()
    for learned in moves:
        move, recorded = learned.move, learned.recorded
        by = f" by {move.by}" if move.by else ""
        console.print()
        text = Text(f"{format_date(move.at, zone)}  ")
        console.print(text.append(f"{learned.milestone or 'deadline'} moved to {move.to}{by}"))
        told = "told by the rulebook"
        if recorded is not None:
            lag = recorded - move.at
            told = f"recorded {format_date(recorded, zone)}"
            told += f", {lag_words(lag)} later" if lag > 0 else ""
        console.print(Padding(Text(told, style="dim"), (0, 0, 0, 12), expand=False))


def _head(row: StoredTransition, zone: str) -> Text:
    from rich.text import Text

    from monitor.domain.time import format_date
    from monitor.services.views.history import changes

    transition = row.transition
    text = Text(f"{format_date(transition.at, zone)}  ")
    found = changes(transition)
    status = transition.after.status
    if transition.before is None:
        return text.append(status.value.replace("_", " "), style=COLOURS[status.value])
    if found and found[0].axis != "status":
        text.append(status.value.replace("_", " "), style=COLOURS[status.value])
        text.append(", still  ", style="dim")
    for number, change in enumerate(found):
        text.append("  ·  " if number else "", style="dim")
        text.append_text(_change(change, status.value))
    return text


def _change(change: Changed, status: str) -> Text:
    from rich.text import Text

    if change.axis == "status":
        text = Text(f"{change.before} → ")
        return text.append(change.after, style=COLOURS[status])
    return Text(f"{change.axis} {change}", style="dim")


def _recorded(row: StoredTransition, told: Told, history: History) -> str:
    from monitor.domain.time import format_date
    from monitor.services.evidence.causes import taken_back_words
    from monitor.services.views.history import lag_words, takers_of

    zone = history.zone
    lag = row.recorded - row.transition.at
    found = f"recorded {format_date(row.recorded, zone)}"
    found += f", {lag_words(lag)} later" if lag > 0 else ""
    found += f", {told}"
    if row.withdrawn is not None:
        found += f"; withdrawn {format_date(row.withdrawn, zone)}"
        found += "".join(f"; {taken_back_words(t)}" for t in takers_of(row, history))
    return found
