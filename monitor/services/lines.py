"""The order in which deliveries go out: lines by receiver and commitment, the older first."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from monitor.domain.delivery import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from monitor.domain.delivery import Delivery, Outbound
    from monitor.services.ports import Reader, Store


def line_up(claimed: Sequence[Outbound]) -> list[list[Outbound]]:
    """Lines that may be sent side by side, each in the order of its deliveries' ids.

    Alerts about an agreement as a whole make a line of their own. The lines of the receivers take
    turns, so that a slow receiver with many lines does not keep all others waiting.
    """
    lines: dict[tuple[str, str], list[Outbound]] = defaultdict(list)
    for outbound in sorted(claimed, key=lambda o: o.delivery.id):
        subject = outbound.alert.commitment or outbound.alert.agreement
        lines[outbound.delivery.receiver, subject].append(outbound)
    turn: dict[str, int] = defaultdict(int)
    ranked = []
    for place, ((receiver, _), line) in enumerate(lines.items()):
        ranked.append((turn[receiver], place, line))
        turn[receiver] += 1
    return [line for _, _, line in sorted(ranked)]


def older_on_the_way(
    store: Store, claimed: Sequence[Outbound], receivers: Collection[str]
) -> Mapping[int, Delivery]:
    """Of the claimed, those that must wait, by id, with the delivery that they wait for.

    That is one of an older alert about the same commitment to the same receiver that is pending but
    not among the claimed: it waits for its retry, or another process is sending it right now.

    Args:
        store: holds the outbox.
        claimed: a batch.
        receivers: those that are configured; for others nothing is sent anyway.
    """
    found: dict[int, Delivery] = {}
    mine = {outbound.delivery.id for outbound in claimed}
    groups: dict[str, list[Outbound]] = defaultdict(list)
    for outbound in claimed:
        if outbound.alert.commitment and outbound.delivery.receiver in receivers:
            groups[outbound.delivery.receiver].append(outbound)
    with store.read() as reader:
        for receiver, group in groups.items():
            newest = max(outbound.delivery.id for outbound in group)
            others = {
                delivery.alert: delivery
                for delivery in reader.deliveries(state=DeliveryState.PENDING, receiver=receiver)
                if delivery.id < newest and delivery.id not in mine
            }
            if others:  # rare: something is being retried
                found |= _waiting(reader, group, others)
    return found


def _waiting(
    reader: Reader, group: Sequence[Outbound], others: Mapping[str, Delivery]
) -> dict[int, Delivery]:
    found: dict[int, Delivery] = {}
    rivals = {
        commitment: [others[a.id] for a in reader.alerts(commitment=commitment) if a.id in others]
        for commitment in {outbound.alert.commitment for outbound in group}
    }
    for outbound in group:
        own = outbound.delivery.id
        before = [rival for rival in rivals[outbound.alert.commitment] if rival.id < own]
        if before:
            found[own] = max(before, key=lambda rival: rival.next_attempt)
    return found
