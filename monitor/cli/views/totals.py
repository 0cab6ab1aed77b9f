"""How many commitments of each agreement and theme stand how, for `status --totals`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.cli.output import emit
from monitor.cli.tables import new_table, print_table
from monitor.domain.assessment import words
from monitor.services.views.totals import RULE, totals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.services.views.standing import Stands


def print_totals(stands: Sequence[Stands]) -> None:
    """A line for each agreement, then one for each of its themes; the counting rule below."""
    table = new_table()
    for title in ("agreement", "theme"):
        table.add_column(title)
    table.add_column("n", justify="right")
    table.add_column("how they stand")
    for total in totals(stands):
        counts = [f"{number} {words(status.value)}" for status, number in total.headlines.items()]
        table.add_row(total.agreement, total.theme or "", str(total.n), ", ".join(counts))
    print_table(table)
    emit(f"\n{RULE}")
