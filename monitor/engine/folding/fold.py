"""Evidence in, transitions out: the pure heart of the monitor.

Time is a sequence of instants. At an instant all its updates are remembered first, then the rules
are read once over the resulting view, then their conclusions are drawn: good news before bad, so
that of one day's reports the worse one stands and their order does not matter. Between updates the
fold stops at every instant at which the passing of time alone turns a condition, and nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.assessment import NOT_RATED, Level
from monitor.domain.commitment import ConclusionKind
from monitor.domain.derivation import Standing
from monitor.domain.transition import Transition
from monitor.engine.folding.dwell import hold_on, standing, to_be_told
from monitor.engine.folding.reasons import Drawn, explain_change
from monitor.engine.folding.turns import Turns
from monitor.engine.memory.axes import assess
from monitor.engine.memory.moment import Moment
from monitor.engine.memory.moves import note_move
from monitor.engine.memory.recurring import note_round
from monitor.engine.memory.schedule import standing_dates
from monitor.engine.memory.state import begin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.assessment import Assessment
    from monitor.domain.commitment import Rule
    from monitor.domain.coverage import Watch
    from monitor.domain.time import Instant
    from monitor.domain.update import Update
    from monitor.engine.compiled.plan import Plan
    from monitor.engine.folding.gather import Group
    from monitor.engine.memory.state import State


class Fold:
    """One pass over the evidence of one commitment.

    Owns its state: hand it a copy of what must stay. `transitions` grows as the pass goes on, and
    `turned` counts the stops where there was nothing but time.
    """

    def __init__(
        self,
        plan: Plan,
        state: State | None,
        watch: Watch,
        others: Mapping[str, Assessment] | None = None,
    ) -> None:
        self.plan = plan
        self.transitions: list[Transition] = []
        self.turned = 0
        if state is None:
            self.state = begin(plan.start, len(plan.core.slots), len(plan.core.rules))
        else:
            self.state = state
        self._was: Sequence[bool] = ()
        self._moment = Moment(plan.terms, self.state, watch)
        self.turns = Turns(plan, self._moment)
        if state is None:
            self.state.others.update(others or {})
            self._start()
        elif plan.commitment.rated:
            # coverage may have grown since the state was kept
            self._moment.move(state.head)
            assess(self._moment)
            self.state.due = self.turns.after(state.head)

    @property
    def standing(self) -> Standing:
        """As of the instant that was advanced to."""
        state = self.state
        return Standing(
            state.assessment or NOT_RATED,
            state.status_since,
            state.known_since,
            state.advanced,
            state.due,
            standing_dates(self._moment) if self.plan.terms.dated else (),
        )

    def take(self, group: Group) -> None:
        """Everything of one instant, after everything of the instants before it."""
        state, moment = self.state, self._moment
        if state.due is not None and state.due < group.at:
            self.advance(group.at - 1)
        for change in group.changes:
            state.others[change.commitment] = change.assessment
        moment.mask = self._remember(group) if group.matched else 0
        state.head = group.at
        self._evaluate(group.at, group.matched)
        moment.mask = 0

    def advance(self, until: Instant) -> None:
        """Stop at every instant up to `until` (inclusive) at which time alone turns something."""
        state = self.state
        while state.due is not None and state.due <= until:
            self.turned += 1
            self._evaluate(state.due, ())

    def _start(self) -> None:
        """The first assessment, at the start of the commitment, before any of its evidence."""
        if not self.plan.commitment.rated:
            self.state.assessment = NOT_RATED
            self.state.status_since = self.state.known_since = self.state.head
            self._emit(self.state.head, None, Drawn())
            return
        self._evaluate(self.state.head, ())

    def _remember(self, group: Group) -> int:
        """Let the accumulators see the updates; the bits that any of them matched."""
        state, core, terms = self.state, self.plan.core, self.plan.terms
        total = 0
        prior = state.cells
        cells = list(prior)
        for mask, update in group.matched:
            total |= mask
            for index in core.listeners(mask):
                cell = core.slots[index].add(cells[index], group.at, update, mask, prior[index])
                cells[index] = cell
            if mask & core.low.moves:
                note_move(state, terms, group.at, update)
            if update.moves_to is not None:
                continue  # that it is put off does not say that it is done, whoever says so
            for milestone, bits in core.low.milestone_bits:
                if not mask & bits:
                    continue
                if milestone in terms.recurring:
                    note_round(state, terms, milestone, group.at)
                else:
                    state.milestones.setdefault(milestone, group.at)
        state.cells = cells
        if terms.waiting or terms.recurring:
            self._moment.renew_dates()
        return total

    def _evaluate(self, at: Instant, matched: Sequence[tuple[int, Update]]) -> None:
        core, state, moment = self.plan.core, self.state, self._moment
        moment.move(at)
        drawn = Drawn(matched)
        self._was = was = state.active
        state.active = was.copy()
        stayed = tuple(state.stays) if core.dwelling else ()
        self._draw(at, core.hold(moment), drawn)
        if core.feedback:
            self._settle(at, drawn)
        before = state.assessment
        after = assess(moment)
        if drawn.over or state.flapped:
            drawn.flapped = to_be_told(core, state, drawn.over or {}, after)
        if after is not before and after != before:
            state.assessment = after
            if before is None or before.status is not after.status:
                state.status_since = at
            if before is None or before.last_known is not after.last_known:
                state.known_since = at
            if core.dwelling:
                stands = standing(core, state.active, state.stays)
                drawn.compare(standing(core, was, stayed), stands, core.event)
            elif was != state.active:
                drawn.compare(was, state.active, core.event)
            self._emit(at, before, drawn)
        state.due = self.turns.after(at)

    def _settle(self, at: Instant, drawn: Drawn) -> None:
        """Read the rules again while what they concluded changes what they ask about.

        Bounded: rules that contradict each other ("at risk while not at risk") end where they are.
        """
        core, moment = self.plan.core, self._moment
        previous: Sequence[int] = ()
        for _ in range(len(core.rules) + 1):
            view = core.view(moment)
            if view == previous:
                return
            previous = view
            self._draw(at, core.decide(view), drawn)

    def _draw(self, at: Instant, hold: int, drawn: Drawn) -> None:
        """Conclusions from the conditions that hold. An event rule happens once an instant."""
        core = self.plan.core
        for bit, asked in core.loose:
            if not self._moment.mask & asked:
                hold &= ~bit
        if hold & core.simple:
            for index in core.happening(hold):
                drawn.fire(index)
        since = self.state.since
        if hold & core.enduring or since != core.idle:
            for index in core.lasting:
                if hold & core.when[index] or since[index] is not None:
                    self._latch(at, index, hold, drawn)
        if drawn.fresh:
            self._apply(at, drawn.take_fresh())
        if core.dwelling:
            if drawn.over is None:
                drawn.over = {}
            hold_on(core, self._moment, self._was, drawn.over)

    def _latch(self, at: Instant, index: int, hold: int, drawn: Drawn) -> None:
        core, state = self.plan.core, self.state
        rule, raw = core.rules[index], bool(hold & core.when[index])
        recover = core.recover[index]
        if core.instant[index]:
            if raw and (hold & core.cleared[index] or index in drawn.recovered):
                # what would end it already holds: it begins nothing, or ends here
                drawn.recovered |= {index}
                self._release(index)
            elif raw:
                state.since[index], state.active[index] = at, True
            elif state.active[index] and recover is not None and hold & recover:
                self._release(index)
            return
        if raw:
            if state.since[index] is None:
                state.since[index] = at
            since = state.since[index]
            if not state.active[index] and since is not None and self._held(since, rule):
                state.active[index] = True
                if core.event[index]:
                    drawn.fire(index)
            return
        if state.active[index] and recover is not None and not hold & recover:
            return
        if state.active[index]:
            self._release(index)
        state.since[index] = None

    def _held(self, since: Instant, rule: Rule) -> bool:
        """Whether a condition has been seen to hold as long as its rule wants."""
        return not rule.hold or self._moment.seen - since >= rule.hold

    def _release(self, index: int) -> None:
        self.state.since[index], self.state.active[index] = None, False

    def _apply(self, at: Instant, fired: Sequence[int]) -> None:
        """Good news before bad; what is applied once in an instant is not applied again."""
        state, rules = self.state, self.plan.core.rules
        conclusions = [rules[index].then for index in fired]
        if len(conclusions) == 1 and conclusions[0].kind is ConclusionKind.ADVANCE:
            # most that happens is this
            level = conclusions[0].level
            if level is not None and level > state.level:
                state.level = level
            self._progress(at)
            conclusions = []
        for then in conclusions:
            if then.kind is ConclusionKind.ADVANCE:
                state.level = max(state.level, then.level or Level.NONE)
                self._progress(at)
            elif then.kind is ConclusionKind.DELIVER:
                state.level = Level.COMPLETE
                self._progress(at)
        if state.level is Level.COMPLETE and state.delivered is None:
            state.delivered = at
        for then in conclusions:
            if then.kind is ConclusionKind.SETBACK:
                state.level = min(state.level, then.level or Level.NONE)
        for then in conclusions:
            if then.kind is ConclusionKind.REVERSE:
                state.level, state.reversed = Level.NONE, True
        if state.level < Level.COMPLETE:
            state.delivered = None

    def _progress(self, at: Instant) -> None:
        """An advance restarts the stall clock, restores force, and ends what an update began."""
        state, core = self.state, self.plan.core
        state.advanced, state.reversed = at, False
        for index in core.lasting if True in state.active else ():
            if (
                core.instant[index]
                and state.active[index]
                and core.recover[index] is None
                and state.since[index] != at
            ):
                self._release(index)

    def _emit(self, at: Instant, before: Assessment | None, drawn: Drawn) -> None:
        after = self.state.assessment
        if after is None:
            return
        reasons = explain_change(self.plan, self._moment, before, after, drawn)
        key = self.plan.commitment.key
        self.transitions.append(Transition(key, at, before, after, reasons))
