"""SARIF 2.1.0: what code scanners exchange (OASIS, https://docs.oasis-open.org/sarif/sarif/v2.1.0).

One run. Every lint is a rule of the tool; a fault that keeps a rulebook from loading is one where
it occurs. A lint that a comment allows is a result with its suppression, as section 3.35 has it.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from monitor import __version__
from monitor.language.lintcodes import LINTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.language.faults import Fault
    from monitor.language.loader import Report

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_ALLOW = "Where it is meant so: # monitor: allow {code} -- and why"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def sarif(report: Report) -> str:
    """The log as text."""
    codes = dict.fromkeys((*LINTS, *(fault.code for fault in report.faults)))
    index = {code: number for number, code in enumerate(codes)}
    results = [_result(fault, index) for fault in report.faults]
    for fault, reason in report.suppressed:
        suppression: dict[str, Any] = {"kind": "inSource"}
        if reason:
            suppression["justification"] = reason
        results.append({**_result(fault, index), "suppressions": [suppression]})
    driver = {
        "name": "monitor",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(code) for code in index],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _rule(code: str) -> dict[str, Any]:
    lint = LINTS.get(code)
    text = code.replace("-", " ") if lint is None else lint.text
    level = "error" if lint is None else _LEVELS[lint.severity.value]
    told = f"{text[0].upper()}{text[1:]}."
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in code.split("-")),
        "shortDescription": {"text": told},
        "fullDescription": {"text": told},
        "help": {"text": told if lint is None else f"{told} {_ALLOW.format(code=code)}"},
        "defaultConfiguration": {"level": level},
    }


def _result(fault: Fault, index: dict[str, int]) -> dict[str, Any]:
    text = f"{fault.message}; {fault.suggestion}" if fault.suggestion else fault.message
    place: dict[str, Any] = {"artifactLocation": _artifact(fault.location.file)}
    if fault.location.line:
        place["region"] = {
            "startLine": fault.location.line,
            "startColumn": fault.location.column,
        }
    location: dict[str, Any] = {"physicalLocation": place}
    if fault.path:
        location["logicalLocations"] = [{"fullyQualifiedName": fault.path}]
    return {
        "ruleId": fault.code,
        "ruleIndex": index[fault.code],
        "level": _LEVELS[fault.severity.value],
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {"fault/v1": _fingerprint((fault.code, fault.path, fault.message))},
    }


def _artifact(file: str) -> dict[str, str]:
    """Relative to the root of the checkout where it lies inside; else with its whole address."""
    path = PurePath(file)
    if path.is_absolute():
        return {"uri": path.as_uri()}
    return {"uri": quote(path.as_posix()), "uriBaseId": "%SRCROOT%"}


def _fingerprint(parts: Iterable[str]) -> str:
    """The same while a fault only moves to another line."""
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]
