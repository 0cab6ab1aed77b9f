"""When the rules are not those of the last step: whose they changed, and what concerns them now."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.records import Evidence
from monitor.services.assessment import editions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.domain.records import StoredState
    from monitor.services.ports import Engine, Writer

_RULES = "rules"
_GONE = "-"
"""Stands before the hash of the rules of a commitment that the rulebook does not have any more."""
_PAGE = 10_000


class Renewal(NamedTuple):
    """What the rulebook of this step makes of the commitments of the last one.

    `new` were never assessed. `changed` were, under other rules: their states as they stood then.
    `gone` are those the rulebook has lost since the last step, `back` those of `changed` that it
    had lost before. `rules` is true where anything at all is another rulebook or engine. `empty`:
    the store knew nothing at all before this step.
    """

    new: frozenset[str] = frozenset()
    changed: Mapping[str, StoredState] = {}
    gone: Mapping[str, StoredState] = {}
    back: frozenset[str] = frozenset()
    rules: bool = False
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
    new = frozenset(key for key in engine.commitments if key not in states)
    changed = {
        key: states[key]
        for key in engine.commitments
        if key in states and states[key].rules != engine.rules_hash(key)
    }
    lost = {key: state for key, state in states.items() if key not in engine.commitments}
    gone = {key: state for key, state in lost.items() if not _is_gone(state)}
    writer.save_states(
        [
            state._replace(due_clock=None, due_watched=None, rules=_GONE + state.rules)
            for state in gone.values()
        ]
    )
    editions.remember(writer, engine, [*new, *changed])
    writer.set_meta(_RULES, engine.fingerprint)
    empty = before is None and not states
    if not empty:
        _route_anew(writer, engine, new.union(changed))
    back = frozenset(key for key, state in changed.items() if _is_gone(state))
    return Renewal(new, changed, gone, back, rules=before is not None, empty=empty)


def rules_of(state: StoredState) -> str:
    """The hash of the rules that a commitment was last assessed under."""
    return state.rules.removeprefix(_GONE)


def _is_gone(state: StoredState) -> bool:
    return state.rules == "" or state.rules.startswith(_GONE)


def _route_anew(writer: Writer, engine: Engine, keys: frozenset[str]) -> None:
    if not keys:
        return
    writer.clear_evidence(sorted(keys))
    writer.clear_checkpoints(sorted(keys))
    for page in writer.pages(_PAGE):
        writer.add_evidence(
            [
                Evidence(key, at, update.id)
                for update in page
                for key, at in engine.route(update)
                if key in keys
            ]
        )
