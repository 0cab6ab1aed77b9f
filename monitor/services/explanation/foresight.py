"""What happens to a commitment at which date, if nothing is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.account import axes, reason_body
from monitor.domain.alert import facts
from monitor.domain.coverage import Watch
from monitor.domain.time import DAY, LATEST, format_date, format_instant
from monitor.services.views.standing import Histories

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.commitment import Commitment
    from monitor.domain.derivation import Standing
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.domain.update import Update
    from monitor.services.views.standing import Derived
    from monitor.services.views.view import View

    Evidence = Sequence[tuple[Instant, Update]]

VERSION = 1
LIMIT = 12
ENOUGH = 10_000
"""So often may time alone turn a commitment before it is looked no further.

Rules that contradict each other ("at risk while not at risk, for an hour") turn for ever, and what
comes of it is nothing. A horizon would not do: a hundred years are a million hours.
"""
_YEAR = 366 * DAY


class Foresight(NamedTuple):
    """The chain of what time alone does to a commitment from `view.as_of` on.

    `chain` assumes that nothing is heard and that somebody looks: without a gap (`goes_on`), or
    again from the next second on, where coverage has ended. `more`: the chain goes on after what is
    told. `until`: it was looked no further, as time turns something again and again; None: the
    chain is all that comes, or `more`. `blind`: when the commitment has no data if nobody looks
    any more; None: never.
    """

    view: View
    commitment: Commitment
    standing: Standing
    chain: tuple[Transition, ...]
    goes_on: bool
    more: bool
    until: Instant | None
    blind: Instant | None


def foresee(present: Derived, key: str, limit: int = LIMIT) -> Foresight:
    """Derive on in silence, the commitments that this one asks about with it.

    The same derivation as that of a run: what is told is what a run will find, to the second and
    the id.

    Args:
        present: from where on; what occurred after its `as_of` is not heard.
        key: the commitment.
        limit: at most so many transitions.
    """
    view, commitment = present.view, present.engine.commitments[key]
    history = present.history(key)
    watch, told = present.watches[commitment.agreement], {t.id for t in history.transitions}
    heard: dict[str, Evidence] = {}
    span = _YEAR
    while True:
        until = min(view.as_of + span, LATEST)
        silence = _Silence(present, heard, until)
        fresh = [t for t in silence.history(key).transitions if t.id not in told]
        due, more = silence.due(key), len(fresh) > limit
        if due is None or more or silence.turns > ENOUGH:
            break
        span = max(2 * span, due - view.as_of)
    return Foresight(
        view,
        commitment,
        history.standing,
        tuple(fresh[:limit]),
        goes_on=watch.covers(view.as_of),
        more=more,
        until=None if due is None or more else until,
        blind=watch.next_change(view.as_of) if watch.covers(view.as_of) else None,
    )


def looking_on(watch: Watch, at: Instant) -> Watch:
    """The coverage up to `at`, and from there on for ever.

    Where it has ended before, somebody looks again from the second after `at`.
    """
    spans = tuple(span for span in watch.spans if span[0] <= at)
    if spans and watch.covers(at):
        return Watch((*spans[:-1], (spans[-1][0], LATEST)), watch.grace)
    return Watch((*spans, (at + 1, LATEST)), watch.grace)


class _Silence(Histories):
    """The same histories gone on to `until`, with what is known now and nothing else.

    `heard` is what is known, by commitment, as far as it has been read.
    """

    def __init__(self, present: Derived, heard: dict[str, Evidence], until: Instant) -> None:
        now = present.view.as_of
        watches = {name: looking_on(watch, now) for name, watch in present.watches.items()}
        super().__init__(present.engine, watches, until)
        self._present, self._heard = present, heard

    @property
    def turns(self) -> int:
        """How often time alone turned the one that it turned most, since the present."""
        found, past = self._histories, self._present
        return max(found[key].turns - past.history(key).turns for key in found)

    def evidence(self, key: str) -> Evidence:
        if key not in self._heard:
            now = self._present.view.as_of
            self._heard[key] = [row for row in self._present.evidence(key) if row[0] <= now]
        return self._heard[key]

    def due(self, key: str) -> Instant | None:
        """When time next turns something of it, or of one that it asks about."""
        keys, found = [key], list[int]()
        for one in keys:
            keys += [other for other in self.engine.asks.get(one, ()) if other not in keys]
            history = self.history(one)
            found += [d for d in (history.due_clock, history.due_watched) if d is not None]
        return min((d for d in found if self._until < d < LATEST), default=None)


def foresight_body(told: Foresight) -> dict[str, Any]:
    """The JSON of `monitor explain --when-next`, version 1.

    `{version, as_of, known_at, id, agreement, status, level, …the other axes, since, assumes:
    {looking: goes_on|again, from}, no_data_at, ahead: [{at, before, after, reasons, alerts: [{kind,
    phase}]}], more, until}`. Date-times carry the offset of the agreement's zone.
    """
    c, standing = told.commitment, told.standing

    def time(instant: Instant) -> str:
        return format_instant(instant, c.zone)

    return {
        "version": VERSION,
        "as_of": time(told.view.as_of),
        "known_at": time(told.view.known_at),
        "id": c.id,
        "agreement": c.agreement,
        **axes(standing.assessment),
        "since": format_date(standing.since, c.zone),
        "assumes": {
            "looking": "goes_on" if told.goes_on else "again",
            "from": time(told.view.as_of + 1),
        },
        "no_data_at": None if told.blind is None else time(told.blind),
        "ahead": [
            {
                "at": time(t.at),
                "before": None if t.before is None else axes(t.before),
                "after": axes(t.after),
                "reasons": [reason_body(reason) for reason in t.reasons],
                "alerts": [{"kind": kind.value, "phase": phase.value} for kind, phase in facts(t)],
            }
            for t in told.chain
        ],
        "more": told.more,
        "until": None if told.until is None else time(told.until),
    }
