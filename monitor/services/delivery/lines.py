"""The order in which deliveries go out: lines by receiver and commitment, the older first."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from monitor.domain.delivery import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from monitor.domain.alert import Alert
    from monitor.domain.delivery import Delivery, Outbound
    from monitor.services.ports import Store


def line_up(claimed: Sequence[Outbound]) -> list[list[Outbound]]:
    """Lines that may be sent side by side, each in the order of its deliveries' ids.

    Alerts about an agreement as a whole make a line of their own, which what follows on them (the
    correction of a first summary) joins. A message about several commitments joins their lines. The
    lines of the receivers take turns, so that a slow receiver with many lines does not keep all
    others waiting.
    """
    wide: dict[str, set[str]] = defaultdict(set)
    for outbound in claimed:
        wide[outbound.delivery.receiver] |= {a.id for a in _told(outbound) if not a.commitment}
    lines: dict[tuple[str, str], list[Outbound]] = {}
    for outbound in sorted(claimed, key=lambda o: o.delivery.id):
        subjects = _subjects(outbound, wide[outbound.delivery.receiver])
        line = lines.setdefault((outbound.delivery.receiver, subjects[0]), [])
        line.append(outbound)
        for subject in subjects[1:]:
            _join(lines, (outbound.delivery.receiver, subject), line)
    turn: dict[str, int] = defaultdict(int)
    ranked = []
    seen: set[int] = set()
    for place, ((receiver, _), line) in enumerate(lines.items()):
        if id(line) not in seen:
            seen.add(id(line))
            ranked.append((turn[receiver], place, line))
            turn[receiver] += 1
    return [sorted(line, key=lambda o: o.delivery.id) for _, _, line in sorted(ranked, key=_rank)]


def _rank(ranked: tuple[int, int, list[Outbound]]) -> tuple[int, int]:
    return ranked[:2]


def _join(
    lines: dict[tuple[str, str], list[Outbound]],
    key: tuple[str, str],
    line: list[Outbound],
) -> None:
    """Make the line of a key, if it has one, part of another one."""
    other = lines.get(key)
    if other is line:
        return
    lines[key] = line
    if other:
        line += other
        for name, found in lines.items():
            if found is other:
                lines[name] = line


def _told(outbound: Outbound) -> tuple[Alert, ...]:
    return (outbound.alert, *outbound.others)


def _subjects(outbound: Outbound, wide: Collection[str]) -> list[str]:
    """The keys of its lines; `wide`: ids of alerts about whole agreements, which are keys, too."""
    alerts = _told(outbound)
    own = [alert.commitment or alert.agreement for alert in alerts]
    wider = {key for a in alerts for key in (a.id, a.opening) if key is not None and key in wide}
    return [*dict.fromkeys(own), *sorted(wider)]


def older_on_the_way(
    store: Store, claimed: Sequence[Outbound], receivers: Collection[str]
) -> Mapping[int, Delivery]:
    """Of the claimed, those that must wait, by id, with the delivery that they wait for.

    That is one of an older message about the same commitment, or agreement as a whole, or of what
    this one follows on, to the same receiver, that is pending but not among the claimed: it waits
    for its retry, or another process is sending it right now.

    Args:
        store: holds the outbox.
        claimed: a batch.
        receivers: those that are configured; for others nothing is sent anyway.
    """
    found: dict[int, Delivery] = {}
    mine = {outbound.delivery.id for outbound in claimed}
    groups: dict[str, list[Outbound]] = defaultdict(list)
    for outbound in claimed:
        if outbound.delivery.receiver in receivers:
            groups[outbound.delivery.receiver].append(outbound)
    with store.read() as reader:
        for receiver, group in groups.items():
            newest = max(outbound.delivery.id for outbound in group)
            others = {
                delivery.id: delivery
                for delivery in reader.deliveries(
                    state=DeliveryState.PENDING, receiver=receiver, before=newest
                )
                if delivery.id not in mine
            }
            if others:  # rare: something is being retried
                found |= _waiting(group, others, reader.told_by(list(others)))
    return found


def _after(outbound: Outbound) -> set[str]:
    """The keys, as of `Reader.told_by`, of what must have been told before."""
    alerts = _told(outbound)
    own = {alert.commitment or alert.agreement for alert in alerts}
    return own | {alert.opening for alert in alerts if alert.opening}


def _waiting(
    group: Sequence[Outbound],
    others: Mapping[int, Delivery],
    told: Mapping[int, frozenset[str]],
) -> dict[int, Delivery]:
    found: dict[int, Delivery] = {}
    rivals: dict[str, list[Delivery]] = defaultdict(list)
    for id_, keys in told.items():
        for key in keys:
            rivals[key].append(others[id_])
    for outbound in group:
        own = outbound.delivery.id
        before = [r for key in _after(outbound) for r in rivals.get(key, ()) if r.id < own]
        if before:
            found[own] = max(before, key=lambda rival: rival.next_attempt)
    return found
