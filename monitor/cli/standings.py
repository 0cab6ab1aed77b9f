"""The table of where commitments stand, for `status` and for the first `run`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from monitor.cli.output import COLOURS, stdout
from monitor.domain.assessment import Status
from monitor.domain.commitment import Basis
from monitor.domain.time import format_date
from monitor.services.overview import counted, watched_words, words
from monitor.services.upcoming import upcoming

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from monitor.domain.commitment import Agreement, Rulebook
    from monitor.domain.coverage import Watch
    from monitor.domain.time import Instant
    from monitor.services.standing import Stands, View

_WIDE = 120
_NONE = Text("-", style="dim")


def print_standings(
    stands: Sequence[Stands],
    view: View,
    rulebook: Rulebook,
    *,
    watched: Mapping[str, Watch] | None = None,
) -> None:
    """Print a table for each agreement: headline, commitment, level, dates.

    Args:
        stands: in the order in which they are to be shown within their agreement.
        view: what is looked at.
        rulebook: knows the titles of the agreements.
        watched: the coverage of each agreement, None where it is not known.
    """
    console = stdout()
    wide = console.width >= _WIDE
    shown = 0
    for agreement in rulebook.agreements:
        mine = [s for s in stands if s.commitment.agreement == agreement.id]
        if not mine:
            continue
        if shown:
            console.print()
        shown += 1
        watch = None if watched is None else watched[agreement.id]
        console.print(Text.assemble((agreement.title, "bold"), "  ", (agreement.id, "dim")))
        console.print(_about(agreement, mine, view, watch))
        table = _table(wide=wide)
        for one in mine:
            row = _wide(one, watch, view.as_of) if wide else _narrow(one, watch, view.as_of)
            table.add_row(*row)
        console.print(table)
        if wide and any(s.commitment.basis is Basis.EXPECTATION for s in mine):
            console.print(Text("~ expected of the parties, not pledged by them", style="dim"))


def headline_text(status: Status, last_known: Status, *, join: str = " · ") -> Text:
    """A headline in its colour; while nobody looks, with the last known one beside it."""
    text = Text(words(status.value), style=COLOURS[status.value])
    if status is Status.NO_DATA:
        text.append(join, style="dim")
        text.append("last known ", style="dim")
        text.append(words(last_known.value), style=COLOURS[last_known.value])
    return text


def _about(agreement: Agreement, stands: Sequence[Stands], view: View, watch: Watch | None) -> Text:
    parts = [f"as of {format_date(view.as_of, agreement.zone)}"]
    if view.known_at != view.as_of:
        parts[0] += f", known {format_date(view.known_at, agreement.zone)}"
    if watch is not None:
        parts.append(watched_words(watch, view.as_of, agreement.zone))
    parts.append(counted(s.standing.assessment.status for s in stands))
    return Text(" · ".join(parts), style="dim")


def _table(*, wide: bool) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim", expand=True)
    table.add_column("status", no_wrap=True)
    table.add_column("commitment", overflow="fold", ratio=1)
    if wide:
        table.add_column("id", no_wrap=True)
        table.add_column("level", no_wrap=True)
    table.add_column("since", justify="right", min_width=10)
    table.add_column("progress", justify="right", min_width=10)
    table.add_column("next", justify="left" if wide else "right", min_width=10, no_wrap=True)
    return table


def _wide(stands: Stands, watch: Watch | None, as_of: Instant) -> Iterable[Text]:
    commitment, standing = stands.commitment, stands.standing
    a = standing.assessment
    yield headline_text(a.status, a.last_known)
    yield Text(commitment.title)
    yield _name(stands, " ~")
    yield Text(a.level.word)
    yield _date(standing.since, commitment.zone)
    yield _date(standing.advanced, commitment.zone)
    yield _next(stands, watch, as_of, " ")


def _narrow(stands: Stands, watch: Watch | None, as_of: Instant) -> Iterable[Text]:
    commitment, standing = stands.commitment, stands.standing
    a = standing.assessment
    headline = Text(words(a.status.value), style=COLOURS[a.status.value])
    if a.status is Status.NO_DATA:
        known = words(a.last_known.value)
        yield headline.append(f"\nwas {known}", style=COLOURS[a.last_known.value])
    else:
        yield headline.append(f"\n{a.level.word}", style="dim")
    yield Text(commitment.title).append("\n").append_text(_name(stands, " · expectation"))
    yield _date(standing.since, commitment.zone)
    yield _date(standing.advanced, commitment.zone)
    yield _next(stands, watch, as_of, "\n")


def _name(stands: Stands, mark: str) -> Text:
    text = Text(stands.commitment.id, style="dim")
    if stands.commitment.basis is Basis.EXPECTATION:
        text.append(mark, style="italic")
    return text


def _date(instant: Instant | None, zone: str) -> Text:
    return _NONE if instant is None else Text(format_date(instant, zone))


def _next(stands: Stands, watch: Watch | None, as_of: Instant, join: str) -> Text:
    found = upcoming(stands, watch, as_of)
    if found is None:
        return _NONE
    date = Text(format_date(found.at, stands.commitment.zone))
    return date.append(join).append(found.why, style="dim")
