"""Where commitments stand on somebody else's scale, for `status --scale`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from monitor.cli.output import coloured, emit
from monitor.cli.tables import new_table, print_table
from monitor.domain.scale import rate
from monitor.services.views.scales import TITLES, counting_rule, figure_words, scale_totals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.scale import Scale
    from monitor.services.views.standing import Stands


def print_scale(stands: Sequence[Stands], scale: Scale, *, totals: bool) -> None:
    """A line for each commitment, unless only totals are wanted; then the counts and their rule."""
    if not totals:
        _print_ratings(stands, scale)
        emit("")
    table = new_table()
    for title in ("agreement", "theme", "figure", "counted", "left out"):
        table.add_column(title)
    for total in scale_totals(stands, scale):
        table.add_row(
            total.agreement,
            escape(total.theme or ""),
            figure_words(total),
            *(_counts(counts) for counts in (total.counts, total.left_out)),
        )
    print_table(table)
    emit(f"\n{TITLES[scale]}\n{counting_rule(scale)}")


def _print_ratings(stands: Sequence[Stands], scale: Scale) -> None:
    table = new_table()
    table.add_column(scale.value, justify="right")
    for title in ("", "status", "commitment"):
        table.add_column(title)
    for one in stands:
        assessment = one.standing.assessment
        rating = rate(scale, assessment)
        table.add_row(
            "-" if rating.value is None else str(rating.value),
            rating.word,
            coloured(assessment.status),
            f"{escape(one.commitment.title)}  [dim]{one.commitment.key}[/]",
        )
    print_table(table)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {word}" for word, number in counts.items())
