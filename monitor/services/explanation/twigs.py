"""The derivation of a commitment as a tree of sentences: for the eye, for programs, for figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.commitment import EVENTS, ConclusionKind
from monitor.domain.time import DAY, NEVER, format_date, format_duration
from monitor.services.explanation.words import conclusion_words, finding_words, rule_words
from monitor.services.views.dates import date_words

if TYPE_CHECKING:
    from monitor.domain.inspection import Branch, Finding, RuleView
    from monitor.services.explanation.inspecting import Explanation

_SAYS = {
    "all": "all of these",
    "any": "any of these",
    "not": "not this",
    "update": "an update",
}
_NAMED = 12


class Twig(NamedTuple):
    """One sentence, whether it holds (None: it is no question), and what it rests on.

    `kind` is `headline`, `axis`, `rule`, `recover`, `report`, or the key of a condition. `branch`
    is what the engine saw, where it is a part of a condition.
    """

    kind: str
    text: str
    holds: bool | None = None
    where: str = ""
    of: tuple[Twig, ...] = ()
    branch: Branch | None = None


def derivation(told: Explanation) -> Twig:
    """The whole tree: the headline, its four axes, the rules behind them, their conditions."""
    standing = told.inspection.standing
    a, zone = standing.assessment, told.commitment.zone
    since = format_date(standing.since, zone)
    text = f"{a.status.value} since {since}".replace("_", " ")
    if not told.commitment.rated:
        return Twig("headline", text, where=str(told.commitment.where))
    risen = {ConclusionKind.ADVANCE, ConclusionKind.DELIVER, ConclusionKind.SETBACK}
    axes = (
        _axis("level", a.level.word, _rules(told, risen)),
        _axis(
            "activity",
            a.activity.value,
            (
                *(clock(told, name) for name in ("quiet", "stalled", "dormant")),
                *_rules(told, {ConclusionKind.STALLED}),
            ),
        ),
        _axis("schedule", a.schedule.value, dates(told)),
        _axis(
            "standing",
            a.standing.value,
            _rules(told, {ConclusionKind.AT_RISK, ConclusionKind.REVERSE}) + replaced(told),
        ),
    )
    set_aside = tuple(rule_twig(view, told) for view in told.inspection.ignores)
    return Twig("headline", text, where=str(told.commitment.where), of=(*axes, *set_aside))


def _axis(name: str, value: str, of: tuple[Twig, ...]) -> Twig:
    return Twig("axis", f"{name}: {value.replace('_', ' ')}", of=of)


def _rules(told: Explanation, kinds: set[ConclusionKind]) -> tuple[Twig, ...]:
    views = told.inspection.rules
    return tuple(rule_twig(view, told) for view in views if view.rule.then.kind in kinds)


def clock(told: Explanation, name: str) -> Twig:
    """How far the stall clock is: "41d of 180d watched since the last advance"."""
    seen, limit = told.inspection, getattr(told.commitment.thresholds, name)
    if limit == NEVER:
        return Twig("silence", f"{name}: never by itself, others say when", holds=False)
    since = "its start" if seen.standing.advanced is None else "the last advance"
    text = f"{name}: {seen.silence // DAY}d of {format_duration(limit)} watched since {since}"
    return Twig("silence", text, seen.silence >= limit)


def dates(told: Explanation) -> tuple[Twig, ...]:
    """Each date by itself, and whether it is overdue."""
    return tuple(
        Twig("deadline", date_words(date, told.commitment), date.schedule.value == "overdue")
        for date in told.inspection.standing.dates
    )


def replaced(told: Explanation) -> tuple[Twig, ...]:
    """Its date of replacement, where it has one."""
    over = told.commitment.superseded
    if over is None:
        return ()
    passed = over.on.start(told.commitment.zone) <= told.view.as_of
    return (Twig("superseded", f"superseded on {over.on.text} by {over.by}", passed),)


def rule_twig(view: RuleView, told: Explanation) -> Twig:
    """A rule with its condition, and with what ends it while it stands."""
    rule = view.rule
    head = f"rule {rule.id}: {conclusion_words(rule)}"
    if rule.then.kind is ConclusionKind.IGNORE:
        count = len(view.matched)
        text = f"{head}; {count} update{'' if count == 1 else 's'} dropped"
        spoken = count > 0
    else:
        text = f"{head}; {rule_words(view, told)}"
        spoken = view.active or view.holds or (rule.then.kind in EVENTS and bool(view.matched))
    of = [branch_twig(view.tree, told)]
    if view.recovery is not None:
        of.append(Twig("recover", "it ends when", None, of=(branch_twig(view.recovery, told),)))
    return Twig("rule", text, spoken, str(rule.where) if rule.where.file else "", tuple(of))


def branch_twig(branch: Branch, told: Explanation) -> Twig:
    """A part of a condition, with the updates and those it counts below it."""
    if branch.of:
        of = tuple(branch_twig(each, told) for each in branch.of)
        return Twig(branch.kind, _SAYS[branch.kind], branch.holds, of=of, branch=branch)
    below = [Twig("report", report_words(i, told)) for i in branch.updates[-_NAMED:]]
    below += [Twig("report", f"too weak: {report_words(i, told)}") for i in branch.too_weak]
    return Twig(
        branch.kind, branch_words(branch, told), branch.holds, of=tuple(below), branch=branch
    )


def branch_words(branch: Branch, told: Explanation) -> str:
    """What a part of a condition comes to: numbers against what is asked, and who is missing."""
    parts = [_finding(f) for f in branch.findings]
    if branch.kind == "update":
        count = len(branch.updates)
        parts.append(f"{count} matched so far" if count else "none has matched")
    missing = [p.party for p in branch.parties if p.since is None]
    missing += [
        m.commitment.removeprefix(f"{told.commitment.agreement}/")
        for m in branch.members
        if not m.holds
    ]
    if missing:
        more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        parts.append(f"missing: {', '.join(missing[:_NAMED])}{more}")
    if branch.too_weak:
        tiers = sorted({told.tiers[i] for i in branch.too_weak if i in told.tiers})
        shown = " and ".join(map(str, tiers))
        parts.append(f"{len(branch.too_weak)} too weak: tier {shown} where {branch.tier} is asked")
    asked = f" ({branch.asks})" if branch.asks else ""
    return f"{_SAYS.get(branch.kind, branch.kind)}{asked}: {'; '.join(parts)}"


def _finding(finding: Finding) -> str:
    if not finding.holds or finding.threshold in ("yes", "no"):
        return finding_words(finding)
    return f"{finding.text}: {finding.value} ({finding.threshold})"


def report_words(identity: str, told: Explanation) -> str:
    """An update in one line, with its tier."""
    update = told.updates.get(identity)
    if update is None:
        return identity
    source = f"{update.source or 'no source'}, tier {told.tiers[identity]}"
    return f"{update.occurred.text} {update.kind} “{update.title}” ({source})"


def twig_body(twig: Twig) -> dict[str, Any]:
    """A twig, JSON-ready: {kind, text, holds, where, findings, updates, too_weak, of}."""
    branch = twig.branch
    found = () if branch is None else branch.findings
    return {
        "kind": twig.kind,
        "text": twig.text,
        "holds": twig.holds,
        "where": twig.where or None,
        "findings": [f._asdict() for f in found],
        "updates": [] if branch is None else list(branch.updates),
        "too_weak": [] if branch is None else list(branch.too_weak),
        "of": [twig_body(each) for each in twig.of],
    }
