"""The figure of a backtest: a line of time for each commitment, coloured by its headline.

The colours are those of Okabe and Ito (Color Universal Design, 2008), which people with any kind of
colour vision tell apart; a letter stands in each piece that is wide enough, so that it can be read
without colours. Trouble is hatched besides.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from monitor.cli.tables import fitted
from monitor.domain.assessment import Status
from monitor.domain.time import format_date, midnight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.services.backtest.replay import Backtest, Course


class Look(NamedTuple):
    """How a headline is drawn: a letter, a colour, and whether it is hatched."""

    letter: str
    colour: str
    hatched: bool = False


LOOKS: dict[Status, Look] = {
    Status.SUPERSEDED: Look("S", "#bbbbbb"),
    Status.DELIVERED: Look("D", "#009e73"),
    Status.REVERSED: Look("R", "#d55e00", hatched=True),
    Status.NO_DATA: Look("?", "#ffffff", hatched=True),
    Status.OVERDUE: Look("O", "#cc79a7", hatched=True),
    Status.STALLED: Look("X", "#e69f00", hatched=True),
    Status.AT_RISK: Look("!", "#f0e442"),
    Status.ADVANCING: Look("A", "#0072b2"),
    Status.ON_TRACK: Look("T", "#56b4e9"),
    Status.NOT_STARTED: Look("N", "#dddddd"),
    Status.NOT_RATED: Look("-", "#eeeeee"),
}

_LEFT, _WIDTH, _ROW, _BAR, _TOP = 260, 720, 22, 16, 34
_HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><path d="M0 0V6" stroke="#000" stroke-opacity=".35"'
    ' stroke-width="2"/></pattern></defs>'
)
_LETTER = 11
"""Pixels that a letter needs."""
_TITLE = 36
"""Letters of a title that fit to the left of the lines; one as wide as those of Korean is two."""


def svg(found: Backtest, zone: str) -> str:
    """The figure as an SVG document of its own, in the order of the rulebook."""
    used = [s for s in Status if any(p.status is s for c in found.courses for p in c.spells)]
    bottom = _TOP + _ROW * len(found.courses)
    height = bottom + 26 + 18 * -(-len(used) // 5)
    first, last = (format_date(instant, zone) for instant in found.span)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDTH + 20}" height="{height}"'
        f' viewBox="0 0 {_LEFT + _WIDTH + 20} {height}" font-family="sans-serif" font-size="12"'
        ' role="img">'
    )
    parts = [
        head,
        f"<title>Where commitments stood, {first} to {last}</title>",
        _HATCH,
        '<rect width="100%" height="100%" fill="#fff"/>',
        *_axis(found, zone, bottom),
    ]
    for number, course in enumerate(found.courses):
        parts += _line(found, course, _TOP + _ROW * number)
    parts += _legend(used, bottom + 22)
    return "\n".join([*parts, "</svg>", ""])


def _place(found: Backtest, instant: int) -> float:
    first, last = found.span
    return _LEFT + _WIDTH * (instant - first) / (last + 1 - first)


def _axis(found: Backtest, zone: str, bottom: int) -> Iterator[str]:
    """The years where there are several, else the months."""
    for text, instant in _marks(found, zone):
        x = _place(found, instant)
        yield f'<path d="M{x:.1f} {_TOP - 8}V{bottom}" stroke="#ccc"/>'
        yield f'<text x="{x + 3:.1f}" y="{_TOP - 10}" fill="#555">{text}</text>'


def _marks(found: Backtest, zone: str) -> list[tuple[str, int]]:
    first, last = (date.fromisoformat(format_date(i, zone)) for i in found.span)
    years = last.year - first.year
    if years > 2:
        step = -(-years // 12)
        days = [date(year, 1, 1) for year in range(first.year + 1, last.year + 1, step)]
        return [(str(day.year), midnight(day, zone)) for day in days]
    months = range(first.year * 12 + first.month, last.year * 12 + last.month)
    days = [date(month // 12, month % 12 + 1, 1) for month in months]
    days = days[:: -(-len(days) // 12) or 1]
    return [(day.isoformat()[:7], midnight(day, zone)) for day in days]


def _line(found: Backtest, course: Course, y: int) -> Iterator[str]:
    title = course.commitment.title
    shown = escape(fitted(title, _TITLE))
    yield f'<text x="8" y="{y + 12}">{shown}<title>{escape(title)}</title></text>'
    for spell in course.spells:
        look = LOOKS[spell.status]
        x, end = (_place(found, instant) for instant in (spell.since, spell.until))
        zone = course.commitment.zone
        said = f"{_word(spell.status)}, {format_date(spell.since, zone)} to " + format_date(
            spell.until - 1, zone
        )
        box = f'x="{x:.1f}" y="{y}" width="{end - x:.1f}" height="{_BAR}"'
        yield f"<g><title>{escape(said)}</title>"
        yield f'<rect {box} fill="{look.colour}" stroke="#fff" stroke-width=".5"/>'
        if look.hatched:
            yield f'<rect {box} fill="url(#hatch)"/>'
        if end - x >= _LETTER:
            yield _letter(look, x + 3, y + 12)
        yield "</g>"


def _letter(look: Look, x: float, y: int) -> str:
    return (
        f'<text x="{x:.1f}" y="{y}" font-weight="bold" stroke="#fff" stroke-width="2.5"'
        f' paint-order="stroke">{escape(look.letter)}</text>'
    )


def _legend(used: list[Status], y: int) -> Iterator[str]:
    for number, status in enumerate(used):
        look = LOOKS[status]
        x, at = 8 + 190 * (number % 5), y + 18 * (number // 5)
        box = f'x="{x}" y="{at - 11}" width="18" height="14"'
        yield f'<rect {box} fill="{look.colour}" stroke="#555" stroke-width=".5"/>'
        if look.hatched:
            yield f'<rect {box} fill="url(#hatch)"/>'
        yield _letter(look, x + 5, at)
        yield f'<text x="{x + 24}" y="{at}">{_word(status)}</text>'


def _word(status: Status) -> str:
    return status.value.replace("_", " ")
