"""What alerts say: the sentences, and the facts that travel beside them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from monitor.domain.account import axes
from monitor.domain.alert import AlertKind, Phase
from monitor.domain.assessment import Status
from monitor.domain.time import format_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from enum import StrEnum

    from monitor.domain.alert import Alert
    from monitor.domain.assessment import Assessment
    from monitor.domain.commitment import Commitment
    from monitor.domain.derivation import Standing
    from monitor.domain.transition import Reason, Transition

_SENTENCES = {
    (AlertKind.STALLED, Phase.OPENED): "{title}: stalled",
    (AlertKind.STALLED, Phase.RESOLVED): "{title}: no longer stalled",
    (AlertKind.AT_RISK, Phase.OPENED): "{title}: at risk",
    (AlertKind.AT_RISK, Phase.RESOLVED): "{title}: no longer at risk",
    (AlertKind.OVERDUE, Phase.OPENED): "{title}: overdue",
    (AlertKind.OVERDUE, Phase.RESOLVED): "{title}: no longer overdue",
    (AlertKind.NO_DATA, Phase.OPENED): "{title}: no data",
    (AlertKind.NO_DATA, Phase.RESOLVED): "{title}: watched again",
    (AlertKind.ADVANCED, Phase.ONCE): "{title}: advanced to {level}",
    (AlertKind.SETBACK, Phase.ONCE): "{title}: set back to {level}",
    (AlertKind.DELIVERED, Phase.ONCE): "{title}: delivered",
    (AlertKind.REVERSED, Phase.ONCE): "{title}: reversed",
    (AlertKind.SUPERSEDED, Phase.ONCE): "{title}: superseded",
}


def message(
    commitment: Commitment,
    transition: Transition,
    kind: AlertKind,
    phase: Phase,
    *,
    found_late: bool,
) -> str:
    """One line: what, why, when. A rule's own message takes the place of the first two."""
    told = () if phase is Phase.RESOLVED else transition.reasons
    own = next((r for r in told if r.message), None)
    if own is not None and own.message is not None:
        text = own.message.format_map(_placeholders(commitment, transition, own))
    else:
        text = _SENTENCES[kind, phase].format(
            title=commitment.title, level=transition.after.level.word
        )
        if transition.reasons:
            text += f" ({'; '.join(r.text for r in transition.reasons)})"
    date = format_date(transition.at, commitment.zone)
    return f"{text}, {date}{' [found late]' if found_late else ''}"


def _placeholders(
    commitment: Commitment, transition: Transition, reason: Reason
) -> Mapping[str, str]:
    return {
        "agreement": commitment.agreement,
        "commitment": commitment.id,
        "title": commitment.title,
        "status": transition.after.status.value,
        "since": format_date(transition.at, commitment.zone),
        "rule": reason.rule or "",
        "reason": reason.text,
    }


def standing_body(commitment: Commitment, standing: Standing) -> dict[str, Any]:
    """How a commitment stands, JSON-ready."""
    return {
        **_commitment(commitment),
        **axes(standing.assessment),
        "since": format_date(standing.since, commitment.zone),
        "known_since": format_date(standing.known_since, commitment.zone),
        "last_progress": _date(standing.advanced, commitment),
    }


def correction(
    commitment: Commitment, earlier: Alert, instead: Alert | None, standing: Standing
) -> str:
    """What was said, and what holds."""
    if instead is not None and instead.id == earlier.id:
        return f"Correction: “{earlier.message}” stands after all"
    holds = f"it is {stands(commitment, standing)}" if instead is None else instead.message
    return f"Correction: “{earlier.message}” does not hold; {holds}"


def stood(commitment: Commitment, history: Sequence[Transition]) -> tuple[str, str]:
    """The headline at the end of a history, and the date since when."""
    status, since = history[-1].after.status, history[-1].at
    for transition in reversed(history):
        if transition.after.status is not status:
            break
        since = transition.at
    return status.value, format_date(since, commitment.zone)


def summary_correction(
    commitment: Commitment, said: Mapping[str, Any], holds: tuple[str, str]
) -> str:
    """What a summary said of a commitment, and what was so."""
    told, was = (
        f"{s.replace('_', ' ')} since {d}" for s, d in ((said["status"], said["since"]), holds)
    )
    return f"Correction: {commitment.title} was not {told}, as was said, but {was}"


def spoken(word: StrEnum) -> str:
    """A word of the axes as it is said."""
    return word.value.replace("_", " ")


def stands(commitment: Commitment, standing: Standing) -> str:
    """The headline and since when."""
    since = format_date(standing.since, commitment.zone)
    return f"{spoken(standing.assessment.status)} since {since}"


def differs(commitment: Commitment, before: Assessment, standing: Standing) -> str:
    """How a commitment stands, and how it stood; where the headline is the same, the axes."""
    after = standing.assessment
    if before.status is not after.status:
        return f"{stands(commitment, standing)} instead of {spoken(before.status)}"
    pairs = {
        "level": (before.level.word, after.level.word),
        "standing": (spoken(before.standing), spoken(after.standing)),
        "schedule": (spoken(before.schedule), spoken(after.schedule)),
        "activity": (spoken(before.activity), spoken(after.activity)),
        "last known": (spoken(before.last_known), spoken(after.last_known)),
    }
    other = [f"{name} {old} → {new}" for name, (old, new) in pairs.items() if old != new]
    return f"{stands(commitment, standing)}, still, but {', '.join(other)}"


def summary(title: str, rows: Sequence[tuple[Commitment, Standing]]) -> str:
    """One line: how many commitments stand how."""
    counts = Counter(s.assessment.status for _, s in rows)
    listed = ", ".join(
        f"{counts[status]} {status.value.replace('_', ' ')}" for status in Status if counts[status]
    )
    watched = "1 commitment" if len(rows) == 1 else f"{len(rows)} commitments"
    return f"{title}: {watched} watched: {listed}"


def _commitment(commitment: Commitment) -> dict[str, Any]:
    return {
        "id": commitment.id,
        "agreement": commitment.agreement,
        "title": commitment.title,
        "quote": commitment.quote,
    }


def _date(instant: int | None, commitment: Commitment) -> str | None:
    return None if instant is None else format_date(instant, commitment.zone)
