"""A change of an assessment, dated by its cause."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.assessment import Spelled

if TYPE_CHECKING:
    from monitor.domain.assessment import Assessment
    from monitor.domain.time import Instant


class Cause(StrEnum):
    """Why an assessment changed."""

    RULE = "rule"
    SILENCE = "silence"
    COVERAGE = "coverage"
    DATE = "date"
    START = "start"


class Reason(NamedTuple):
    """One line of the why: a rule (with its place) or a built-in clock, and what it rests on.

    `updates` are ids; `numbers` are (name, value, threshold) as printable text.
    """

    cause: Cause
    text: str
    rule: str | None = None
    where: str | None = None
    updates: tuple[str, ...] = ()
    numbers: tuple[tuple[str, str, str], ...] = ()
    severity: str | None = None
    labels: tuple[tuple[str, str], ...] = ()
    message: str | None = None


class _Fields(NamedTuple):
    commitment: str
    at: Instant
    before: Assessment | None
    after: Assessment
    reasons: tuple[Reason, ...] = ()


class Transition(_Fields):
    """From one assessment to the next, at the instant of the cause (never of the run).

    `before` is None for the first assessment of a commitment, at its start.
    """

    @property
    def id(self) -> str:
        """The same fact has the same id in every run, on every machine."""
        # Kept beside the fields, which is why there are two classes: it is asked for by the cache,
        # by the store and by each alert.
        kept: str | None = self.__dict__.get("id")
        if kept is None:
            parts = f"{self[0]}|{self[1]}|{_code(self[2])}|{_code(self[3])}"
            kept = "t_" + hashlib.blake2b(parts.encode(), digest_size=12).hexdigest()
            self.__dict__["id"] = kept
        return kept


def _spell(assessment: Assessment) -> str:
    level, *axes, conditions = assessment
    return ",".join((str(int(level)), *axes, *conditions))


_spelled = Spelled(_spell)


def _code(assessment: Assessment | None) -> str:
    return "" if assessment is None else _spelled(assessment)
