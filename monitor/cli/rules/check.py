"""`monitor rules check`: every fault of the rulebooks, and what looks doubtful."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.context import current
from monitor.cli.output import emit, emit_json, say
from monitor.cli.rules.group import rules
from monitor.cli.rules.stdin import STDIN, StdinNameOption
from monitor.errors import MonitorError, UsageError

if TYPE_CHECKING:
    from monitor.bootstrap import Application
    from monitor.language.files import RulebookFile
    from monitor.language.loader import Report

_CHEAP = 5_000_000
"""A feed of more bytes is not read for its topics."""


class CheckFormat(StrEnum):
    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


@rules.command("check", short_help="Print every fault of the rulebooks, with its place.")
def check_rules(
    ctx: typer.Context,
    path: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH",
            help="Rulebook files or folders, or - for standard input; default: those of the"
            " configuration.",
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail on what is only doubtful, too.")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="Print more than the first 50.")] = False,
    stdin_name: StdinNameOption = None,
    output: Annotated[
        CheckFormat, typer.Option("-o", "--output", help="How to print it.")
    ] = CheckFormat.TEXT,
) -> None:
    """Print every fault of the rulebooks with file, line and column, and what looks doubtful.

    Exit codes: 0 they can be used; 2 they cannot, or a lint is configured as an error (with
    --strict: or something looks doubtful).
    """
    context = current(ctx)
    report = _report(context.application, path or [], stdin_name)
    failed = bool(report.errors) or (strict and _doubtful(report))
    _print(report, output, failed=failed, every=every)
    if output is CheckFormat.TEXT and (not context.quiet or failed):
        from monitor.cli.rules.faults import summary

        say(summary(report))
    if failed:
        raise typer.Exit(2)


def _report(application: Application, paths: list[Path], stdin_name: str | None) -> Report:
    from monitor.language.loader import check_rulebook

    settings = application.settings
    if not paths and stdin_name is None:
        topics = _topics(application)
        return check_rulebook(settings.rules, topics_seen=topics, levels=settings.lints)
    given = []
    if STDIN in paths:
        given.append(_standard_input(stdin_name))
    elif stdin_name is not None:
        raise UsageError("--stdin-name goes with -", hint="monitor rules check - --stdin-name FILE")
    files = [path for path in paths if path != STDIN]
    return check_rulebook(files, levels=settings.lints, given=given)


def _standard_input(name: str | None) -> tuple[RulebookFile, bytes]:
    """What stands there, no more of it than a rulebook may have; and what to call it."""
    from monitor.language.document import MAX_BYTES
    from monitor.language.files import RulebookFile

    raw = sys.stdin.buffer.read(MAX_BYTES + 1)
    path = Path(name or "<stdin>")
    return RulebookFile(path, str(path)), raw


def _doubtful(report: Report) -> bool:
    """An info is for reading only; a warning fails where it is strict."""
    return any(fault.severity.value == "warning" for fault in report.lints)


def _print(report: Report, output: CheckFormat, *, failed: bool, every: bool) -> None:
    from monitor.cli.rules import faults as rulefaults

    match output:
        case CheckFormat.JSON:
            emit_json(rulefaults.report_body(report, failed=failed))
        case CheckFormat.SARIF:
            from monitor.cli.formats.sarif import sarif

            emit(sarif(report))
        case CheckFormat.GITHUB:
            for line in rulefaults.annotated(report):
                emit(line)
        case CheckFormat.TEXT:
            for line in rulefaults.lines(report, every=every):
                emit(line)


def _topics(application: Application) -> set[str] | None:
    """Every topic in the configured feeds; None where they are many, large or cannot be read."""
    topics: set[str] = set()
    try:
        paths = [source.file for source in application.settings.sources]
        if not paths or sum(path.stat().st_size for path in paths) > _CHEAP:
            return None
        for source in application.sources:
            for batch in source.collect(application.clock(), kinds=None):
                topics.update(topic for update in batch.updates for topic in update.topics)
    except (MonitorError, OSError):
        return None  # `monitor run` and `monitor doctor` say what is wrong with a feed
    return topics
