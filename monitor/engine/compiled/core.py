"""What commitments with the same rules and thresholds share."""

from __future__ import annotations

from functools import reduce
from operator import attrgetter, or_
from typing import TYPE_CHECKING

from monitor.domain.commitment import EVENTS, ConclusionKind
from monitor.domain.condition import is_instant
from monitor.engine import fields
from monitor.engine.compiled.lower import lower
from monitor.engine.compiled.speech import Speech
from monitor.engine.evaluators.plain import holds
from monitor.engine.evaluators.program import And, Flag, Node, Or, columns_in
from monitor.engine.evidence.predicates import compile_pattern, is_static

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from monitor.domain.commitment import Commitment, Rule
    from monitor.domain.condition import UpdatePattern
    from monitor.domain.time import Instant
    from monitor.domain.update import Update
    from monitor.engine.compiled.lower import Lowered
    from monitor.engine.evaluators.program import Evaluator
    from monitor.engine.memory.moment import Moment
    from monitor.engine.memory.slots import Slot

IGNORED = -1
_KEPT = 4096


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
        self._known: dict[tuple[int, ...], int] | None = None
        if not any(isinstance(column, fields.CONTINUOUS) for column in low.columns):
            self._known = {}
        self.instant = tuple(is_instant(rule.when) for rule in self.rules)
        self.event = tuple(rule.then.kind in EVENTS for rule in self.rules)
        self.when = tuple(1 << index for index in low.when)
        self.recover = tuple(None if i is None else 1 << i for i in low.recover)
        # where a lasting condition ends what an update begins: it may hold at the update already
        self.cleared = tuple(
            bit if bit and rule.recover and not is_instant(rule.recover) else 0
            for rule, bit in zip(self.rules, self.recover, strict=True)
        )
        self.events = tuple(
            (i, bit) for i, bit in enumerate(self.when) if self.event[i] and self.instant[i]
        )
        self.simple = reduce(or_, (bit for _, bit in self.events), 0)
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
        self.concluding = tuple(
            (i, self.rules[i].then.kind) for i in self.lasting if not self.event[i]
        )
        self.dwelling = tuple(
            (i, dwell)
            for i, _ in self.concluding
            if (dwell := self.rules[i].dwell or commitment.thresholds.dwell)
        )
        self.match: Callable[[Update, int], int] = self._screened if self.ignores else self.mask
        """The bits of the patterns that an update matches; IGNORED where a screen drops it."""
        static = _where(low.patterns, static=True)
        self._static = [(1 << i, compile_pattern(p)) for i, p in static]
        self._free = [(1 << i, compile_pattern(p)) for i, p in _where(low.patterns, static=False)]
        self._looked_at = _looked_at([pattern for _, pattern in static])
        self._masks: dict[tuple[object, ...], int] = {}
        self._listeners: dict[int, tuple[int, ...]] = {}
        self._event_views: dict[int, list[int]] = {}
        self._happening: dict[int, tuple[int, ...]] = {}
        self.enduring = reduce(or_, (self.when[i] for i in self.lasting), 0)
        """The conditions of the rules whose conclusions last."""
        self.idle: list[Instant | None] = [None] * len(self.rules)
        """Since when the conditions hold where none does."""

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

    def hold(self, moment: Moment) -> int:
        """The conditions that hold at a moment, as a bit mask.

        A decision depends on nothing but the view. Where columns are flags and small counts, so
        that the same few views come again and again, each is asked for once; not where one of them
        is a span of time.
        """
        known = self._known
        if known is None:
            return self.decide(self.view(moment))
        key = (moment.mask, *[column.value(moment) for _, column in self.valued])
        hold = known.get(key)
        if hold is None:
            hold = self.decide(self.view(moment))
            if len(known) >= _KEPT:
                known.clear()
            known[key] = hold
        return hold

    def happening(self, hold: int) -> tuple[int, ...]:
        """The rules about an update, of conclusions that happen once, whose conditions hold."""
        hold &= self.simple
        found = self._happening.get(hold)
        if found is None:
            found = tuple(index for index, bit in self.events if hold & bit)
            self._happening[hold] = found
        return found

    def _screened(self, update: Update, tier: int) -> int:
        mask = self.mask(update, tier)
        return mask if self.dropped_by(mask) is None else IGNORED

    def mask(self, update: Update, tier: int) -> int:
        """The bits of the patterns that an update matches, whether or not it is dropped."""
        key = tier, self._looked_at(update)
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


def _looked_at(patterns: Sequence[UpdatePattern]) -> Callable[[Update], object]:
    """What of an update, beside its tier, static patterns depend on.

    Where they ask for its kind alone, a mask for each kind is remembered, however many topics and
    parties there are.
    """
    asked = ["kind"]
    if any(pattern.topics for pattern in patterns):
        asked.append("topics")
    if any(pattern.parties or pattern.all_parties for pattern in patterns):
        asked.append("parties")
    return attrgetter(*asked)


def _where(patterns: Sequence[UpdatePattern], *, static: bool) -> list[tuple[int, UpdatePattern]]:
    return [(i, p) for i, p in enumerate(patterns) if is_static(p) is static]
