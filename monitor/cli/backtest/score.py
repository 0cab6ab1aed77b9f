"""What `monitor backtest --labels` prints: how often rules and people say the same."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from monitor.cli.output import emit, stdout
from monitor.cli.tables import new_table, print_table
from monitor.domain.time import DAY, format_date
from monitor.services.backtest.scoring import COUNTING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.assessment import Status
    from monitor.domain.time import Seconds
    from monitor.services.backtest.scoring import Measured, Score


def print_score(score: Score, rules: str | None) -> None:
    """The measures, the confusion, the misses, and how it was counted.

    `rules` names the version, where there are several.
    """
    head = f"Labels of {score.file}" + ("" if rules is None else f", {rules}")
    stdout().print(Text(head, style="bold"))
    emit(f"{score.hits} of {len(score.rows)} labels are hits")
    _print_measures(score.headlines)
    _print_confusion(score)
    for row in score.rows:
        if not row.hit:
            found = "not in these rules" if row.found is None else f"found {_word(row.found)}"
            date = format_date(row.label.at, row.zone)
            emit(f"  miss  {date}  {row.label.key}  labelled {_word(row.label.status)}, {found}")
    for rule in COUNTING:
        stdout().print(Padding(Text(rule, style="dim"), (0, 0, 0, 2), expand=False))


def _print_measures(headlines: Sequence[Measured]) -> None:
    table = new_table()
    names = ("headline", "labelled", "found", "hits", "precision", "recall", "F1", "lead (n)")
    for number, name in enumerate(names):
        table.add_column(name, justify="right" if number else "left")
    for one in headlines:
        table.add_row(
            _word(one.status),
            *map(str, (one.n, one.found, one.hits)),
            *map(_ratio, (one.precision, one.recall, one.f1)),
            _leads(one.leads),
        )
    print_table(table)


def _print_confusion(score: Score) -> None:
    """A row for each label, a column for each headline that was found."""
    confusion = score.confusion
    columns: list[Status | None] = [one.status for one in score.headlines if one.found]
    if any(found is None for _, found in confusion):
        columns.append(None)
    table = new_table()
    table.add_column("labelled \\ found")
    for column in columns:
        table.add_column("none" if column is None else _word(column), justify="right")
    for one in score.headlines:
        if one.n:
            counts = (confusion[one.status, column] for column in columns)
            table.add_row(_word(one.status), *(str(n) if n else "·" for n in counts))
    print_table(table)


def _leads(leads: Sequence[Seconds]) -> str:
    """Least, median and most in days, and of how many."""
    if not leads:
        return "-"
    least, middle, most = (f"{n / DAY:g}" for n in map(_tenth, _spread(leads)))
    text = f"{middle}d" if least == most else f"{least} to {most}d, median {middle}d"
    return f"{text} ({len(leads)})"


def _spread(leads: Sequence[Seconds]) -> tuple[float, float, float]:
    return min(leads), median(leads), max(leads)


def _tenth(seconds: float) -> float:
    return round(seconds / DAY, 1) * DAY


def _ratio(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _word(status: Status) -> str:
    return status.value.replace("_", " ")
