"""`monitor rules check`: every fault of the rulebooks, and what looks doubtful."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import current
from monitor.cli.output import emit, emit_json, say
from monitor.cli.rulesgroup import rules
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.bootstrap import Application
    from monitor.language.faults import Fault
    from monitor.language.loader import Report

_CHEAP = 5_000_000
"""A feed of more bytes is not read for its topics."""


class RulesFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


FormatOption = Annotated[RulesFormat, typer.Option("-o", "--output", help="How to print it.")]


@rules.command("check", short_help="Print every fault of the rulebooks, with its place.")
def check_rules(
    ctx: typer.Context,
    path: Annotated[
        list[Path] | None,
        typer.Argument(help="Rulebook files or folders; default: those of the configuration."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail on what is only doubtful, too.")
    ] = False,
    output: FormatOption = RulesFormat.TEXT,
) -> None:
    """Print every fault of the rulebooks with file, line and column, and what looks doubtful.

    Exit codes: 0 they can be used; 2 they cannot (with --strict: or something looks doubtful).
    """
    from monitor.language.loader import check_rulebook

    context = current(ctx)
    if path:
        report = check_rulebook(path)
    else:
        topics = _topics(context.application)
        report = check_rulebook(context.application.settings.rules, topics_seen=topics)
    failed = bool(report.errors) or (strict and _doubtful(report))
    if output is RulesFormat.JSON:
        emit_json(_report_body(report, failed=failed))
    else:
        for fault in report.faults:
            emit(str(fault))
        if not context.quiet or failed:
            say(_summary(report))
    if failed:
        raise typer.Exit(2)


def _doubtful(report: Report) -> bool:
    """An info is for reading only; a warning fails where it is strict."""
    return any(fault.severity.value == "warning" for fault in report.lints)


def _summary(report: Report) -> str:
    counts = Counter(fault.severity.value for fault in report.faults)
    parts = [
        f"{counts[word]} {noun if counts[word] == 1 else plural}"
        for word, noun, plural in (
            ("error", "error", "errors"),
            ("warning", "warning", "warnings"),
            ("info", "remark", "remarks"),
        )
        if counts[word]
    ]
    said = ", ".join(parts) or "no fault"
    if report.rulebook is None:
        return said
    agreements = report.rulebook.agreements
    commitments = report.rulebook.commitments.values()
    total = sum(len(c.rules) for c in commitments)
    return (
        f"{said}; {_number(len(agreements), 'agreement')}, "
        f"{_number(len(commitments), 'commitment')}, {_number(total, 'rule')}"
    )


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _report_body(report: Report, *, failed: bool) -> dict[str, Any]:
    """The JSON of `monitor rules check`, version 1.

    `{version, ok, agreements, commitments, faults: [{file, line, column, path, severity, code,
    message, suggestion}]}`; line and column count from 1, and are 0 where a whole file is meant.
    `agreements` and `commitments` are counts, null where there are errors.
    """
    book = report.rulebook
    return {
        "version": 1,
        "ok": not failed,
        "agreements": None if book is None else len(book.agreements),
        "commitments": None if book is None else len(book.commitments),
        "faults": [_fault_body(fault) for fault in report.faults],
    }


def _fault_body(fault: Fault) -> dict[str, Any]:
    return {
        "file": fault.location.file,
        "line": fault.location.line,
        "column": fault.location.column,
        "path": fault.path,
        "severity": fault.severity.value,
        "code": fault.code,
        "message": fault.message,
        "suggestion": fault.suggestion,
    }


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
