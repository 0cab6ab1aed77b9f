"""What `monitor rules test` prints."""

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

    from monitor.services.ruletest import Difference, Result
    from monitor.services.testfile import Loaded

Results = list[tuple["Loaded", list["Result"]]]


def print_results(results: Results, *, quiet: bool) -> None:
    """A line for each test, below it what is not as expected; then a count."""
    console = stdout()
    for loaded, found in results:
        failed = [result for result in found if not result.passed]
        if quiet and not failed:
            continue
        name = loaded.document.file
        console.print(Text(name, style="bold"))
        for result in failed if quiet else found:
            _print(console, result, name)
    say(_count(results), quiet=quiet)


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
    head = Text(f"{at}  {commitment}")
    head.append(f"  line {differences[0].line}", style="dim")
    console.print(Padding(head, (0, 0, 0, 4), expand=False))
    table = Table.grid(padding=(0, 2, 0, 0))
    for one in differences:
        found = Text.assemble("expected ", (one.expected, "green"), ", is ", (one.found, "red"))
        table.add_row(Text(one.axis, style="dim"), found)
    console.print(Padding(table, (0, 0, 0, 6), expand=False))
    hints = dict.fromkeys(one.hint for one in differences if one.hint)
    for hint in hints:
        console.print(Padding(Text(hint, style="dim"), (0, 0, 0, 6), expand=False))


def _count(results: Results) -> str:
    found = [result for _, tests in results for result in tests]
    passed = sum(1 for result in found if result.passed)
    checked = sum(result.checked for result in found)
    noun = "test" if len(found) == 1 else "tests"
    text = f"{len(found)} {noun} ({checked} expectations): {passed} passed"
    return text if passed == len(found) else f"{text}, {len(found) - passed} failed"


def results_body(results: Results) -> dict[str, Any]:
    """The JSON of `monitor rules test`, version 1.

    `{version, passed, failed, tests: [{file, line, name, passed, error, differences: [{line, at,
    commitment, axis, expected, found, hint}]}]}`; `error` is null for a test that could be run.
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
    }
