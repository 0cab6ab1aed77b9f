"""Published totals against the rows that they count."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from monitor.services.trackers.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.domain.tracker import Place, Promise, Total, Tracker

_HUNDRED = Decimal(100)


def total_findings(tracker: Tracker) -> Iterator[Finding]:
    """Counts and shares that the rows do not bear out. A share is of all rows of its theme."""
    empty: set[tuple[Place, str]] = set()
    for total in tracker.totals:
        base = _of_theme(tracker, total)
        if total.theme is not None and not base:
            if (total.place, total.theme) in empty:
                continue
            empty.add((total.place, total.theme))
            message = f"totals are published for {total.theme!r}, but no promise is about it"
            yield Finding("theme-never-used", (total.place,), message, (total.theme,))
            continue
        rows = base
        if total.status is not None:
            word = tracker.word(total.status)
            rows = [promise for promise in base if tracker.word(promise.status) is word]
        yield from _compared(total, rows, len(base))
    yield from _sums(tracker)


def _compared(total: Total, rows: Sequence[Promise], base: int) -> Iterator[Finding]:
    name = _name(total)
    if total.count is not None and total.count != len(rows):
        numbers = ", ".join(str(promise.place.number) for promise in rows[:20])
        more = f" and {len(rows) - 20} more" if len(rows) > 20 else ""
        yield Finding(
            "total-against-rows",
            (total.place,),
            f"published: {total.count} {name}; the rows have {len(rows)}",
            (f"counted: records {numbers}{more}",) if rows else (),
        )
    if total.percent is not None:
        share = _HUNDRED * len(rows) / base if base else Decimal(0)
        exponent = total.percent.as_tuple().exponent
        digits = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        # as precise as it was published, and rounded either way
        if abs(share - total.percent) >= Decimal(1).scaleb(-digits):
            yield Finding(
                "percent-against-rows",
                (total.place,),
                f"published: {total.percent}% {name}; the rows have {share:.{digits + 1}f}%"
                f" ({len(rows)} of {base})",
                (),
            )


def _sums(tracker: Tracker) -> Iterator[Finding]:
    """The published sum against the published parts, theme by theme."""
    for theme in dict.fromkeys(total.theme for total in tracker.totals):
        own = [t for t in tracker.totals if t.theme == theme and t.count is not None]
        parts = [t for t in own if t.status is not None]
        for whole in (t for t in own if t.status is None):
            added = sum(t.count or 0 for t in parts)
            if parts and added != whole.count:
                yield Finding(
                    "total-against-parts",
                    (whole.place,),
                    f"published: {whole.count} {_name(whole)}; the published parts add up"
                    f" to {added}",
                    (" + ".join(f"{t.count} {t.status}" for t in parts),),
                )


def _of_theme(tracker: Tracker, total: Total) -> list[Promise]:
    if total.theme is None:
        return list(tracker.promises)
    theme = total.theme.casefold()
    return [promise for promise in tracker.promises if promise.theme.casefold() == theme]


def _name(total: Total) -> str:
    what = "in all" if total.status is None else f"{total.status!r}"
    return what if total.theme is None else f"{what} of {total.theme!r}"
