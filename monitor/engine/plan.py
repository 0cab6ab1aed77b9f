"""A commitment, compiled: everything that folding it needs, decided once.

The expensive part (predicates, slots, columns, the prepared evaluator) depends only on rules and
thresholds and is shared by all commitments that have the same ones: a `Core`. A `Plan` adds the
instants of one commitment. Ten thousand commitments with one profile share one core.
"""

from __future__ import annotations

import hashlib
from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Protocol

from monitor.domain.assessment import (
    FINAL,
    Activity,
    Assessment,
    ConditionKind,
    Level,
    Schedule,
    Standing,
    Status,
    headline,
)
from monitor.domain.commitment import EVENTS, ConclusionKind
from monitor.domain.condition import is_instant
from monitor.engine import fields
from monitor.engine.lower import lower
from monitor.engine.plain import holds
from monitor.engine.predicates import compile_pattern, is_static
from monitor.engine.program import And, Compare, Flag, Negate, Node, Or
from monitor.engine.reasons import Speech

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from monitor.domain.commitment import Commitment, Rule
    from monitor.domain.condition import UpdatePattern
    from monitor.domain.time import Instant
    from monitor.domain.update import Update
    from monitor.engine.fields import Moment
    from monitor.engine.lower import Lowered
    from monitor.engine.plain import Row
    from monitor.engine.program import Shape
    from monitor.engine.slots import Slot

IGNORED = -1
_KEPT = 4096

# What a change of this package's meaning must change, so that caches are derived anew.
ENGINE_VERSION = "1"


class Evaluator(Protocol):
    """Answers which conditions of a shape hold in a view. Two exist; they agree (law 8)."""

    @property
    def name(self) -> str: ...
    def prepare(self, shape: Shape, params: Row) -> Callable[[Row], int]: ...


class Core:
    """What commitments with the same rules and thresholds share."""

    def __init__(self, commitment: Commitment, evaluator: Evaluator) -> None:
        rules = commitment.rules
        self.ignores = tuple(r for r in rules if r.then.kind is ConclusionKind.IGNORE)
        self.rules = tuple(r for r in rules if r.then.kind is not ConclusionKind.IGNORE)
        low = lower(commitment, self.rules, self.ignores)
        self.low = low
        self.slots: tuple[Slot, ...] = low.slots
        self.columns = low.columns
        self.decide = evaluator.prepare(low.shape, low.params)
        self.instant = tuple(is_instant(rule.when) for rule in self.rules)
        self.event = tuple(rule.then.kind in EVENTS for rule in self.rules)
        self.when = tuple(1 << index for index in low.when)
        self.recover = tuple(None if i is None else 1 << i for i in low.recover)
        self.simple = sum(
            {self.when[i] for i in range(len(self.rules)) if self.event[i] and self.instant[i]}
        )
        self.lasting = tuple(
            i for i in range(len(self.rules)) if not (self.event[i] and self.instant[i])
        )
        self.clocked = tuple(
            c for c in low.columns if type(c).next_seen is not fields.Field.next_seen
        )
        self.held = tuple(i for i in self.lasting if self.rules[i].hold)
        self.valued = tuple(
            (i, c) for i, c in enumerate(low.columns) if not isinstance(c, fields.Event)
        )
        self.silent = tuple(c for c in low.columns if isinstance(c, fields.Silent))
        self.feedback = any(_feeds_back(column) for column in low.columns)
        self.loose = tuple(_loose(low))
        self.columns_of = tuple(columns_in(low.shape.conditions[index]) for index in low.when)
        self.speeches = tuple(
            Speech(rule, [low.columns[c] for c in columns])
            for rule, columns in zip(self.rules, self.columns_of, strict=True)
        )
        self._static = [(1 << i, compile_pattern(p)) for i, p in _where(low.patterns, static=True)]
        self._free = [(1 << i, compile_pattern(p)) for i, p in _where(low.patterns, static=False)]
        self._masks: dict[tuple[object, ...], int] = {}
        self._listeners: dict[int, tuple[int, ...]] = {}
        self._event_views: dict[int, list[int]] = {}

    def view(self, moment: Moment) -> list[int]:
        """One integer per column."""
        events = self._event_views.get(moment.mask)
        if events is None:
            events = [c.value(moment) if isinstance(c, fields.Event) else 0 for c in self.columns]
            if len(self._event_views) >= _KEPT:
                self._event_views.clear()
            self._event_views[moment.mask] = events
        view = events.copy()
        for index, column in self.valued:
            view[index] = column.value(moment)
        return view

    def match(self, update: Update, tier: int) -> int:
        """The bits of the patterns that an update matches; IGNORED where a screen drops it."""
        mask = self.mask(update, tier)
        if self.ignores and self.dropped_by(mask) is not None:
            return IGNORED
        return mask

    def mask(self, update: Update, tier: int) -> int:
        """The bits of the patterns that an update matches, whether or not it is dropped."""
        key = (update.kind, tier, update.topics, update.parties)
        mask = self._masks.get(key)
        if mask is None:
            mask = sum(bit for bit, test in self._static if test(update, tier))
            if len(self._masks) >= _KEPT:
                self._masks.clear()
            self._masks[key] = mask
        for bit, test in self._free:
            if test(update, tier):
                mask |= bit
        return mask

    def dropped_by(self, mask: int) -> Rule | None:
        """The `ignore` rule that drops an update with this mask."""
        view = [mask >> c.bit & 1 if isinstance(c, fields.Event) else 0 for c in self.columns]
        for rule, screen in zip(self.ignores, self.low.screens, strict=True):
            if holds(screen, view, self.low.params):
                return rule
        return None

    def listeners(self, mask: int) -> tuple[int, ...]:
        """The slots that want an update with this mask."""
        found = self._listeners.get(mask)
        if found is None:
            found = tuple(i for i, slot in enumerate(self.slots) if slot.bits & mask)
            self._listeners[mask] = found
        return found


