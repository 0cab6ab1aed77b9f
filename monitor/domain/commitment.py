"""What was promised: agreements, commitments, milestones, indicators and the rules about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from monitor.domain.assessment import Level
from monitor.domain.basis import Basis
from monitor.domain.condition import Condition, UpdatePattern
from monitor.domain.due import Due, Move
from monitor.domain.location import Location
from monitor.domain.recurring import Recurring
from monitor.domain.statuses import PerParty, RollUp
from monitor.domain.time import DAY, Instant, Occurred, Seconds


class ConclusionKind(StrEnum):
    """What a rule can conclude. The first four happen at an instant, the next two last."""

    ADVANCE = "advance"
    SETBACK = "setback"
    DELIVER = "deliver"
    REVERSE = "reverse"
    STALLED = "stalled"
    AT_RISK = "at_risk"
    IGNORE = "ignore"


EVENTS = frozenset(
    {
        ConclusionKind.ADVANCE,
        ConclusionKind.SETBACK,
        ConclusionKind.DELIVER,
        ConclusionKind.REVERSE,
    }
)
"""Conclusions that happen once, when their condition begins to hold (or at each update)."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """`level` with advance (raised to at least) and setback (lowered to at most)."""

    kind: ConclusionKind
    level: Level | None = None
    reason: str | None = None


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Rule:
    """When a condition holds (for so long), conclude something, until it recovers.

    `hold` is the duration the condition must hold without a break; `recover` the condition that
    ends a lasting conclusion (None: as soon as `when` no longer holds; for an instant condition:
    when the commitment next advances). `dwell` is how long a lasting conclusion stands at least,
    counted in watched time from when it last began (0: as the commitment's thresholds say).
    """

    id: str
    when: Condition
    then: Conclusion
    hold: Seconds = 0
    dwell: Seconds = 0
    recover: Condition | None = None
    severity: Severity | None = None
    labels: tuple[tuple[str, str], ...] = ()
    message: str | None = None
    note: str | None = None
    where: Location = field(default=Location("", 0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Durations on the watched clock since the last advance, and the look-ahead of deadlines.

    The defaults are the 90/180/365 days of the design; see the profiles for kinds of commitment
    that move faster or slower. `dwell` is that of the rules that give none themselves (0: none).
    """

    quiet: Seconds = 90 * DAY
    stalled: Seconds = 180 * DAY
    dormant: Seconds = 365 * DAY
    due_soon: Seconds = 30 * DAY
    dwell: Seconds = 0


@dataclass(frozen=True, slots=True)
class About:
    """Which updates concern a commitment: any of the topics, and every other test given.

    An update that names the commitment itself always concerns it.
    """

    topics: tuple[str, ...] = ()
    where: UpdatePattern | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A dated step. It is done by an update that names it, or by one that matches `done`.

    A due date means the whole of that day, month or year in the agreement's zone. `moved` are the
    moves of it that the rulebook knows. One that recurs is due at the end of each of its periods
    and is done in each anew.
    """

    id: str
    title: str
    due: Due | None = None
    done: UpdatePattern | None = None
    moved: tuple[Move, ...] = ()
    recurs: Recurring | None = None
    where: Location = field(default=Location("", 0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A measured series, identified by the name that updates carry.

    `target` is a value to reach; `direction` says from which side: at_most or at_least. The
    straight line from baseline to target begins at `baseline_date` (None: with the commitment) and
    ends at `target_date` (None: at its deadline).
    """

    id: str
    title: str
    unit: str | None = None
    baseline: Decimal | None = None
    target: Decimal | None = None
    at_most: bool = False
    baseline_date: Occurred | None = None
    target_date: Occurred | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each party weighs, for instance its share of emissions.

    `total` is the whole that shares are of; None: what the commitment's own parties weigh
    together. A party that is not listed weighs nothing.
    """

    id: str
    parties: tuple[tuple[str, Decimal], ...]
    total: Decimal | None = None

    def whole(self, parties: tuple[str, ...]) -> Decimal:
        """What shares are measured against for a commitment with these parties."""
        if self.total is not None:
            return self.total
        return sum((weight for party, weight in self.parties if party in parties), Decimal(0))


@dataclass(frozen=True, slots=True)
class Superseded:
    """The commitment was replaced, on this date, by something else."""

    on: Occurred
    by: str


@dataclass(frozen=True, slots=True)
class Commitment:
    """One verifiable future act or result, with everything the engine needs inherited and resolved.

    `key` is "agreement/id". `start` is the instant the clocks begin: the agreement's date unless
    the commitment has its own. `weights` are those that its rules ask for.
    `roll_up`: it stands as other commitments do (its rules say how). `per_party`: each party has to
    keep it; the loader makes one commitment of it for each, whose `party` that is and which is
    `part_of` the whole (its key).
    """

    key: str
    id: str
    agreement: str
    title: str
    quote: str
    start: Instant
    zone: str
    about: About
    rules: tuple[Rule, ...]
    guideline: str = ""
    theme: str | None = None
    basis: Basis = Basis.PLEDGE
    rated: bool = True
    parties: tuple[str, ...] = ()
    tier: int = 2
    thresholds: Thresholds = Thresholds()
    deadline: Due | None = None
    moved: tuple[Move, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    weights: tuple[Weights, ...] = ()
    roll_up: RollUp | None = None
    per_party: PerParty | None = None
    party: str | None = None
    part_of: str | None = None
    superseded: Superseded | None = None
    severity: Severity = Severity.WARNING
    labels: tuple[tuple[str, str], ...] = ()
    profile: str | None = None
    where: Location = field(default=Location("", 0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """Sources of one tier, by host (and its subdomains) or by name.

    `monitor.engine.evidence.tiers` has the rules.
    """

    id: str
    tier: int
    hosts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CoveragePolicy:
    """How silence is read.

    `assumed`: somebody is always looking (a plain clock). `grace`: how late news may come before
    its absence is called no data.
    """

    assumed: bool = False
    grace: Seconds = 0


@dataclass(frozen=True, slots=True)
class Agreement:
    id: str
    title: str
    date: Occurred
    zone: str
    commitments: tuple[Commitment, ...]
    parties: tuple[str, ...] = ()
    source: str | None = None
    kinds: tuple[str, ...] = ()
    sources: tuple[SourceGroup, ...] = ()
    coverage: CoveragePolicy = CoveragePolicy()
    hash: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Every agreement that was loaded, and a hash of what the files mean (not how they look).

    `origin` is a digest of how they look: of the bytes of the files and the version that read them.
    Empty: it was not read from files.
    """

    agreements: tuple[Agreement, ...]
    hash: str = ""
    origin: str = field(default="", compare=False)

    @property
    def commitments(self) -> Mapping[str, Commitment]:
        """By key, in file order."""
        return {c.key: c for a in self.agreements for c in a.commitments}
