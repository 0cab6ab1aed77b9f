"""A report of agreements for readers, as data: counts, and of each commitment what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.domain.time import format_date, format_instant
from monitor.services.views.overview import commitment_body, watched_words
from monitor.services.views.totals import RULE, totals
from monitor.services.views.upcoming import upcoming

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.commitment import Agreement, Rulebook
    from monitor.domain.coverage import Watch
    from monitor.domain.scale import Scale
    from monitor.domain.update import Update
    from monitor.services.ports import Reader
    from monitor.services.views.grounds import Ground
    from monitor.services.views.standing import Stands
    from monitor.services.views.view import View

NEWEST = 5
"""So many of the reports that a commitment's history rests on are listed."""


class Reported:
    """Everything a report is made of.

    Args:
        view: what is looked at.
        stands: the commitments, in the order in which they are listed.
        grounds: what the headlines rest on, by the keys of the commitments.
        watched: the coverage of each agreement.
        scale: the scale that they are rated on besides, if any.
    """

    def __init__(
        self,
        view: View,
        stands: Sequence[Stands],
        grounds: Mapping[str, Ground],
        watched: Mapping[str, Watch],
        scale: Scale | None = None,
    ) -> None:
        self.view, self.stands, self.scale = view, stands, scale
        self.grounds, self.watched = grounds, watched


def report_body(
    reader: Reader, rulebook: Rulebook, reported: Reported, zone: str
) -> dict[str, Any]:
    """The JSON of `monitor report`, version 1.

    `{version, as_of, known_at, agreements: [{id, title, date, parties, watched, rule, n, headlines,
    themes: [{theme, n, headlines}], scale, commitments}]}`. `rule` says how `n` and `headlines`
    are counted; `scale` is null or as in `scale_body`. `commitments` are those of `monitor status`
    and besides `parties`, `quote`, `why` (a phrase, maybe empty), `next` (`{at, why}` or null),
    `rating` (null or `{value, word}`), `evidence` (`{id, occurred, title, source, url}`, the newest
    reports that its history rests on, at most `NEWEST`) and `more_evidence`, how many others.
    """
    cited = _cited(reader, reported.stands)
    return {
        "version": 1,
        "as_of": format_instant(reported.view.as_of, zone),
        "known_at": format_instant(reported.view.known_at, zone),
        "agreements": [
            _agreement(agreement, mine, reported, cited)
            for agreement in rulebook.agreements
            if (mine := [s for s in reported.stands if s.commitment.agreement == agreement.id])
        ],
    }


def _cited(reader: Reader, stands: Sequence[Stands]) -> dict[str, list[Update]]:
    """By commitment the updates that the reasons of its whole history name, the newest first."""
    ids = {
        one.commitment.key: {i for t in one.transitions for r in t.reasons for i in r.updates}
        for one in stands
    }
    wanted = sorted(set().union(*ids.values()))
    known = reader.updates(wanted) if wanted else {}
    found = {}
    for one in stands:
        mine = [known[i] for i in ids[one.commitment.key] if i in known]
        zone = one.commitment.zone
        mine.sort(key=lambda u: (u.occurred.start(zone), u.id), reverse=True)
        found[one.commitment.key] = mine
    return found


def _agreement(
    agreement: Agreement,
    stands: Sequence[Stands],
    reported: Reported,
    cited: Mapping[str, Sequence[Update]],
) -> dict[str, Any]:
    rows = [
        {
            "theme": total.theme,
            "n": total.n,
            "headlines": {status.value: number for status, number in total.headlines.items()},
        }
        for total in totals(stands)
    ]
    scale = None
    if reported.scale is not None:
        from monitor.services.views.scales import scale_body  # noqa: PLC0415 - only where it is asked for

        scale = scale_body(stands, reported.scale)
    whole = next((row for row in rows if row["theme"] is None), {"n": 0, "headlines": {}})
    watch = reported.watched[agreement.id]
    return {
        "id": agreement.id,
        "title": agreement.title,
        "date": agreement.date.text,
        "parties": list(agreement.parties),
        "watched": watched_words(watch, reported.view.as_of, agreement.zone),
        "rule": RULE,
        "n": whole["n"],
        "headlines": whole["headlines"],
        "themes": [row for row in rows if row["theme"] is not None],
        "scale": scale,
        "commitments": [
            _commitment(one, watch, reported, cited[one.commitment.key]) for one in stands
        ],
    }


def _commitment(
    one: Stands, watch: Watch, reported: Reported, cited: Sequence[Update]
) -> dict[str, Any]:
    commitment = one.commitment
    ahead = upcoming(one, watch, reported.view.as_of)
    rating = None
    if reported.scale is not None:
        from monitor.services.views.scales import rating_body  # noqa: PLC0415 - as above

        rating = rating_body(one, reported.scale)
    return {
        **commitment_body(one),
        "parties": list(commitment.parties),
        "quote": commitment.quote,
        "why": reported.grounds[commitment.key].text,
        "next": None
        if ahead is None
        else {"at": format_date(ahead.at, commitment.zone), "why": ahead.why},
        "rating": rating,
        "evidence": [
            {
                "id": update.id,
                "occurred": update.occurred.text,
                "title": update.title,
                "source": update.source,
                "url": update.url,
            }
            for update in cited[:NEWEST]
        ],
        "more_evidence": max(len(cited) - NEWEST, 0),
    }
