"""What was derived against what stands in the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.domain.derivation import Derivation
    from monitor.domain.records import StoredState, StoredTransition
    from monitor.domain.transition import Transition
    from monitor.services.ports import Reader


def reconcile(
    reader: Reader, key: str, state: StoredState | None, derivation: Derivation
) -> tuple[list[Transition], list[StoredTransition]]:
    """Which transitions stand that did not before, and the other way round."""
    if state is None:
        return list(derivation.transitions), []
    derived = {t.id: t for t in derivation.transitions}
    replaced = derivation.replaced
    if replaced is not None and all(identity in derived for identity in replaced):
        known = set(replaced)
        return [t for identity, t in derived.items() if identity not in known], []
    stored = {row.transition.id: row for row in _stood(reader, key, derivation)}
    new = [t for identity, t in derived.items() if identity not in stored]
    return new, [row for identity, row in stored.items() if identity not in derived]


def _stood(reader: Reader, key: str, derivation: Derivation) -> list[StoredTransition]:
    """What stands in the time that the derivation went over."""
    first = None if derivation.since is None else derivation.since + 1
    settled = derivation.settled
    if settled is None:
        return list(reader.transitions([key], since=first))
    return [
        *reader.transitions([key], since=first, until=settled.after),
        *reader.transitions([key], since=settled.last + 1),
    ]
