"""Reading a file of rule tests; `testform` has its form."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from monitor.domain.alert import Phase
from monitor.domain.assessment import Activity, Schedule, Standing, Status
from monitor.domain.commitment import Severity
from monitor.errors import InputError, RulebookError
from monitor.language.document import MAX_BYTES, Document, parse_document
from monitor.language.faults import did_you_mean
from monitor.language.files import RulebookFile, read_bytes
from monitor.services.ruletests import form as testform
from monitor.services.ruletests.form import TestFile

if TYPE_CHECKING:
    from collections.abc import Mapping

SUFFIXES = (".test.yaml", ".test.yml")


class Loaded:
    """A file of tests with its places."""

    def __init__(self, path: Path, document: Document, file: TestFile) -> None:
        self.path, self.document, self.file = path, document, file

    def rules(self) -> list[Path]:
        """The rulebooks, as paths from here."""
        return [self.path.parent / rule for rule in self.file.rules]

    def line(self, *where: str | int) -> int:
        """The line of something, by its way from the top."""
        return self.document.locate(where).line


def load_tests(path: Path, name: str | None = None) -> Loaded:
    """Read a file of tests.

    Raises:
        InputError: the file cannot be read.
        RulebookError: it is not of the form; every fault is located.
    """
    label = name or str(path)
    raw = read_bytes(RulebookFile(path, label), MAX_BYTES)
    if not isinstance(raw, bytes):
        raise InputError(f"{label}: {raw.message}", hint=raw.suggestion)
    document, faults = parse_document(raw, label)
    if document is None or faults:
        raise RulebookError(_count(len(faults), label), [str(fault) for fault in faults])
    try:
        return Loaded(path, document, TestFile.model_validate(document.data))
    except ValidationError as error:
        told = [f for f in error.errors() if "literal['none']" not in f["loc"]]
        lines = list(dict.fromkeys(_told(fault, document) for fault in told))
        raise RulebookError(_count(len(lines), label), lines) from None


def _count(number: int, label: str) -> str:
    return f"{number} {'fault' if number == 1 else 'faults'} in {label}"


def _told(fault: Mapping[str, Any], document: Document) -> str:
    where = tuple(part for part in fault["loc"] if part not in _BRANCHES)
    message = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] in ("enum", "literal_error"):
        name = next(part for part in reversed(where) if isinstance(part, str))
        word, known = fault["input"], _WORDS.get(name, ())
        near = did_you_mean(word, known) or f"known are {', '.join(known)}"
        message = f"unknown {name} {word!r}, {near}"
    unknown = fault["type"] == "extra_forbidden"
    if unknown:
        hint = did_you_mean(where[-1], _KEYS)
        message = f"unknown key {str(where[-1])!r}" + (f", {hint}" if hint else "")
    return str(document.fault(where, message, "test-form", key=unknown))


_BRANCHES = ("str", "list[dict[str,any]]", "function-before[_moment(), str]")
"""What pydantic calls the branches of a union, in the way to a fault."""

_KINDS = get_args(testform.Kind)

_WORDS = {
    "status": tuple(Status),
    "from": tuple(Status),
    "to": tuple(Status),
    "level": ("none", "limited", "substantial", "complete"),
    "activity": tuple(Activity),
    "schedule": tuple(Schedule),
    "standing": tuple(Standing),
    "last_known": tuple(Status),
    "kind": _KINDS,
    "alert": (*_KINDS, "any"),
    "phase": tuple(Phase),
    "severity": tuple(Severity),
    "only": ("transitions", "alerts"),
}

_MODELS = (
    TestFile,
    testform.Case,
    testform.Instant,
    testform.Never,
    testform.Expected,
    testform.Change,
    testform.Announced,
    testform.Covered,
)
_KEYS = [f.alias or name for model in _MODELS for name, f in model.model_fields.items()]