class Plan:
    """One commitment, ready to fold."""

    __slots__ = (
        "commitment",
        "core",
        "dated",
        "deadline",
        "due_soon",
        "hash",
        "milestone_due",
        "start",
        "superseded",
    )

    def __init__(self, commitment: Commitment, core: Core, rules_hash: str) -> None:
        zone = commitment.zone
        self.commitment = commitment
        self.core = core
        self.hash = rules_hash
        self.start: Instant = commitment.start
        self.due_soon = commitment.thresholds.due_soon
        self.deadline = None if commitment.deadline is None else commitment.deadline.end(zone)
        self.milestone_due: dict[str, Instant | None] = (
            {m.id: None if m.due is None else m.due.end(zone) for m in commitment.milestones}
            if commitment.milestones
            else _NO_MILESTONES
        )
        self.dated = self.deadline is not None or bool(self.milestone_due)
        moved = commitment.superseded
        self.superseded = None if moved is None else moved.on.start(zone)

    def assess(self, moment: Moment) -> Assessment:
        """The four axes and the headline at a moment, from what the state holds."""
        state, at, watch = moment.state, moment.at, moment.watch
        limits = self.commitment.thresholds
        moment.reference = self.start if state.advanced is None else state.advanced
        moment.elapsed = elapsed = watch.watched(moment.reference, at)
        if elapsed < limits.quiet:
            activity = Activity.ACTIVE
        elif elapsed < limits.stalled:
            activity = Activity.QUIET
        else:
            activity = Activity.STALLED if elapsed < limits.dormant else Activity.DORMANT
        at_risk = stalled = False
        if True in state.active:
            for index in self.core.lasting:
                if state.active[index] and not self.core.event[index]:
                    kind = self.core.rules[index].then.kind
                    at_risk = at_risk or kind is ConclusionKind.AT_RISK
                    stalled = stalled or kind is ConclusionKind.STALLED
        if stalled and activity in _LIVELY:
            activity = Activity.STALLED
        if self.superseded is not None and at >= self.superseded:
            standing = Standing.SUPERSEDED
        elif state.reversed:
            standing = Standing.REVERSED
        else:
            standing = Standing.AT_RISK if at_risk else Standing.IN_FORCE
        return _assessment(
            state.level,
            activity,
            self._schedule(moment),
            standing,
            state.delivered is not None,
            state.advanced is not None,
            watch.covers(at),
        )

    def _schedule(self, moment: Moment) -> Schedule:
        """The worst of the commitment's deadline and its dated milestones."""
        if not self.dated:
            return Schedule.NO_DEADLINE
        found = set()
        if self.deadline is not None:
            found.add(_against(moment.state.delivered, self.deadline, moment.seen, self.due_soon))
        for milestone, due in self.milestone_due.items():
            if due is not None:
                done = moment.state.milestones.get(milestone)
                found.add(_against(done, due, moment.seen, self.due_soon))
        for schedule in _WORST_FIRST:
            if schedule in found:
                return schedule
        return Schedule.NO_DEADLINE

    def dates(self) -> list[Instant]:
        """Every instant at which, once it is seen, the schedule may turn."""
        ends = [d for d in (self.deadline, *self.milestone_due.values()) if d is not None]
        return [instant for end in ends for instant in (end - self.due_soon, end)]


_NO_MILESTONES: dict[str, Instant | None] = {}
_LIVELY = (Activity.ACTIVE, Activity.QUIET)
_WORST_FIRST = (
    Schedule.OVERDUE,
    Schedule.DUE_SOON,
    Schedule.NOT_DUE,
    Schedule.MET_LATE,
    Schedule.MET,
)

NOT_RATED = Assessment(
    Level.NONE,
    Activity.UNWATCHED,
    Schedule.NO_DEADLINE,
    Standing.IN_FORCE,
    Status.NOT_RATED,
    Status.NOT_RATED,
)

