"""Whether what is found to have begun has ended in the eyes of everybody who was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.alert import Phase, fact_id, facts

if TYPE_CHECKING:
    from collections.abc import Collection

    from monitor.domain.alert import Alert
    from monitor.services.ports import Reader


def ended_before(reader: Reader, alert: Alert, told_now: Collection[str]) -> bool:
    """Whether something began late whose end was told before, or known before anybody was told.

    To say that it began would be the last that is heard of it: it would seem to go on for ever.

    Args:
        reader: with what stands after the step.
        alert: what there is to say.
        told_now: the ids of all that is told together with it.
    """
    if alert.phase is not Phase.OPENED or not alert.found_late or alert.commitment is None:
        return False
    for change in reader.standing_changes(alert.commitment):
        if change.at > alert.at and (alert.kind, Phase.RESOLVED) in facts(change):
            return fact_id(change, alert.kind, Phase.RESOLVED) not in told_now
    return False
