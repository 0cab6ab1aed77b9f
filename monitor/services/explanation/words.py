"""A rule that was looked at, in words: what it concludes, why it holds, what it lacks."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from monitor.domain.commitment import EVENTS
from monitor.domain.condition import Count, OnUpdate, Silence, atoms
from monitor.domain.time import format_date, format_duration

if TYPE_CHECKING:
    from monitor.domain.commitment import Rule
    from monitor.domain.inspection import Finding, MemberView, PartyView, RuleView
    from monitor.services.explanation.inspecting import Explanation


class RuleState(StrEnum):
    """`holds`: its conclusion stands. `matched`: it has spoken. `waits`: it has not."""

    HOLDS = "holds"
    MATCHED = "matched"
    WAITS = "waits"


def rule_state(view: RuleView) -> RuleState:
    """How a rule stands at the instant of the inspection."""
    if view.active or (view.holds and view.rule.then.kind not in EVENTS):
        return RuleState.HOLDS
    if view.matched and _by_update(view.rule) and not _short(view):
        return RuleState.MATCHED
    return RuleState.HOLDS if view.holds else RuleState.WAITS


def conclusion_words(rule: Rule) -> str:
    """What a rule concludes: "advance to limited"."""
    then = rule.then
    text = then.kind.value.replace("_", " ")
    return f"{text} to {then.level.word}" if then.level is not None else text


def rule_words(view: RuleView, told: Explanation) -> str:
    """Why the rule holds, or why not, in one sentence."""
    lasting = view.rule.then.kind not in EVENTS
    reason = f"{view.rule.then.reason}; " if view.rule.then.reason and view.active else ""
    if view.since is not None and (view.active or view.holds):
        since = format_date(view.since, told.commitment.zone)
        if lasting and not view.active:
            hold = format_duration(view.rule.hold)
            return f"true since {since}, but not yet for {hold}"
        return f"{reason}since {since}{_stay_words(view, told)}"
    short = _short(view)
    if short:
        return "; ".join(short)
    parts = []
    if view.matched:
        parts.append(_matched_words(view, told))
        if lasting:
            parts.append("its recovery holds" if view.recovered else "over since")
    if view.too_weak:
        parts.append(_weak_words(view, told))
    if not parts:
        parts.append("true now" if view.holds else "no update has matched")
    return "; ".join(parts)


def counted_words(view: RuleView, told: Explanation) -> list[str]:
    """Who has done what a rule counts, and who has not, a line for each."""
    done = [_party(p) for p in view.parties if p.since is not None]
    missing = [_party(p) for p in view.parties if p.since is None]
    done += [_member(m, told) for m in view.members if m.holds]
    missing += [_member(m, told) for m in view.members if not m.holds]
    lines = [("counted", done), ("missing", missing)]
    return [f"{word} ({len(some)}): {_some(some)}" for word, some in lines if some]


def _party(party: PartyView) -> str:
    return f"{party.party} {party.share}".rstrip()


def _member(member: MemberView, told: Explanation) -> str:
    name = member.commitment.removeprefix(f"{told.commitment.agreement}/")
    level, known = member.assessment.level.word, member.assessment.last_known.value
    return " ".join(filter(None, (name, member.share, f"({level}, {known.replace('_', ' ')})")))


def _some(names: list[str]) -> str:
    more = len(names) - _NAMED
    shown = ", ".join(names[:_NAMED])
    return f"{shown} and {more} more" if more > 0 else shown


_NAMED = 20
"""So many parties are named; the rest is counted, and `--output json` has them all."""


def _stay_words(view: RuleView, told: Explanation) -> str:
    """What a dwell does to a conclusion that stands."""
    text = "" if view.times == 1 else f", began {view.times} times since then"
    if view.until is None:
        return text
    until = format_date(view.until, told.commitment.zone)
    dwell = format_duration(view.rule.dwell or told.commitment.thresholds.dwell)
    return f"{text}; its condition is over, it stays until {until} (dwell {dwell})"


def _short(view: RuleView) -> list[str]:
    """What a condition still lacks, in numbers."""
    if view.holds:
        return []
    lacking = [finding for finding in view.findings if not finding.holds]
    if any(f.text.startswith("the indicator has") for f in lacking):
        return ["the indicator has too few values yet"]
    return [finding_words(finding) for finding in lacking]


def finding_words(finding: Finding) -> str:
    """In words, for instance "2 of 3 matching updates within 90d"."""
    sign, _, number = finding.threshold.partition(" ")
    if sign == ">=" and finding.text.startswith(
        ("matching", "watched", "parties", "milestones", "commitments")
    ):
        return f"{finding.value} of {number} {finding.text}"
    if not number:
        return f"{finding.text}: {finding.value}"
    return f"{finding.text}: {finding.value}, not {finding.threshold}"


def _matched_words(view: RuleView, told: Explanation) -> str:
    count = len(view.matched)
    dates = [told.updates[i].occurred.text for i in view.matched if i in told.updates]
    noun = "update" if count == 1 else "updates"
    when = f", {dates[0]}" if count == 1 and dates else f", the last {dates[-1]}" if dates else ""
    return f"{count} {noun} matched{when}"


def _weak_words(view: RuleView, told: Explanation) -> str:
    count = len(view.too_weak)
    noun = "1 matching update" if count == 1 else f"{count} matching updates"
    tiers = sorted({told.tiers[i] for i in view.too_weak if i in told.tiers})
    shown = " and ".join(map(str, tiers)) or "too weak"
    whose = "its source is" if count == 1 else "their sources are"
    return f"{noun}, but {whose} tier {shown} and tier {_needed(view.rule, told)} is needed"


def _needed(rule: Rule, told: Explanation) -> int:
    """The weakest tier that counts in a rule."""
    own = [atom.update.tier for atom in _updates(rule) if atom.update is not None]
    given = [tier for tier in own if tier is not None]
    return max(given) if given else told.commitment.tier


def _by_update(rule: Rule) -> bool:
    return any(isinstance(atom, OnUpdate) for atom in atoms(rule.when))


def _updates(rule: Rule) -> list[OnUpdate | Count | Silence]:
    return [a for a in atoms(rule.when) if isinstance(a, OnUpdate | Count | Silence)]
