"""How `monitor rules check` tells of faults and lints: to people, as JSON, as annotations."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from monitor.cli.formats.github import annotation
from monitor.language.faults import FaultSeverity
from monitor.language.loader import SHOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.language.faults import Fault
    from monitor.language.loader import Report

_GITHUB = {"error": "error", "warning": "warning", "info": "notice"}


def lines(report: Report, *, every: bool) -> Iterator[str]:
    """One for each fault. Where there are very many, the first and a count; errors come first."""
    faults = report.faults
    if not every and len(faults) > SHOWN:
        rank = list(FaultSeverity)
        first = sorted(faults, key=lambda fault: rank.index(fault.severity))[:SHOWN]
        faults = tuple(sorted(first, key=lambda fault: fault.order))
    yield from map(str, faults)
    if len(faults) < len(report.faults):
        yield f"… and {len(report.faults) - len(faults)} more; --all shows them"


def annotated(report: Report) -> Iterator[str]:
    """A workflow command for each fault."""
    for fault in report.faults:
        text = f"{fault.message}; {fault.suggestion}" if fault.suggestion else fault.message
        yield annotation(
            _GITHUB[fault.severity.value],
            text,
            file=fault.location.file,
            line=fault.location.line,
            column=fault.location.column,
            title=f"rulebook: {fault.code}",
        )


def summary(report: Report) -> str:
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
    parts += [f"{len(report.suppressed)} allowed"] if report.suppressed else []
    said = ", ".join(parts) or "no fault"
    size = report.size
    if size is None:
        return said
    return (
        f"{said}; {_number(size.agreements, 'agreement')}, "
        f"{_number(size.commitments, 'commitment')}, {_number(size.rules, 'rule')}"
    )


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def report_body(report: Report, *, failed: bool) -> dict[str, Any]:
    """The JSON of `monitor rules check`, version 1.

    `{version, ok, agreements, commitments, faults: [{file, line, column, path, severity, code,
    message, suggestion}], suppressed: [the same and reason]}`; line and column count from 1, and
    are 0 where a whole file is meant. `agreements` and `commitments` are counts, null where the
    rulebooks cannot be used.
    """
    size = report.size
    return {
        "version": 1,
        "ok": not failed,
        "agreements": None if size is None else size.agreements,
        "commitments": None if size is None else size.commitments,
        "faults": [_fault_body(fault) for fault in report.faults],
        "suppressed": [
            {**_fault_body(fault), "reason": reason or None} for fault, reason in report.suppressed
        ],
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
