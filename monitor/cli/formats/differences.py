"""What is not as a rule test expects, as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.cli.formats.github import annotation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.services.ruletests.coverage import RuleCoverage
    from monitor.services.ruletests.file import Loaded
    from monitor.services.ruletests.running import Difference, Result

Results = list[tuple["Loaded", list["Result"]]]


def told(one: Difference) -> str:
    """All of it."""
    text = f"{one.at} {one.commitment}: {one.axis}: expected {one.expected}, got {one.found}"
    return f"{text} ({one.hint})" if one.hint else text


def remarks(results: Results, coverage: RuleCoverage | None) -> Iterator[str]:
    """Workflow commands: an error for each difference, a notice for each rule that never spoke."""
    for loaded, tests in results:
        file = loaded.document.file
        for result in tests:
            title = f"rule test: {result.name}"
            if result.error is not None:
                yield annotation(
                    "error", result.error, file=file, line=result.line, column=0, title=title
                )
            for one in result.differences:
                yield annotation(
                    "error", told(one), file=file, line=one.line, column=0, title=title
                )
    for rule in () if coverage is None else coverage.silent:
        message = f"no test makes the rule {rule.id} speak ({rule.conclusion})"
        where = rule.where
        yield annotation(
            "notice", message, file=where.file, line=where.line, column=0, title="untested rule"
        )