NOT_BEGUN = Assessment(
    Level.NONE,
    Activity.ACTIVE,
    Schedule.NO_DEADLINE,
    Standing.IN_FORCE,
    Status.NOT_STARTED,
    Status.NOT_STARTED,
)


def _against(done: Instant | None, end: Instant, at: Instant, due_soon: int) -> Schedule:
    if done is not None:
        return Schedule.MET if done < end else Schedule.MET_LATE
    if at >= end:
        return Schedule.OVERDUE
    return Schedule.DUE_SOON if at >= end - due_soon else Schedule.NOT_DUE


@cache
def _assessment(
    level: Level,
    activity: Activity,
    schedule: Schedule,
    standing: Standing,
    delivered: bool,
    begun: bool,
    watched: bool,
) -> Assessment:
    """One object per combination: there are few, and comparing them is then cheap."""
    known = headline(
        level=level,
        activity=activity,
        schedule=schedule,
        standing=standing,
        delivered=delivered,
        begun=begun,
    )
    status = known if watched or known in FINAL else Status.NO_DATA
    conditions = []
    if known not in FINAL:
        if activity not in _LIVELY:
            conditions.append(ConditionKind.STALLED)
        if standing is Standing.AT_RISK:
            conditions.append(ConditionKind.AT_RISK)
        if schedule is Schedule.OVERDUE:
            conditions.append(ConditionKind.OVERDUE)
        if status is Status.NO_DATA:
            conditions.append(ConditionKind.NO_DATA)
    shown = activity if watched else Activity.UNWATCHED
    return Assessment(level, shown, schedule, standing, status, known, tuple(sorted(conditions)))


class Planner:
    """Compiles commitments, sharing cores."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._cores: dict[tuple[object, ...], tuple[Core, str]] = {}

    def plan(self, commitment: Commitment, sources: str = "") -> Plan:
        """The plan of a commitment; `sources` says, for its hash, who counts for how much.

        Cores are found by the identity of the rule objects: the loader hands out the same objects
        to all commitments that inherit them, and comparing trees would cost more than it saves.
        """
        c = commitment
        key = (
            tuple(map(id, c.rules)),
            c.tier,
            c.thresholds,
            c.milestones,
            c.indicators,
        )
        found = self._cores.get(key)
        if found is None:
            meaning = repr((ENGINE_VERSION, c.rules, *key[1:]))
            digest = hashlib.blake2b(meaning.encode(), digest_size=8).hexdigest()
            found = self._cores[key] = (Core(c, self._evaluator), digest)
        core, digest = found
        own = repr((digest, sources, c.start, c.zone, c.about, c.deadline, c.superseded, c.rated))
        return Plan(c, core, hashlib.blake2b(own.encode(), digest_size=8).hexdigest())


def _feeds_back(column: fields.Field) -> bool:
    """Whether a conclusion of this instant can change the column within the instant."""
    match column:
        case fields.Silent(slot=None) | fields.Remaining():
            return True
        case fields.StatusIs(commitment=None) | fields.LevelOf(commitment=None):
            return True
        case _:
            return False


def _loose(low: Lowered) -> Iterator[tuple[int, int]]:
    """Instant conditions that could hold without an update: (condition, patterns it speaks of).

    "An update, or three of another kind" holds only where an update that it speaks of arrives,
    not whenever the clock happens to be looked at.
    """
    for index, node in enumerate(low.shape.conditions):
        columns = [low.columns[column] for column in columns_in(node)]
        if any(isinstance(c, fields.Event) for c in columns) and not _needs_update(low, node):
            yield 1 << index, reduce(or_, (_patterns_of(low, column) for column in columns))


def _needs_update(low: Lowered, node: Node) -> bool:
    match node:
        case Flag(field):
            return isinstance(low.columns[field], fields.Event)
        case And(of):
            return any(_needs_update(low, part) for part in of)
        case Or(of):
            return all(_needs_update(low, part) for part in of)
        case _:
            return False


def _patterns_of(low: Lowered, column: fields.Field) -> int:
    if isinstance(column, fields.Event):
        return 1 << column.bit
    slot: int | None = getattr(column, "slot", None)
    return 0 if slot is None else low.slots[slot].bits


def _where(patterns: Sequence[UpdatePattern], *, static: bool) -> list[tuple[int, UpdatePattern]]:
    return [(i, p) for i, p in enumerate(patterns) if is_static(p) is static]


def columns_in(node: Node) -> tuple[int, ...]:
    """The columns a condition looks at, each once, in order."""
    match node:
        case Flag(field) | Compare(field=field):
            return (field,)
        case Negate(of):
            return columns_in(of)
        case And(of) | Or(of):
            return tuple(dict.fromkeys(c for part in of for c in columns_in(part)))
