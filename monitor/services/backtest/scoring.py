"""A backtest against labels: what was hit, what was missed, and how early.

Precision, recall and F1 are those of information retrieval (van Rijsbergen, Information Retrieval,
1979, chapter 7), of each headline against all others.
"""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.assessment import ConditionKind, Status
from monitor.domain.time import DAY, format_instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.time import Instant, Seconds
    from monitor.services.backtest.labels import Label
    from monitor.services.backtest.replay import Backtest, Course

COUNTING = (
    "a hit: the headline at the last second of the label's date is the label",
    "precision: of the labels at whose date this headline was found, those that are hits",
    "recall: of the labels that say this headline, those that are hits",
    (
        "lead: of each hit, from when the headline, or the condition of its name, began to stand"
        " to the first second of the label's date; not less than 0"
    ),
)
"""How it is counted, for whoever reads the numbers."""


class Scored(NamedTuple):
    """A label, and what was found; `found` None: these rules do not have the commitment.

    `since` is, of a hit, when what was labelled began to stand.
    """

    label: Label
    zone: str
    found: Status | None
    since: Instant | None

    @property
    def hit(self) -> bool:
        return self.found is self.label.status

    @property
    def lead(self) -> Seconds | None:
        """How long before the label's date it stood; None: it was not hit."""
        return None if self.since is None else max(self.label.begin - self.since, 0)


class Measured(NamedTuple):
    """One headline: `n` labels say it, it was found at the dates of `found` of all labels."""

    status: Status
    n: int
    found: int
    hits: int
    leads: Sequence[Seconds]

    @property
    def precision(self) -> float | None:
        """None: it was never found."""
        return self.hits / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """None: no label says it."""
        return self.hits / self.n if self.n else None

    @property
    def f1(self) -> float | None:
        """Their harmonic mean; None where one of them is."""
        if not self.n or not self.found:
            return None
        return 2 * self.hits / (self.n + self.found)


class Score(NamedTuple):
    """All labels against one backtest."""

    file: str
    rows: Sequence[Scored]

    @property
    def hits(self) -> int:
        return sum(row.hit for row in self.rows)

    @property
    def confusion(self) -> Counter[tuple[Status, Status | None]]:
        """How many labels say the first while the second was found."""
        return Counter((row.label.status, row.found) for row in self.rows)

    @property
    def headlines(self) -> list[Measured]:
        """Those that a label says or that were found, in their published order."""
        said = Counter(row.label.status for row in self.rows)
        found = Counter(row.found for row in self.rows)
        return [
            Measured(
                status,
                said[status],
                found[status],
                sum(row.hit for row in self.rows if row.found is status),
                [row.lead for row in self.rows if row.found is status and row.lead is not None],
            )
            for status in Status
            if said[status] or found[status]
        ]


def score(found: Backtest, labels: Sequence[Label], file: str) -> Score:
    """Hold a backtest against labels."""
    courses = {course.commitment.key: course for course in found.courses}
    return Score(file, [_scored(courses.get(label.key), label) for label in labels])


def _scored(course: Course | None, label: Label) -> Scored:
    if course is None:
        return Scored(label, "UTC", None, None)
    assessment = course.at(label.at)
    status = None if assessment is None else assessment.status
    since = stood_since(course, label) if status is label.status else None
    return Scored(label, course.commitment.zone, status, since)


def stood_since(course: Course, label: Label) -> Instant | None:
    """Since when the headline of a label, or its condition, stood at its date without a break."""
    kinds = {kind.value: kind for kind in ConditionKind}
    kind = kinds.get(label.status.value)
    headline: Instant | None = None
    condition: Instant | None = None
    for transition in course.history:
        if transition.at > label.at:
            break
        after = transition.after
        if after.status is not label.status:
            headline = None
        elif headline is None:
            headline = transition.at
        if kind not in after.conditions:
            condition = None
        elif condition is None:
            condition = transition.at
    return min((at for at in (headline, condition) if at is not None), default=None)


def score_body(found: Score) -> dict[str, Any]:
    """The JSON of a score.

    `{file, n, hits, accuracy, counting, headlines: [{label, n, found, hits, precision, recall, f1,
    lead: {n, least, median, most}}], confusion: [{label, found, n}], rows: [{where, commitment,
    date, label, found, hit, since, lead_days}]}`. Leads are in days; ratios and leads are null
    where there is nothing to count.
    """
    return {
        "file": found.file,
        "n": len(found.rows),
        "hits": found.hits,
        "accuracy": _round(found.hits / len(found.rows)) if found.rows else None,
        "counting": list(COUNTING),
        "headlines": [_measured(one) for one in found.headlines],
        "confusion": [
            {"label": label.value, "found": None if was is None else was.value, "n": n}
            for (label, was), n in sorted(found.confusion.items(), key=str)
        ],
        "rows": [_row(row) for row in found.rows],
    }


def _measured(one: Measured) -> dict[str, Any]:
    leads = [lead / DAY for lead in one.leads]
    return {
        "label": one.status.value,
        "n": one.n,
        "found": one.found,
        "hits": one.hits,
        "precision": _round(one.precision),
        "recall": _round(one.recall),
        "f1": _round(one.f1),
        "lead": {
            "n": len(leads),
            "least": _round(min(leads, default=None)),
            "median": _round(median(leads) if leads else None),
            "most": _round(max(leads, default=None)),
        },
    }


def _row(row: Scored) -> dict[str, Any]:
    return {
        "where": row.label.where,
        "commitment": row.label.key,
        "date": row.label.date,
        "label": row.label.status.value,
        "found": None if row.found is None else row.found.value,
        "hit": row.hit,
        "since": None if row.since is None else format_instant(row.since, row.zone),
        "lead_days": None if row.lead is None else _round(row.lead / DAY),
    }


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
