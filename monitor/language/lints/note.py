"""How a lint is written down."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.language.faults import FaultSeverity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.language.document import Document
    from monitor.language.faults import Fault, Path

NAMED = 5
"""So many names are listed; the rest is counted."""


def warning(
    document: Document,
    path: Path,
    code: str,
    message: str,
    hint: str | None = None,
    *,
    key: bool = False,
) -> Fault:
    """The rulebook does something else than its author can have meant."""
    fault = document.fault(path, message, code, hint, key=key)
    return replace(fault, severity=FaultSeverity.WARNING)


def info(
    document: Document,
    path: Path,
    code: str,
    message: str,
    hint: str | None = None,
    *,
    key: bool = False,
) -> Fault:
    """Worth knowing, and often meant so."""
    fault = document.fault(path, message, code, hint, key=key)
    return replace(fault, severity=FaultSeverity.INFO)


def names(words: Iterable[str]) -> str:
    """`a, b, c and 4 more`."""
    words = list(words)
    if len(words) <= NAMED:
        return ", ".join(words)
    return f"{', '.join(words[:NAMED])} and {len(words) - NAMED} more"
