"""Validated rules -> the values that the engine compiles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from monitor.domain import condition as c
from monitor.domain.assessment import Level
from monitor.domain.calendar import PLAIN, calendar_of
from monitor.domain.commitment import Conclusion, ConclusionKind, Rule
from monitor.domain.due import After, Move, Unit
from monitor.domain.recurring import Recurring

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitor.domain.due import Due
    from monitor.domain.location import Location
    from monitor.language.conditions import ConditionModel, MilestoneTestModel
    from monitor.language.counting import MilestonesModel, PartiesModel, PercentRange, ShareModel
    from monitor.language.deadline import DeadlineModel, SlipsModel
    from monitor.language.due import DueModel, MoveModel
    from monitor.language.patterns import PatternModel, RangeModel, TextModel
    from monitor.language.rollup import CommitmentsModel, MembersModel
    from monitor.language.rules import ConclusionModel, RuleModel
    from monitor.language.status import AxesModel, LevelsModel, StatusModel
    from monitor.language.steps import MilestoneModel

    Resolve = Callable[[str], str | None]
    """A reference as written -> the key of a commitment, None for the one that asks."""


def rule(model: RuleModel, where: Location, resolve: Resolve) -> Rule:
    return Rule(
        id=model.id,
        when=condition(model.when, resolve),
        then=conclusion(model.then),
        hold=model.for_ or 0,
        dwell=model.dwell or 0,
        recover=condition(model.recover, resolve) if model.recover else None,
        severity=model.severity,
        labels=labels(model.labels),
        message=model.message,
        note=model.note,
        where=where,
    )


def labels(given: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(given.items())) if given else ()


def conclusion(model: ConclusionModel) -> Conclusion:
    word = model.word
    value = getattr(model, word, None)
    if word in ("advance", "setback"):
        return Conclusion(_KINDS[word], level=Level[str(value).upper()])
    return Conclusion(_KINDS[word], reason=value)


_KINDS = {kind.value: kind for kind in ConclusionKind}


def condition(model: ConditionModel, resolve: Resolve) -> c.Condition:
    (key,) = model.model_fields_set
    return _BUILD[key](getattr(model, key), resolve)


def due(model: DueModel | None, places: tuple[str, ...]) -> Due | None:
    """A calendar is a part of those dates only that count working days."""
    if model is None or model.within is None:
        return None if model is None else model.date
    working = model.within.unit is Unit.WORKING_DAY
    after = model.after
    return After(
        model.within,
        None if after is None else after.milestone,
        None if after is None else after.date,
        calendar_of(places) if working else PLAIN,
    )


def moved(models: Sequence[MoveModel]) -> tuple[Move, ...]:
    return tuple(Move(m.to, m.on, m.by, m.url or "") for m in models)


def recurring(model: MilestoneModel) -> Recurring | None:
    return None if model.every is None else Recurring(model.every, model.from_, model.until)


def pattern(model: PatternModel, *, without: str | None = None) -> c.UpdatePattern:
    """Only what is given is passed on: most patterns ask one or two things."""
    asked: dict[str, Any] = {}
    for name in model.model_fields_set - {without}:
        value = getattr(model, name)
        if name in ("title", "text", "url"):
            value = _text(value)
        elif name == "value":
            value = _range(value)
        asked[name] = value
    return c.UpdatePattern(**asked)


def _text(model: TextModel) -> c.TextTest:
    return c.TextTest(model.any or (), model.all or (), model.none or (), model.regex)


def _range(model: RangeModel | None) -> c.Range | None:
    if model is None:
        return None
    return c.Range(model.at_least, model.at_most, model.above, model.below)


def _percent(model: PercentRange) -> c.Range:
    return c.Range(model.at_least, model.at_most, model.above, model.below)


def _share(model: ShareModel | None) -> c.Share | None:
    return None if model is None else c.Share(_percent(model), model.of)


def _parties(m: PartiesModel, _: Resolve) -> c.PartyCount:
    undone = None if m.undone_by is None else pattern(m.undone_by)
    return c.PartyCount(pattern(m.update), undone, m.at_least, m.at_most, _share(m.share))


def _levels(model: LevelsModel | None) -> tuple[int | None, int | None]:
    def number(word: str | None) -> int | None:
        return None if word is None else int(Level[word.upper()])

    return (number(model.at_least), number(model.at_most)) if model else (None, None)


def _status(model: StatusModel, resolve: Resolve) -> c.StatusTest:
    test = _axes(model)
    return replace(test, commitment=resolve(model.commitment)) if model.commitment else test


def _axes(model: AxesModel) -> c.StatusTest:
    least, most = _levels(model.level)
    return c.StatusTest(
        level_at_least=least,
        level_at_most=most,
        activity=model.activity or (),
        schedule=model.schedule or (),
        standing=model.standing or (),
        status=model.status or (),
        last_known=model.last_known or (),
    )


def members(model: MembersModel, resolve: Resolve) -> c.Members:
    """As they are written; a theme alone is one of the agreement that says so."""
    if model.of is None:
        return c.Members((), model.agreement or "", model.theme)
    keys = ((resolve(reference), weight) for reference, weight in model.of.items())
    return c.Members(tuple((key, weight) for key, weight in keys if key is not None))


def _commitments(m: CommitmentsModel, resolve: Resolve) -> c.CommitmentCount:
    every = m.at_least == "all"
    least = m.at_least if isinstance(m.at_least, int) else None
    share = None if m.share is None else _percent(m.share)
    return c.CommitmentCount(members(m, resolve), _axes(m), least, m.at_most, share, every)


def _indicator(m: Any, _: Resolve) -> c.IndicatorTest:
    return c.IndicatorTest(
        m.indicator,
        _range(m.value),
        _range(m.change),
        m.within,
        m.trend,
        m.target,
        None if m.pace is None else _percent(m.pace),
    )


def _milestones(m: MilestonesModel, _: Resolve) -> c.MilestoneCount:
    share = None if m.share is None else _percent(m.share)
    return c.MilestoneCount(m.is_, m.of or (), m.at_least, m.at_most, share)


def _slips(m: SlipsModel | None) -> c.Slips | None:
    return None if m is None else c.Slips(m.at_least, m.at_most)


def _current(m: DeadlineModel | MilestoneTestModel) -> c.Deadline:
    assert m.current is not None  # noqa: S101 - asked before
    return c.Deadline(m.current.within, bool(m.current.passed), current=True)


def _deadline(m: DeadlineModel) -> c.Deadline:
    if m.current is not None:
        return _current(m)
    return c.Deadline(m.within, bool(m.passed), slips=_slips(m.slips))


_BUILD: dict[str, Callable[[Any, Resolve], c.Condition]] = {
    "update": lambda m, _: c.OnUpdate(pattern(m)),
    "count": lambda m, _: c.Count(pattern(m.update), m.within, m.at_least, m.at_most),
    "parties": _parties,
    "silence": lambda m, _: c.Silence(m.for_, None if m.update is None else pattern(m.update)),
    "sequence": lambda m, _: c.Sequence(tuple(pattern(s) for s in m.steps), m.within),
    "indicator": _indicator,
    "milestone": lambda m, _: c.MilestoneTest(
        m.milestone,
        m.is_ or (),
        _slips(m.slips),
        None if m.current is None else _current(m),
        _slips(m.missed),
    ),
    "milestones": _milestones,
    "deadline": lambda m, _: _deadline(m),
    "status": _status,
    "commitments": _commitments,
    "all_": lambda m, resolve: c.All(tuple(condition(part, resolve) for part in m)),
    "any_": lambda m, resolve: c.Any(tuple(condition(part, resolve) for part in m)),
    "not_": lambda m, resolve: c.Not(condition(m, resolve)),
}
