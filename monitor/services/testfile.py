"""The form of a file of rule tests.

rules: jp-kr-tokyo-2025.yaml                 # a rulebook, or a list; relative to this file
tests:
  - name: clean energy stalls 180 days after the summit
    updates: ../seeds/updates.jsonl          # a file, or the records themselves
    map: {topics: subject}                   # other people's columns, as in monitor.yaml
    covers_until: 2026-02-28                 # left out: somebody is always looking
    expect:
      - at: 2026-02-28                       # a date means its last second, in the agreement's zone
        commitments:
          clean-energy: {status: stalled, since: 2026-02-19, last_progress: none}
    never: [{commitment: clean-energy, status: advancing}]
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from monitor.domain.assessment import Activity, Schedule, Standing, Status
from monitor.domain.time import parse_occurred
from monitor.errors import InputError, RulebookError
from monitor.language.document import Document, parse_document
from monitor.language.faults import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

SUFFIXES = (".test.yaml", ".test.yml")


def _moment(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # a year
    if not isinstance(value, str):
        message = "must be a date: write 2025, 2025-09, 2025-09-04 or 2025-09-04T15:30+09:00"
        raise ValueError(message)  # noqa: TRY004 - pydantic collects it
    return parse_occurred(value).text


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Moment = Annotated[str, BeforeValidator(_moment)]
LevelWord = Literal["none", "limited", "substantial", "complete"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Axes(_Strict):
    """What can be asked of an assessment."""

    status: Status | None = None
    level: LevelWord | None = None
    activity: Activity | None = None
    schedule: Schedule | None = None
    standing: Standing | None = None
    last_known: Status | None = None


class Expected(Axes):
    """`since` and `last_progress` are dates; `last_progress: none` means that there is none."""

    since: Moment | None = None
    last_progress: Literal["none"] | Moment | None = None

    @model_validator(mode="after")
    def _asks(self) -> Expected:
        if not self.model_fields_set:
            raise ValueError("asks nothing: give a status, a level, a date, …")
        return self


class Instant(_Strict):
    """What stands at an instant, by the names of commitments."""

    at: Moment
    commitments: dict[str, Expected] = Field(min_length=1)


class Never(Axes):
    """What must not happen from the start to the last instant of the test."""

    commitment: str

    @model_validator(mode="after")
    def _asks(self) -> Never:
        if self.model_fields_set == {"commitment"}:
            raise ValueError("forbids nothing: give a status, a level, …")
        return self


class Case(_Strict):
    name: str = Field(min_length=1)
    updates: str | list[dict[str, Any]] = []
    map: dict[str, Any] = {}
    covers_until: Moment | None = None
    expect: list[Instant] = []
    never: list[Never] = []

    @model_validator(mode="after")
    def _asks(self) -> Case:
        if not self.expect and not self.never:
            raise ValueError("expects nothing: give expect or never")
        if not self.expect and self.covers_until is None:
            raise ValueError("never needs an end: give covers_until, or an instant under expect")
        return self


class TestFile(_Strict):
    """One file. `document` knows the place of everything in it."""

    __test__ = False

    rules: Annotated[list[str], BeforeValidator(_listed)] = Field(min_length=1)
    tests: list[Case] = Field(min_length=1)


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
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{label}: {error.strerror or error}") from None
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
        word, known = fault["input"], _WORDS.get(str(where[-1]), ())
        near = did_you_mean(word, known) or f"known are {', '.join(known)}"
        message = f"unknown {where[-1]} {word!r}, {near}"
    unknown = fault["type"] == "extra_forbidden"
    if unknown:
        hint = did_you_mean(where[-1], _KEYS)
        message = f"unknown key {str(where[-1])!r}" + (f", {hint}" if hint else "")
    return str(document.fault(where, message, "test-form", key=unknown))


_BRANCHES = ("str", "list[dict[str,any]]", "function-before[_moment(), str]")
"""What pydantic calls the branches of a union, in the way to a fault."""

_WORDS = {
    "status": tuple(Status),
    "level": ("none", "limited", "substantial", "complete"),
    "activity": tuple(Activity),
    "schedule": tuple(Schedule),
    "standing": tuple(Standing),
    "last_known": tuple(Status),
}

_KEYS = [
    name for model in (TestFile, Case, Instant, Never, Expected) for name in model.model_fields
]
