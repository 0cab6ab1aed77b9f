"""What was concluded about a commitment, when it happened and when the monitor learned of it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.account import axes, reason_body
from monitor.domain.alert import fact_id, facts
from monitor.domain.assessment import words
from monitor.domain.time import DAY, HOUR, MINUTE, format_instant
from monitor.services.evidence.causes import causes_body
from monitor.services.views.moves import move_body
from monitor.services.views.naming import commitment_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.commitment import Commitment, Rulebook
    from monitor.domain.records import StoredTransition
    from monitor.domain.time import Instant, Seconds
    from monitor.domain.transition import Transition
    from monitor.domain.update import Update
    from monitor.services.evidence.retractions import Retractions
    from monitor.services.ports import Reader
    from monitor.services.views.moves import Learned


class Changed(NamedTuple):
    """One axis that is another than before, in words."""

    axis: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Told(StrEnum):
    """How receivers learned of a transition, or would have."""

    ANNOUNCED = "announced"
    SUMMARY = "in the summary"
    NOTHING = "nothing to announce"
    NOT = "not announced"


class History(NamedTuple):
    """The stored transitions of a commitment, oldest first, and how each was told.

    `title` is None for a commitment that the rulebook does not have any more. `taken_back` are the
    updates that transitions rested on and that count no longer, by id, with what takes them back.
    """

    key: str
    title: str | None
    zone: str
    rows: Sequence[StoredTransition]
    told: Sequence[Told]
    taken_back: Mapping[str, Update]


def history(
    reader: Reader,
    rulebook: Rulebook,
    name: str,
    zone: str,
    *,
    as_of: Instant,
    known_at: Instant | None = None,
    withdrawn: bool = False,
    retractions: Retractions | None = None,
) -> History:
    """The history of the commitment that is called `name`.

    Args:
        reader: of the store.
        rulebook: knows the commitments of today; the store may know older ones.
        name: an id or agreement/id.
        zone: for the dates of a commitment that the rulebook does not have any more.
        as_of: transitions up to this instant.
        known_at: those that stood then; None: those that stand now.
        withdrawn: also those that stand no longer.
        retractions: tells what was taken back; None: nobody asks.

    Raises:
        UsageError: there is no such commitment, or more than one.
    """
    commitments = rulebook.commitments
    keys = dict.fromkeys(commitments)
    if not any(name in (key, key.partition("/")[2]) for key in keys):
        keys |= dict.fromkeys(reader.states())
    key = commitment_key(name, keys)
    rows = reader.transitions([key], known_at=known_at, withdrawn=withdrawn)
    rows = [row for row in rows if row.transition.at <= as_of]
    found = commitments.get(key)
    return History(
        key,
        None if found is None else found.title,
        zone if found is None else found.zone,
        rows,
        _told(reader, key, rows),
        {}
        if retractions is None or found is None
        else _taken_back(reader, found, rows, retractions),
    )


def _taken_back(
    reader: Reader,
    commitment: Commitment,
    rows: Sequence[StoredTransition],
    retractions: Retractions,
) -> Mapping[str, Update]:
    """What withdrawn transitions rested on and counts no longer."""
    gone = [row.transition for row in rows if row.withdrawn is not None]
    ids = sorted({i for t in gone for reason in t.reasons for i in reason.updates})
    return retractions.out(commitment.agreement, reader.updates(ids).values()) if ids else {}


def takers_of(row: StoredTransition, found: History) -> list[Update]:
    """What took back the reports that a withdrawn transition rested on, each once."""
    if row.withdrawn is None:
        return []
    named = [i for reason in row.transition.reasons for i in reason.updates]
    takers = [found.taken_back[i] for i in named if i in found.taken_back]
    return list({taker.id: taker for taker in takers}.values())


def _told(reader: Reader, key: str, rows: Sequence[StoredTransition]) -> list[Told]:
    """How each was told; the alert about a fact has the name of that fact."""
    names = [[fact_id(r.transition, *fact) for fact in facts(r.transition)] for r in rows]
    alerts = reader.alerts_named([name for each in names for name in each])
    state = reader.states([key]).get(key)
    introduced = None if state is None else state.introduced

    def told(row: StoredTransition, mine: Sequence[str]) -> Told:
        if row.announced and any(name in alerts for name in mine):
            return Told.ANNOUNCED
        if introduced is not None and row.recorded <= introduced:
            gone = row.withdrawn is not None and row.withdrawn <= introduced
            return Told.NOT if gone else Told.SUMMARY
        return Told.NOTHING if row.announced and not mine else Told.NOT

    return [told(row, mine) for row, mine in zip(rows, names, strict=True)]


def changes(transition: Transition) -> list[Changed]:
    """What is another than before: the headline first, then the axes. Empty for the first one."""
    before, after = transition.before, transition.after
    if before is None:
        return []
    pairs = [
        ("status", before.status.value, after.status.value),
        ("level", before.level.word, after.level.word),
        ("standing", before.standing.value, after.standing.value),
        ("schedule", before.schedule.value, after.schedule.value),
        ("activity", before.activity.value, after.activity.value),
    ]
    if before.last_known is not after.last_known and before.status is after.status:
        pairs.append(("last known", before.last_known.value, after.last_known.value))
    return [Changed(axis, words(old), words(new)) for axis, old, new in pairs if old != new]


def lag_words(seconds: Seconds) -> str:
    """How long after it happened something was learned, in the largest whole unit."""
    for unit, size in (("d", DAY), ("h", HOUR), ("m", MINUTE)):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return "at once"


def history_body(
    found: History, moves: Sequence[Learned], as_of: Instant, known_at: Instant | None
) -> dict[str, Any]:
    """The JSON of `monitor history`, version 1.

    `{version, commitment, title, as_of, known_at, transitions: [{id, at, recorded, lag_seconds,
    announced, in_summary, withdrawn, taken_back_by: [{how: retraction|replacement, id, occurred,
    kind, title, source, url}], rules, before, after, changes: [{axis, before, after}], reasons}],
    moves}`.
    `announced`: by an alert of its own; `in_summary`: only in the first summary. `at`, `recorded`
    and `withdrawn` are date-times in the zone of the agreement; `before` is null for the first one;
    `before` and `after` are `{status, level, activity, schedule, standing, last_known,
    conditions}`; `reasons` as in `monitor status`. `known_at` is null where it was not asked for.
    `moves` are those of its dates, see `move_body`.
    """
    zone = found.zone

    def time(instant: Instant | None) -> str | None:
        return None if instant is None else format_instant(instant, zone)

    return {
        "version": 1,
        "commitment": found.key,
        "title": found.title,
        "as_of": time(as_of),
        "known_at": time(known_at),
        "transitions": [
            {
                "id": row.transition.id,
                "at": time(row.transition.at),
                "recorded": time(row.recorded),
                "lag_seconds": row.recorded - row.transition.at,
                "announced": told is Told.ANNOUNCED,
                "in_summary": told is Told.SUMMARY,
                "withdrawn": time(row.withdrawn),
                "taken_back_by": causes_body(takers_of(row, found)),
                "rules": row.rules,
                "before": None if row.transition.before is None else axes(row.transition.before),
                "after": axes(row.transition.after),
                "changes": [change._asdict() for change in changes(row.transition)],
                "reasons": [reason_body(reason) for reason in row.transition.reasons],
            }
            for row, told in zip(found.rows, found.told, strict=True)
        ],
        "moves": [move_body(learned, zone) for learned in moves],
    }
