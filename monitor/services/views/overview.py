"""Where commitments stand, as data: counts, coverage in words, and the JSON shape of `status`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from monitor.domain.account import reason_body
from monitor.domain.assessment import Status, words
from monitor.domain.coverage import ASSUMED
from monitor.domain.time import format_date, format_instant
from monitor.services.views.dates import date_body
from monitor.services.views.totals import totals_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.domain.assessment import Assessment
    from monitor.domain.coverage import Watch
    from monitor.domain.scale import Scale
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.services.views.standing import Stands
    from monitor.services.views.view import View


def standings_body(
    stands: Sequence[Stands], view: View, zone: str, scale: Scale | None = None
) -> dict[str, Any]:
    """The JSON of `monitor status`, version 1.

    `{version, as_of, known_at, commitments: [{id, agreement, title, theme, basis, party, part_of,
    status, since, last_known, known_since, level, activity, schedule, standing, last_progress,
    next_due, dates, reasons}], totals}`. `totals`: see `totals_body`. `party` and `part_of` (an id)
    are those of one party's part. `as_of` and `known_at` are date-times; `since`, `known_since`,
    `last_progress` and `next_due` are dates in the zone of the agreement, null where there is none.
    `reasons` are those of the last change of the headline: `{cause, text, rule, where, updates,
    numbers}`, without what is empty; `updates` are ids. `basis` is pledge or expectation.
    `last_known` is the headline that stood when coverage ended, `known_since` since when. `dates`
    are its deadline and its dated milestones, see `date_body`.

    With a scale each commitment has `rating`, see `rating_body`, and the whole `scale`, see
    `scale_body`.
    """
    body: dict[str, Any] = {
        "version": 1,
        "as_of": format_instant(view.as_of, zone),
        "known_at": format_instant(view.known_at, zone),
        "commitments": [commitment_body(s) for s in stands],
        "totals": totals_body(stands),
    }
    if scale is not None:
        from monitor.services.views.scales import rating_body, scale_body  # noqa: PLC0415 - rarely asked

        for one, told in zip(stands, body["commitments"], strict=True):
            told["rating"] = rating_body(one, scale)
        body["scale"] = scale_body(stands, scale)
    return body


def commitment_body(stands: Stands) -> dict[str, Any]:
    """One commitment of `standings_body`."""
    commitment, standing = stands.commitment, stands.standing
    a, zone = standing.assessment, commitment.zone
    turned = headline_change(stands.transitions)

    def date(instant: Instant | None) -> str | None:
        return None if instant is None else format_date(instant, zone)

    return {
        "id": commitment.id,
        "agreement": commitment.agreement,
        "title": commitment.title,
        "theme": commitment.theme,
        "basis": commitment.basis.value,
        "party": commitment.party,
        "part_of": None if commitment.part_of is None else commitment.part_of.partition("/")[2],
        "status": a.status.value,
        "since": date(standing.since),
        "last_known": a.last_known.value,
        "known_since": date(standing.known_since),
        "level": a.level.word,
        "activity": a.activity.value,
        "schedule": a.schedule.value,
        "standing": a.standing.value,
        "last_progress": date(standing.advanced),
        "next_due": date(standing.due),
        "dates": [date_body(d, zone) for d in standing.dates],
        "reasons": [] if turned is None else [reason_body(r) for r in turned.reasons],
    }


def headline_change(transitions: Sequence[Transition]) -> Transition | None:
    """The last transition that changed the headline."""
    for transition in reversed(transitions):
        if transition.before is None or transition.before.status is not transition.after.status:
            return transition
    return None


def count_words(assessments: Iterable[Assessment]) -> list[str]:
    """How many stand how, a phrase for each, to be joined by blanks: the most pressing first.

    Those that nobody looks at come last, by their last known headline: "2 reversed;", "no data on
    3: 1 was stalled,", "2 on track".
    """
    kept = list(assessments)
    seen: Counter[Status] = Counter(a.status for a in kept if a.status is not Status.NO_DATA)
    dark: Counter[Status] = Counter(a.last_known for a in kept if a.status is Status.NO_DATA)
    found = [f"{seen[s]} {words(s.value)}" for s in _PRESSING if seen[s]]
    rest = [f"{dark[s]} {words(s.value)}" for s in _PRESSING if dark[s]]
    if rest:
        number, _, word = rest[0].partition(" ")
        verb = "was" if number == "1" else "were"
        rest[0] = f"no data on {dark.total()}: {number} {verb} {word}"
    groups = [group for group in (found, rest) if group]
    ends = [";"] * (len(groups) - 1) + [""]
    return [
        part + ("," if number < len(group) - 1 else end)
        for group, end in zip(groups, ends, strict=True)
        for number, part in enumerate(group)
    ]


_PRESSING = (
    Status.REVERSED,
    Status.OVERDUE,
    Status.STALLED,
    Status.AT_RISK,
    Status.NOT_STARTED,
    Status.ON_TRACK,
    Status.ADVANCING,
    Status.DELIVERED,
    Status.SUPERSEDED,
    Status.NOT_RATED,
)


def watched_words(watch: Watch, as_of: Instant, zone: str) -> str:
    """Until when somebody was looking, in a phrase."""
    if watch.spans == ASSUMED.spans:
        return "taken as always watched"
    if not watch.spans:
        return "never watched"
    if watch.end > as_of:
        begun = [since for since, until in watch.spans if since <= as_of < until]
        if begun:
            return f"watched until {format_date(watch.end - 1, zone)}"
        return "not watched at that time"
    return f"watched until {format_date(watch.end - 1, zone)}, not since"


def looked_words(watch: Watch, as_of: Instant, zone: str, *, blind: bool) -> str:
    """As `watched_words`; where that leaves headlines without data, what "was" means beside them.

    Args:
        watch: the coverage of an agreement.
        as_of: the instant of the view.
        zone: in which dates are shown.
        blind: there is no data about some of the commitments that are shown.
    """
    ended = [until for _, until in watch.spans if until <= as_of]
    if not blind or not ended:
        return watched_words(watch, as_of, zone)
    since = format_date(max(ended), zone)
    return f"nobody has looked since {since}: “was” is what stood then"
