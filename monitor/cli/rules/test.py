"""`monitor rules test`: what an analyst would say at a date, against what the rules conclude."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.context import current
from monitor.cli.output import emit, emit_json, say
from monitor.cli.rules.group import rules
from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.cli.formats.differences import Results
    from monitor.domain.commitment import Rulebook
    from monitor.engine.engine import Engine
    from monitor.services.ruletests.coverage import RuleCoverage


class TestFormat(StrEnum):
    __test__ = False

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"
    TAP = "tap"
    GITHUB = "github"


@rules.command("test", short_help="Run the tests of rulebooks.")
def run_rule_tests(
    ctx: typer.Context,
    file: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE", help="Test files or folders; default: all *.test.yaml beside the rules."
        ),
    ] = None,
    run: Annotated[
        str | None,
        typer.Option("--run", metavar="REGEX", help="Only tests whose name has a match."),
    ] = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Also tell which rules never spoke in any test.")
    ] = False,
    fail_under: Annotated[
        float | None,
        typer.Option(
            "--fail-under",
            metavar="PERCENT",
            min=0,
            max=100,
            help="Fail where fewer of the rules spoke; implies --coverage.",
        ),
    ] = None,
    output: Annotated[
        TestFormat, typer.Option("-o", "--output", help="How to print it.")
    ] = TestFormat.TEXT,
) -> None:
    """Run rule tests: what an analyst would say at a date, against what the rules conclude.

    Prints what is not as expected, and a count. Needs no store. Exit codes: 0 all passed; 1 some
    failed, or fewer rules spoke than --fail-under; 2 a file cannot be read, is not of the form, or
    its rulebook has faults.
    """
    from monitor.cli.rules.results import say_count
    from monitor.cli.rules.testinputs import test_files

    context = current(ctx)
    settings = context.application.settings
    listen = coverage or fail_under is not None
    results, books = _results(
        test_files(file or settings.rules), settings.evaluator, _wanted(run), listen=listen
    )
    if run is not None and not any(found for _, found in results):
        raise UsageError(f"no test is called like {run!r}", hint="--run takes a regular expression")
    found = _covered(results, books) if listen else None
    _print(results, found, output, quiet=context.quiet)
    say_count(results, quiet=context.quiet)
    failed = any(not result.passed for _, tests in results for result in tests)
    if found is not None and fail_under is not None and found.percent < fail_under:
        say(f"fewer than {fail_under:g} % of the rules spoke: {found.spoken} of {len(found.rules)}")
        failed = True
    if failed:
        raise typer.Exit(1)


def _wanted(pattern: str | None) -> Callable[[str], object]:
    if pattern is None:
        return bool
    try:
        return re.compile(pattern).search
    except re.error as error:
        raise UsageError(f"--run: not a regular expression: {error}") from None


def _results(
    files: list[Path], evaluator: str, wanted: Callable[[str], object], *, listen: bool
) -> tuple[Results, list[Rulebook]]:
    """The results of each file, and the rulebook that it tests. One engine for each rulebook."""
    from monitor.cli.rules.testinputs import engine_for, read_test_updates
    from monitor.language.files import display_name
    from monitor.services.ruletests.file import load_tests
    from monitor.services.ruletests.running import run_tests

    engines: dict[tuple[Path, ...], Engine] = {}
    results: Results = []
    books = []
    for path in files:
        loaded = load_tests(path, display_name(path))
        named = tuple(rule.resolve() for rule in loaded.rules())
        if named not in engines:
            engines[named] = engine_for(named, evaluator)
        engine = engines[named]
        found = run_tests(loaded, engine, read_test_updates, wanted=wanted, listen=listen)
        results.append((loaded, list(found)))
        books.append(engine.rulebook)
    return results, books


def _covered(results: Results, books: list[Rulebook]) -> RuleCoverage:
    from monitor.services.ruletests.coverage import rule_coverage

    return rule_coverage((book, found) for book, (_, found) in zip(books, results, strict=True))


def _print(
    results: Results, coverage: RuleCoverage | None, output: TestFormat, *, quiet: bool
) -> None:
    from monitor.cli.rules.results import print_coverage, print_results, results_body

    match output:
        case TestFormat.JSON:
            emit_json(results_body(results, coverage))
        case TestFormat.JUNIT:
            from monitor.cli.formats.junit import junit

            emit(junit(results))
        case TestFormat.TAP:
            from monitor.cli.formats.tap import tap

            emit(tap(results))
        case TestFormat.GITHUB:
            from monitor.cli.formats.differences import remarks

            for line in remarks(results, coverage):
                emit(line)
        case TestFormat.TEXT:
            print_results(results, quiet=quiet)
            if coverage is not None:
                print_coverage(coverage)
