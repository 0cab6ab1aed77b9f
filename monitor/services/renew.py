"""When the rules are not those of the last step: whose they changed, and what concerns them now."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.records import Evidence

if TYPE_CHECKING:
    from monitor.services.ports import Engine, Writer

_RULES = "rules"


class Renewal(NamedTuple):
    """Commitments to derive anew. `empty`: the store knew nothing at all before this step."""

    commitments: frozenset[str] = frozenset()
    empty: bool = False


def renew_rules(writer: Writer, engine: Engine) -> Renewal:
    """Find commitments that are new, or whose rules mean something else than before.

    What is stored is routed to them again; commitments that are no longer in the rulebook are never
    due. To be called before the step's own updates are stored.
    """
    before = writer.meta(_RULES)
    if before == engine.fingerprint:
        return Renewal()
    states = writer.states()
    renewed = set()
    for key in engine.commitments:
        state = states.get(key)
        if state is None or state.rules != engine.rules_hash(key):
            renewed.add(key)
    gone = [state for key, state in states.items() if key not in engine.commitments]
    writer.save_states(
        [state._replace(due_clock=None, due_watched=None, rules="") for state in gone]
    )
    writer.set_meta(_RULES, engine.fingerprint)
    empty = before is None and not states
    if renewed and not empty:
        writer.clear_evidence(sorted(renewed))
        writer.add_evidence(
            [
                Evidence(key, at, update.id)
                for update in writer.all_updates()
                for key, at in engine.route(update)
                if key in renewed
            ]
        )
    return Renewal(frozenset(renewed), empty)
