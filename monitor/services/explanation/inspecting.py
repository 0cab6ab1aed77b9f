"""Why a commitment stands as it does: the inspection of the engine with everything it refers to."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.assessment import Status
from monitor.services.evidence.watching import watches
from monitor.services.explanation.foresight import foresee
from monitor.services.views.standing import Derived

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from monitor.domain.commitment import Agreement, Commitment
    from monitor.domain.coverage import Watch
    from monitor.domain.inspection import Inspection
    from monitor.domain.transition import Transition
    from monitor.domain.update import Update
    from monitor.services.explanation.foresight import Foresight
    from monitor.services.ports import Engine, Reader
    from monitor.services.views.view import View


_AHEAD = 3
"""So much of what comes is shown beside the rest; --when-next has more."""


class Explanation(NamedTuple):
    """Everything `monitor explain` shows. `updates` and `tiers` are by the id of the update.

    `taken_back` are those of the updates that do not count, by id, with what takes them back.
    """

    view: View
    agreement: Agreement
    commitment: Commitment
    inspection: Inspection
    foresight: Foresight
    watch: Watch
    updates: Mapping[str, Update]
    tiers: Mapping[str, int]
    taken_back: Mapping[str, Update]

    @property
    def source(self) -> str | None:
        """The document that the quote comes from, as a path."""
        if self.agreement.source is None:
            return None
        folder = posixpath.dirname(self.agreement.file)
        return posixpath.normpath(posixpath.join(folder, self.agreement.source))

    @property
    def changed(self) -> Transition | None:
        """The last change of the headline."""
        rows = [
            t
            for t in self.inspection.history
            if t.before is None or t.before.status is not t.after.status
        ]
        return rows[-1] if rows else None

    @property
    def known_change(self) -> Transition | None:
        """While nobody looks: the last change of the headline before coverage ended."""
        changed = self.changed
        if changed is None or changed.after.status is not Status.NO_DATA:
            return None
        rows = [
            t
            for t in self.inspection.history
            if t.before is not None
            and t.before.last_known is not t.after.last_known
            and t.after.status is not Status.NO_DATA
        ]
        return rows[-1] if rows else None

    @property
    def unused(self) -> list[str]:
        """Ids of updates that no rule wanted, whoever had said them."""
        weak = {identity for rule in self.inspection.rules for identity in rule.too_weak}
        return [identity for identity in self.inspection.unused if identity not in weak]

    @property
    def too_weak(self) -> list[str]:
        """Ids of updates that only their source kept from counting anywhere."""
        used = {identity for rule in self.inspection.rules for identity in rule.matched}
        weak = [identity for rule in self.inspection.rules for identity in rule.too_weak]
        return [identity for identity in dict.fromkeys(weak) if identity not in used]

    @property
    def ahead(self) -> list[Transition]:
        """What comes next in silence, as far as anybody would call it news."""
        news = [
            t
            for t in self.foresight.chain
            if t.before is not None
            and (t.before.status is not t.after.status or t.before.conditions or t.after.conditions)
        ]
        return news[:_AHEAD]


def explain(
    reader: Reader, engine: Engine, view: View, key: str, tier: Callable[[Update], int]
) -> Explanation:
    """Inspect one commitment.

    Args:
        reader: of the store.
        engine: with today's rules.
        view: what is looked at.
        key: the commitment.
        tier: grades the source of an update of its agreement.
    """
    work = Derived(reader, engine, view)
    commitment = engine.commitments[key]
    agreement = next(a for a in engine.rulebook.agreements if a.id == commitment.agreement)
    updates = {u.id: u for at, u in work.reports(key) if at <= view.as_of}
    rows = reader.watched(view.known_at)
    return Explanation(
        view,
        agreement,
        commitment,
        work.inspect(key),
        foresee(work, key),
        watches(engine.rulebook.agreements, rows)[agreement.id],
        updates,
        {identity: tier(update) for identity, update in updates.items()},
        work.retractions.out(agreement.id, updates.values()),
    )
