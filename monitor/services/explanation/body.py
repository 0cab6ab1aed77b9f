"""The JSON of `monitor explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.domain.account import axes, reason_body
from monitor.domain.time import DAY, format_date, format_duration, format_instant
from monitor.services.evidence.causes import causes_body
from monitor.services.explanation.twigs import derivation, twig_body
from monitor.services.explanation.words import conclusion_words, rule_state, rule_words
from monitor.services.views.dates import date_body

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.domain.inspection import MemberView, PartyView, RuleView
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.services.explanation.inspecting import Explanation


def explanation_body(told: Explanation) -> dict[str, Any]:
    """The JSON of `monitor explain`, version 1.

    `{version, as_of, known_at, id, agreement, title, basis, theme, parties, quote, source,
    guideline, status, level, activity, schedule, standing, last_known, conditions, since,
    last_known_since, last_progress, silence_days, thresholds: {quiet, stalled, dormant}, dates,
    tier, last_change: {at, before, after, reasons}, rules: [{id, where, then, state:
    holds|matched|waits, why, note, since, matched, too_weak, findings: [{text, value, threshold,
    holds}], parties: [{party, since, update, share}], members: [{commitment, counted, share,
    status, level, activity, schedule, standing, last_known, conditions}]}], ignored: [{update,
    rule}], too_weak, unused, early, taken_back: [{update, by}], updates: {id: {occurred, kind,
    title, source, tier, url}}, coverage: {watched_until, gaps}, ahead: [{at, before, after,
    reasons}], tree}`; `tree` as in `monitor.services.explanation.twigs.twig_body`.

    Date-times carry the offset of the agreement's zone; `since`, `last_known_since` and
    `last_progress` are dates in it. Updates are named by id and told once, under `updates`. `by` is
    what takes one back: {how: retraction|replacement, id, occurred, kind, title, source, url}.
    """
    commitment, seen = told.commitment, told.inspection
    standing = seen.standing
    limits = commitment.thresholds
    date, time = _Dates(commitment.zone).date, _Dates(commitment.zone).time
    return {
        "version": 1,
        "as_of": time(told.view.as_of),
        "known_at": time(told.view.known_at),
        "id": commitment.id,
        "agreement": commitment.agreement,
        "title": commitment.title,
        "basis": commitment.basis.value,
        "theme": commitment.theme,
        "parties": list(commitment.parties),
        "quote": commitment.quote,
        "source": told.source,
        "guideline": commitment.guideline,
        **axes(standing.assessment),
        "since": date(standing.since),
        "last_known_since": date(standing.known_since),
        "last_progress": date(standing.advanced),
        "silence_days": round(seen.silence / DAY, 1),
        "thresholds": {
            "quiet": format_duration(limits.quiet),
            "stalled": format_duration(limits.stalled),
            "dormant": format_duration(limits.dormant),
        },
        "dates": [date_body(d, commitment.zone) for d in standing.dates],
        "tier": commitment.tier,
        "last_change": None if told.changed is None else _change(told.changed, told),
        "rules": [_rule(view, told) for view in seen.rules],
        "ignored": [{"update": update, "rule": rule} for update, rule in seen.ignored],
        "too_weak": told.too_weak,
        "unused": told.unused,
        "early": list(seen.early),
        "taken_back": [
            {"update": identity, "by": causes_body([taker])[0]}
            for identity, taker in told.taken_back.items()
        ],
        "updates": _updates(told),
        "coverage": {
            "watched_until": time(seen.watched_until),
            "gaps": [[time(since), time(until)] for since, until in seen.gaps],
        },
        "ahead": [_change(transition, told) for transition in told.ahead],
        "tree": twig_body(derivation(told)),
    }


class _Dates:
    def __init__(self, zone: str) -> None:
        self.zone = zone

    def date(self, instant: Instant | None) -> str | None:
        return None if instant is None else format_date(instant, self.zone)

    def time(self, instant: Instant | None) -> str | None:
        return None if instant is None else format_instant(instant, self.zone)


def _change(transition: Transition, told: Explanation) -> dict[str, Any]:
    return {
        "at": format_instant(transition.at, told.commitment.zone),
        "before": None if transition.before is None else axes(transition.before),
        "after": axes(transition.after),
        "reasons": [reason_body(reason) for reason in transition.reasons],
    }


def _rule(view: RuleView, told: Explanation) -> dict[str, Any]:
    since = view.since
    return {
        "id": view.rule.id,
        "where": str(view.rule.where) if view.rule.where.file else None,
        "then": conclusion_words(view.rule),
        "state": rule_state(view).value,
        "why": rule_words(view, told),
        "note": view.rule.note,
        "since": None if since is None else format_instant(since, told.commitment.zone),
        "times": view.times,
        "stays_until": _Dates(told.commitment.zone).time(view.until),
        "matched": list(view.matched),
        "too_weak": list(view.too_weak),
        "findings": [finding._asdict() for finding in view.findings],
        "parties": [_party(party, told) for party in view.parties],
        "members": [_member(member) for member in view.members],
    }


def _member(member: MemberView) -> dict[str, Any]:
    return {
        "commitment": member.commitment,
        "counted": member.holds,
        "share": member.share,
        **axes(member.assessment),
    }


def _party(party: PartyView, told: Explanation) -> dict[str, Any]:
    since = party.since
    return {
        **party._asdict(),
        "since": None if since is None else format_instant(since, told.commitment.zone),
    }


def _updates(told: Explanation) -> dict[str, Any]:
    def one(identity: str) -> dict[str, Any]:
        update = told.updates[identity]
        return {
            "occurred": update.occurred.text,
            "kind": update.kind,
            "title": update.title,
            "source": update.source,
            "tier": told.tiers[identity],
            "url": update.url,
        }

    ids: Iterable[str] = told.updates
    return {identity: one(identity) for identity in ids}
