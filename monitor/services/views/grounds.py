"""What a commitment's headline rests on: since when, by which reason, after which report."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.assessment import words
from monitor.domain.transition import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.domain.commitment import Commitment
    from monitor.domain.transition import Reason, Transition
    from monitor.domain.update import Update
    from monitor.services.ports import Reader
    from monitor.services.views.standing import Stands


class Ground(NamedTuple):
    """Why the last known headline stands.

    `text` is the reason without what the headline and the level say already, maybe empty. `update`
    is the newest report that it rests on, None where it rests on none.
    """

    text: str
    update: Update | None


def grounds(reader: Reader, stands: Iterable[Stands]) -> dict[str, Ground]:
    """What the last known headline of each commitment rests on, by the commitment's key.

    While a commitment is watched the last known headline is its headline.
    """
    found: dict[str, tuple[Stands, Reason | None]] = {}
    for one in stands:
        began = known_change(one.transitions)
        found[one.commitment.key] = one, None if began is None else telling(began)
    ids = {i for _, reason in found.values() if reason is not None for i in reason.updates}
    known = reader.updates(sorted(ids)) if ids else {}
    result = {}
    for key, (one, reason) in found.items():
        cited = () if reason is None else reason.updates
        newest = _newest((known[i] for i in cited if i in known), one.commitment.zone)
        result[key] = Ground(_text(one.commitment, one, reason, cited=newest is not None), newest)
    return result


def known_change(transitions: Iterable[Transition]) -> Transition | None:
    """The transition with which the last known headline began."""
    found = None
    for transition in transitions:
        before = transition.before
        if before is None or before.last_known is not transition.after.last_known:
            found = transition
    return found


def telling(transition: Transition) -> Reason | None:
    """Of the reasons of a transition the one that says most about its last known headline."""
    after = transition.after
    for beginning in (words(after.last_known.value), f"advanced to {after.level.word}", "advanced"):
        for reason in transition.reasons:
            if reason.text.startswith(beginning):
                return reason
    rest = [r for r in transition.reasons if r.cause is not Cause.COVERAGE] or transition.reasons
    fresh = [r for r in rest if not r.text.startswith("no longer ")]
    return next(iter(fresh or rest), None)


def _text(commitment: Commitment, stands: Stands, reason: Reason | None, *, cited: bool) -> str:
    if not commitment.rated:
        return "it cannot be rated"
    if reason is None:
        return ""
    if reason.cause is Cause.START:
        return "no advance yet"
    status = words(stands.standing.assessment.last_known.value)
    told, _, why = reason.text.partition(": ")
    if told in (status, "delivered", "reversed") or told.startswith("advanced "):
        return why or ("" if cited else told)
    return reason.text


def _newest(updates: Iterable[Update], zone: str) -> Update | None:
    return max(updates, key=lambda u: (u.occurred.start(zone), u.id), default=None)
