"""Why a commitment does not stand as somebody expects: what would bring it, and how far that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.assessment import Activity, Level, Status
from monitor.domain.commitment import ConclusionKind
from monitor.domain.time import LATEST, format_date, format_instant
from monitor.errors import UsageError
from monitor.services.explanation.foresight import looking_on
from monitor.services.explanation.twigs import Twig, clock, dates, replaced, rule_twig, twig_body

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from monitor.domain.assessment import Assessment
    from monitor.domain.inspection import RuleView
    from monitor.services.explanation.inspecting import Explanation

VERSION = 1
_KIND = ConclusionKind
_RISE = (_KIND.ADVANCE, _KIND.DELIVER)
_LEVELS = {level.word: level for level in list(Level)[1:]}

RULES: dict[str, tuple[ConclusionKind, ...]] = {
    "advanced": _RISE,
    "advancing": _RISE,
    "on_track": _RISE,
    **dict.fromkeys(_LEVELS, _RISE),
    "delivered": _RISE,
    "setback": (_KIND.SETBACK,),
    "reversed": (_KIND.REVERSE,),
    "stalled": (_KIND.STALLED,),
    "at_risk": (_KIND.AT_RISK,),
    "ignored": (_KIND.IGNORE,),
}
"""Which conclusions bring what is asked for."""

CLOCKS = ("quiet", "stalled", "dormant", "overdue", "due_soon", "no_data", "superseded")
"""What time brings, without a rule."""

OTHER = ("not_started", "not_rated")

ALIASES = {
    "advance": "advanced",
    "deliver": "delivered",
    "reverse": "reversed",
    "ignore": "ignored",
}
TARGETS = tuple(dict.fromkeys((*RULES, *CLOCKS, *OTHER)))


class WhyNot(NamedTuple):
    """`holds`: it is so already. `hidden`: the headline that comes before it. `ways` lead there."""

    told: Explanation
    target: str
    holds: bool
    hidden: Status | None
    ways: tuple[Twig, ...]
    note: str


def why_not(
    told: Explanation, asked: str, suggest: Callable[[str, Collection[str]], str | None]
) -> WhyNot:
    """What would have to happen, each way with its numbers.

    Args:
        told: the commitment.
        asked: a headline, an activity, a level, a conclusion, or the id of a rule.
        suggest: names near ones of what is not known.

    Raises:
        UsageError: it is none of these.
    """
    seen, word = told.inspection, asked.replace("-", "_")
    target = ALIASES.get(word, word)
    views = (*seen.rules, *seen.ignores)
    named = [view for view in views if view.rule.id == asked]
    if target not in TARGETS and not named:
        known = [*TARGETS, *(view.rule.id for view in views)]
        near = suggest(asked, known)
        raise UsageError(
            f"--why-not {asked}: neither a status nor a rule of {told.commitment.id}"
            + (f", {near}" if near else ""),
            hint=f"ask for one of {', '.join(TARGETS)}, or for the id of a rule",
        )
    a = seen.standing.assessment
    if target not in TARGETS:
        ways = tuple(rule_twig(view, told) for view in named)
        return WhyNot(told, asked, any(w.holds for w in ways), None, ways, "")
    chosen = named + [v for v in views if _leads(v, target) and v not in named]
    ways = tuple(rule_twig(view, told) for view in chosen) + _by_time(told, target)
    holds = _holds(a, target, told)
    named_so = Status(target) if target in set(Status) else None
    hidden = a.status if holds and named_so not in (None, a.status) else None
    return WhyNot(told, target, holds, hidden, ways, _note(told, target, ways))


def _leads(view: RuleView, target: str) -> bool:
    then = view.rule.then
    if then.kind not in RULES.get(target, ()):
        return False
    if then.kind is not _KIND.ADVANCE:
        return True
    wanted = Level.COMPLETE if target == "delivered" else _LEVELS.get(target, Level.NONE)
    return (then.level or Level.NONE) >= wanted


def _by_time(told: Explanation, target: str) -> tuple[Twig, ...]:
    match target:
        case "quiet" | "stalled" | "dormant":
            return (_dated_clock(told, target),)
        case "overdue" | "due_soon":
            return dates(told)
        case "no_data":
            return (_coverage(told),)
        case "superseded":
            return replaced(told)
        case _:
            return ()


def _dated_clock(told: Explanation, name: str) -> Twig:
    """The stall clock, and the day on which it gets there if nothing is heard."""
    twig, c = clock(told, name), told.commitment
    if twig.holds:
        return twig
    advanced = told.inspection.standing.advanced
    watch = looking_on(told.watch, told.view.as_of)
    turn = watch.when(c.start if advanced is None else advanced, getattr(c.thresholds, name))
    day = "" if turn is None else f"; if nothing is heard on {format_date(turn, c.zone)}"
    return twig._replace(text=twig.text + day)


def _coverage(told: Explanation) -> Twig:
    watch, at, zone = told.watch, told.view.as_of, told.commitment.zone
    turn = watch.next_change(at)
    if not watch.covers(at):
        text = "nobody looks now"
    elif turn is None or turn >= LATEST:
        text = "somebody is always looking"
    else:
        text = f"somebody looks; if nobody does any more: from {format_date(turn, zone)}"
    return Twig("coverage", text, not watch.covers(at))


def _holds(a: Assessment, target: str, told: Explanation) -> bool:
    begun = told.inspection.standing.advanced is not None
    answers = {
        "advanced": begun,
        "setback": False,
        "ignored": bool(told.inspection.ignored),
        "stalled": a.activity in (Activity.STALLED, Activity.DORMANT)
        or a.last_known is Status.STALLED,
        "quiet": a.activity is Activity.QUIET,
        "dormant": a.activity is Activity.DORMANT,
        "at_risk": a.standing.value == "at_risk",
        "reversed": a.standing.value == "reversed",
        "superseded": a.standing.value == "superseded",
        "overdue": a.schedule.value == "overdue",
        "due_soon": a.schedule.value == "due_soon",
    }
    if target in _LEVELS:
        return a.level >= _LEVELS[target]
    return answers.get(target, target in (a.status.value, a.last_known.value))


def _note(told: Explanation, target: str, ways: tuple[Twig, ...]) -> str:
    c = told.commitment
    if not c.rated:
        return "it cannot be rated: nothing is concluded about it"
    if target == "not_started" and told.inspection.standing.advanced is not None:
        day = format_date(told.inspection.standing.advanced, c.zone)
        return f"it has begun: its last advance was on {day}"
    if target == "not_rated":
        return "it is rated"
    if ways:
        return ""
    what = {"overdue": "it has no date", "due_soon": "it has no date"}
    return what.get(target, "no rule leads there")


def why_not_body(found: WhyNot) -> dict[str, Any]:
    """The JSON of `monitor explain --why-not`, version 1.

    `{version, as_of, known_at, id, agreement, status, target, holds, hidden_by, note, ways}`; a way
    is a tree: `{kind, text, holds, where, findings: [{text, value, threshold, holds}], updates,
    too_weak, of: […the same]}`. Updates are named by id.
    """
    told = found.told
    c = told.commitment
    return {
        "version": VERSION,
        "as_of": format_instant(told.view.as_of, c.zone),
        "known_at": format_instant(told.view.known_at, c.zone),
        "id": c.id,
        "agreement": c.agreement,
        "status": told.inspection.standing.assessment.status.value,
        "target": found.target,
        "holds": found.holds,
        "hidden_by": None if found.hidden is None else found.hidden.value,
        "note": found.note or None,
        "ways": [twig_body(way) for way in found.ways],
    }
