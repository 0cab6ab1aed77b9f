"""Where commitments stand, two lines for each, for `status` and for the first `run`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.text import Text

from monitor.cli.output import COLOURS, stdout
from monitor.cli.tables import fitted, joined
from monitor.domain.assessment import Status, words
from monitor.domain.basis import Basis
from monitor.domain.time import format_date
from monitor.services.views.dates import moved_words
from monitor.services.views.overview import count_words, looked_words
from monitor.services.views.upcoming import upcoming

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from monitor.domain.commitment import Agreement, Rulebook
    from monitor.domain.coverage import Watch
    from monitor.domain.time import Instant
    from monitor.services.views.grounds import Ground
    from monitor.services.views.standing import Stands
    from monitor.services.views.view import View

_GAP = "  "
_DATE = 10
_NEXT = "next"
_NARROWEST, _WIDEST = 24, 140
"""Columns of the text: below, words would be broken; beyond, a date at the end is out of sight."""


def print_standings(
    stands: Sequence[Stands],
    view: View,
    rulebook: Rulebook,
    grounds: Mapping[str, Ground],
    *,
    watched: Mapping[str, Watch] | None = None,
) -> None:
    """Print for each agreement what stands how, since when and why.

    While nobody looks, the last known headline is shown, with its own date.

    Args:
        stands: in the order in which they are to be shown within their agreement.
        view: what is looked at.
        rulebook: knows the titles of the agreements.
        grounds: what the headlines rest on, by the keys of the commitments.
        watched: the coverage of each agreement, None where it is not known.
    """
    console = stdout()
    shown = 0
    for agreement in rulebook.agreements:
        mine = [s for s in stands if s.commitment.agreement == agreement.id]
        if not mine:
            continue
        if shown:
            console.print()
        shown += 1
        watch = None if watched is None else watched[agreement.id]
        title = Text.assemble((agreement.title, "bold"), "  ", (agreement.id, "dim"))
        for line in [title, *_about(agreement, mine, view, watch, console.width)]:
            _put(console, line)
        rows = [_row(one, grounds[one.commitment.key], watch, view.as_of) for one in mine]
        _print_rows(console, rows)


def headline_text(status: Status, last_known: Status) -> Text:
    """A headline in its colour; while nobody looks, the last known one: "was stalled"."""
    if status is not Status.NO_DATA:
        return Text(words(status.value), style=COLOURS[status.value])
    return Text.assemble(("was ", "dim"), (words(last_known.value), COLOURS[last_known.value]))


def _about(
    agreement: Agreement, stands: Sequence[Stands], view: View, watch: Watch | None, width: int
) -> list[Text]:
    """The day, who looked, and the counts: on one line where they fit, else those by themselves."""
    parts = [f"as of {format_date(view.as_of, agreement.zone)}"]
    if view.known_at != view.as_of:
        parts[0] += f", known {format_date(view.known_at, agreement.zone)}"
    assessments = [s.standing.assessment for s in stands]
    blind = any(a.status is Status.NO_DATA for a in assessments)
    if watch is not None:
        parts.append(looked_words(watch, view.as_of, agreement.zone, blind=blind))
    counts = count_words(assessments)
    whole = " · ".join([*parts, " ".join(counts)])
    if cell_len(whole) <= width:
        lines = [whole]
    else:
        told = " ·\n".join(parts).replace(": ", ":\n")
        lines = joined(told.splitlines(), width)
        lines += joined(counts, width)
    return [Text(line, style="dim") for line in lines]


class _Row(NamedTuple):
    """One commitment: cells for the upper line, and below each what belongs to it."""

    headline: Text
    level: Text
    since: str
    progress: str
    title: str
    name: Text
    text: str
    report: str
    source: str
    next_date: str
    next_why: str


def _row(stands: Stands, ground: Ground, watch: Watch | None, as_of: Instant) -> _Row:
    commitment, standing = stands.commitment, stands.standing
    a, zone = standing.assessment, commitment.zone
    name = Text(commitment.id, style="dim")
    if commitment.basis is Basis.EXPECTATION:
        name.append(" · expectation")
    since = format_date(standing.known_since, zone)
    report = source = ""
    if ground.update is not None:
        day = format_date(ground.update.occurred.start(zone), zone)
        report = ground.update.title
        source = ", ".join(p for p in (ground.update.source, "" if day == since else day) if p)
    found = upcoming(stands, watch, as_of)
    return _Row(
        headline_text(a.status, a.last_known),
        Text(a.level.word, style="dim"),
        since,
        "-" if standing.advanced is None else format_date(standing.advanced, zone),
        commitment.title,
        name,
        _because(ground.text, stands),
        report,
        source,
        "" if found is None else format_date(found.at, zone),
        "" if found is None else found.why,
    )


def _because(text: str, stands: Stands) -> str:
    """The reason, and where the dates that were moved stand now, unless it says so itself."""
    zone = stands.commitment.zone
    moves = [
        f"{date.name or 'deadline'} {format_date(date.end - 1, zone)} {moved}"
        for date in stands.standing.dates
        if date.end is not None and (moved := moved_words(date, zone)) and date.done is None
    ]
    return "; ".join([*([text] if text else []), *moves])


def _print_rows(console: Console, rows: Sequence[_Row]) -> None:
    """Each with a head of two lines: what stands above in a row, and what stands below."""
    left = max(len("status"), *(max(cell_len(r.headline.plain), len(r.level)) for r in rows))
    right = max(max(len(r.next_date), len(r.next_why)) for r in rows)
    right = max(right, len(_NEXT)) if right else 0
    middle = console.width - left - _DATE - 2 * len(_GAP) - (right and right + len(_GAP))
    middle = min(max(middle, _NARROWEST), _WIDEST)
    upper = [Text("status"), Text("since"), Text("commitment"), Text(_NEXT if right else "")]
    lower = [Text("level"), Text("progress"), Text("why"), Text("")]
    for cells in (upper, lower):
        _put(console, _line(cells, (left, middle)), style="dim")
    for row in rows:
        titles = _title(console, row, middle)
        _put(
            console,
            _line([row.headline, Text(row.since), titles[0], Text(row.next_date)], (left, middle)),
        )
        progress, why = Text(row.progress, style="dim"), Text(row.next_why, style="dim")
        below = [*titles[1:], *_why(console, row, middle)] or [Text()]
        for number, text in enumerate(below):
            cells = [Text(), Text(), text, Text()] if number else [row.level, progress, text, why]
            _put(console, _line(cells, (left, middle)))


def _title(console: Console, row: _Row, width: int) -> list[Text]:
    """The title with the id behind it, or below it where there is no room."""
    lines = _folded(console, row.title, width, "")
    if lines[-1].cell_len + len(_GAP) + row.name.cell_len <= width:
        lines[-1] = Text.assemble(lines[-1], _GAP, row.name)
    else:
        lines.append(row.name)
    return lines


def _why(console: Console, row: _Row, width: int) -> list[Text]:
    """The reason and the newest report: a line where both fit, else the report is cut."""
    report = f"“{row.report}”" if row.report else ""
    source = f", {row.source}" if row.source else ""
    whole = f"{row.text}: {report}{source}" if row.text and report else row.text + report + source
    if cell_len(whole) <= width or not report:
        return _folded(console, whole, width)
    source = fitted(source.partition(" (")[0], width // 3)
    title = fitted(row.report, width - cell_len(source) - len("“”"))
    lines = _folded(console, f"{row.text}:", width) if row.text else []
    return [*lines, Text(f"“{title}”{source}", style="dim")]


def _folded(console: Console, text: str, width: int, style: str = "dim") -> list[Text]:
    """Lines without blanks at their ends; none where there is nothing to say."""
    lines = list(Text(text, style=style).wrap(console, width)) if text else []
    for line in lines:
        line.rstrip()
    return lines


def _line(cells: Sequence[Text], widths: tuple[int, int]) -> Text:
    """Headline, date, text and the next date, in their columns."""
    left, middle = widths
    headline, date, text, last = cells
    line = Text.assemble(
        headline, " " * (left - headline.cell_len), _GAP, f"{date.plain:>{_DATE}}", _GAP, text
    )
    if last.plain:
        line.append(" " * (middle - text.cell_len)).append(_GAP).append_text(last)
    return line


def _put(console: Console, line: Text, style: str = "") -> None:
    line.rstrip()
    console.print(line, style=style, soft_wrap=True)
