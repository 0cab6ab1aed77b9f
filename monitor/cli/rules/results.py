"""What `monitor rules test` prints for people and as JSON."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from monitor.cli.output import say, stdout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from monitor.cli.formats.differences import Results
    from monitor.services.ruletests.coverage import RuleCoverage
    from monitor.services.ruletests.running import Difference, Result


def print_results(results: Results, *, quiet: bool) -> None:
    """A line for each test, below it what is not as expected."""
    console = stdout()
    for loaded, found in results:
        failed = [result for result in found if not result.passed]
        if quiet and not failed:
            continue
        name = loaded.document.file
        console.print(Text(name, style="bold"))
        for result in failed if quiet else found:
            _print(console, result, name)


def _print(console: Console, result: Result, file: str) -> None:
    mark = Text("✓ ", style="green") if result.passed else Text("✗ ", style="bold red")
    line = mark + Text(result.name, style="" if result.passed else "bold")
    if not result.passed:
        line.append(f"  {file}:{result.line}", style="dim")
    console.print(line)
    if result.error is not None:
        console.print(Padding(Text(result.error), (0, 0, 0, 4), expand=False))
    for (at, commitment), group in groupby(result.differences, key=lambda d: (d.at, d.commitment)):
        _print_group(console, at, commitment, list(group))


def _print_group(
    console: Console, at: str, commitment: str, differences: Sequence[Difference]
) -> None:
    """Expected and got side by side; below them what led to what was got."""
    head = Text(f"{at}  {commitment}")
    head.append(f"  line {differences[0].line}", style="dim")
    console.print(Padding(head, (0, 0, 0, 4), expand=False))
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_row("", Text("expected", style="dim"), Text("got", style="dim"))
    for one in differences:
        expected, found = Text(one.expected, style="green"), Text(one.found, style="red")
        table.add_row(Text(one.axis, style="dim"), expected, found)
    console.print(Padding(table, (0, 0, 0, 6), expand=False))
    reasons = Table.grid(padding=(0, 2, 0, 0))
    for hint in dict.fromkeys(one.hint for one in differences if one.hint):
        reasons.add_row(Text("why", style="dim"), Text(hint, style="dim"))
    if reasons.row_count:
        console.print(Padding(reasons, (0, 0, 0, 6), expand=False))


def print_coverage(coverage: RuleCoverage) -> None:
    """The rules that never spoke in any test, and how many did, by conclusion."""
    console = stdout()
    if coverage.silent:
        console.print(Text("never spoke in any test", style="bold"))
        table = Table.grid(padding=(0, 2, 0, 0))
        for rule in coverage.silent:
            having = rule.commitments[0].partition("/")[2]
            if len(rule.commitments) > 1:
                having = f"{len(rule.commitments)} commitments"
            where = f"{rule.where.file}:{rule.where.line}"
            cells = (rule.id, rule.conclusion, having, where)
            table.add_row(*(Text(cell, style=s) for cell, s in zip(cells, _STYLES, strict=True)))
        console.print(Padding(table, (0, 0, 0, 2), expand=False))
    parts = [f"{name} {s} of {n}" for name, (s, n) in sorted(coverage.conclusions().items())]
    said = f": {', '.join(parts)}" if parts else ""
    total = len(coverage.rules)
    console.print(Text(f"{coverage.spoken} of {total} rules spoke, {_percent(coverage)} %{said}"))


_STYLES = ("red", "", "dim", "dim")


def _percent(coverage: RuleCoverage) -> str:
    """Rounded down: 100 means all of them."""
    return f"{int(coverage.percent * 10) / 10:g}"


def say_count(results: Results, *, quiet: bool) -> None:
    """How many tests passed."""
    say(_count(results), quiet=quiet)


def _count(results: Results) -> str:
    found = [result for _, tests in results for result in tests]
    passed = sum(1 for result in found if result.passed)
    checked = sum(result.checked for result in found)
    noun = "test" if len(found) == 1 else "tests"
    text = f"{len(found)} {noun} ({checked} expectations): {passed} passed"
    return text if passed == len(found) else f"{text}, {len(found) - passed} failed"


def results_body(results: Results, coverage: RuleCoverage | None) -> dict[str, Any]:
    """The JSON of `monitor rules test`, version 1.

    `{version, passed, failed, tests: [{file, line, name, passed, error, differences: [{line, at,
    commitment, axis, expected, found, hint}]}], coverage: {percent, rules: [{rule, conclusion,
    file, line, commitments, spoken}]}}`; `error` is null for a test that could be run, `coverage`
    where nobody asked for it.
    """
    found = [result for _, tests in results for result in tests]
    passed = sum(1 for result in found if result.passed)
    return {
        "version": 1,
        "passed": passed,
        "failed": len(found) - passed,
        "tests": [
            {
                "file": loaded.document.file,
                "line": result.line,
                "name": result.name,
                "passed": result.passed,
                "error": result.error,
                "differences": [difference._asdict() for difference in result.differences],
            }
            for loaded, tests in results
            for result in tests
        ],
        "coverage": None if coverage is None else _coverage_body(coverage),
    }


def _coverage_body(coverage: RuleCoverage) -> dict[str, Any]:
    return {
        "percent": round(coverage.percent, 2),
        "rules": [
            {
                "rule": rule.id,
                "conclusion": rule.conclusion,
                "file": rule.where.file,
                "line": rule.where.line,
                "commitments": list(rule.commitments),
                "spoken": rule.spoken,
            }
            for rule in coverage.rules
        ],
    }
