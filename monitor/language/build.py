"""Validated models -> domain values.

Rules, thresholds and labels that come from one place are one Python object in every commitment
that inherits them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.domain.commitment import (
    About,
    Agreement,
    Commitment,
    CoveragePolicy,
    Indicator,
    Milestone,
    SourceGroup,
    Superseded,
    Weights,
)
from monitor.domain.condition import UpdatePattern
from monitor.domain.statuses import Needs, PerParty, RollUp
from monitor.language import convert
from monitor.language.generated import roll_up_rules
from monitor.language.inherit import Inheritance, Inherited, needs
from monitor.language.meaning import agreement_hash
from monitor.language.parts import unhurried
from monitor.language.periods import check_periods

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.commitment import Rule
    from monitor.language.commitments import AboutModel, CommitmentModel, SupersededModel
    from monitor.language.document import Document
    from monitor.language.faults import Fault, Path
    from monitor.language.models import CoverageModel, HeaderModel
    from monitor.language.rollup import RollUpModel


_ANY = UpdatePattern()
MADE_OF_OTHERS = "none"
"""The profile of a commitment that is made of others, where it names none."""


class Builder:
    """Builds the agreement of one file; faults found on the way are added to `faults`."""

    def __init__(self, header: HeaderModel, document: Document, faults: list[Fault]) -> None:
        self.header, self.document, self.faults = header, document, faults
        self.parties = header.parties or ()
        self.inheritance = Inheritance(header, document, faults)
        self._start = header.date.start(header.timezone)
        self._weights = {
            id_: Weights(id_, tuple(sorted(model.parties.items())), model.total)
            for id_, model in (header.weights or {}).items()
        }

    def agreement(self, commitments: Sequence[Commitment], *, digest: bool = True) -> Agreement:
        """The whole; without `digest` it has no hash, for who only looks at it."""
        header = self.header
        agreement = Agreement(
            id=header.agreement,
            title=header.title,
            date=header.date,
            zone=header.timezone,
            commitments=tuple(commitments),
            parties=self.parties,
            source=header.source,
            kinds=header.kinds or (),
            sources=tuple(
                SourceGroup(id_, group.tier, group.hosts or (), group.names or ())
                for id_, group in (header.sources or {}).items()
            ),
            coverage=_coverage(header.coverage),
            file=self.document.file,
        )
        return replace(agreement, hash=agreement_hash(agreement)) if digest else agreement

    def commitment(self, index: int, model: CommitmentModel) -> Commitment:
        header = self.header
        path = ("commitments", index)
        key = f"{header.agreement}/{model.id}"
        inherited = self.inheritance.of(
            model.profile or (MADE_OF_OTHERS if model.roll_up else None)
        )
        own = self.inheritance.overridden(model, inherited, path)
        if inherited.needs:
            self.check_needs(model, inherited, path)
        rules = self.rules(model, key, inherited.rules, path)
        return Commitment(
            key=key,
            id=model.id,
            agreement=header.agreement,
            title=model.title,
            quote=model.quote,
            start=model.date.start(header.timezone) if model.date else self._start,
            zone=header.timezone,
            about=_about(model.about, model.id),
            rules=rules,
            guideline=model.guideline or "",
            theme=model.theme,
            basis=model.basis,
            rated=model.rated,
            parties=self.parties if model.parties is None else model.parties,
            tier=own.tier,
            thresholds=unhurried(own.thresholds) if _by_others(model) else own.thresholds,
            deadline=convert.due(model.deadline, own.calendar),
            moved=convert.moved(model.moved) if model.moved else (),
            milestones=self.milestones(model, path, own.calendar) if model.milestones else (),
            indicators=_indicators(model) if model.indicators else (),
            weights=self.weights(rules, model) if self._weights else (),
            roll_up=None if model.roll_up is None else self.roll_up(model.roll_up, key),
            per_party=None
            if model.per_party is None
            else PerParty(model.per_party.needs, model.per_party.of),
            superseded=_superseded(model.superseded),
            severity=own.severity,
            labels=own.labels,
            profile=model.profile or self.inheritance.default_profile,
            where=self.document.locate(path),
        )

    def rules(
        self, model: CommitmentModel, key: str, inherited: tuple[Rule, ...], path: Path
    ) -> tuple[Rule, ...]:
        """The profile's rules, then its own; one of its own replaces the profile's of that id.

        What a roll-up means comes before both.
        """
        if model.roll_up:
            made = roll_up_rules(
                self.roll_up(model.roll_up, key), self.document.locate((*path, "roll_up"))
            )
            inherited = (*made, *inherited)
        if not model.rules:
            return inherited
        resolve = self.resolver(key)
        replaced = {rule.id for rule in model.rules}
        places = self.document.items((*path, "rules"))
        own = (
            convert.rule(rule, place, resolve)
            for rule, place in zip(model.rules, places, strict=True)
        )
        return (*(rule for rule in inherited if rule.id not in replaced), *own)

    def milestones(
        self, model: CommitmentModel, path: Path, calendar: tuple[str, ...]
    ) -> tuple[Milestone, ...]:
        zone = self.header.timezone
        start = model.date.start(zone) if model.date else self._start
        self.faults += check_periods(model, self.document, path, start, zone)
        return tuple(
            Milestone(
                m.id,
                m.title,
                convert.due(m.due, calendar),
                None if m.done is None else convert.pattern(m.done),
                convert.moved(m.moved) if m.moved else (),
                convert.recurring(m),
                self.document.locate((*path, "milestones", i)),
            )
            for i, m in enumerate(model.milestones)
        )

    def resolver(self, key: str) -> convert.Resolve:
        """How the commitment `key` names others, and itself."""

        def resolve(reference: str) -> str | None:
            target = self.inheritance.resolve(reference)
            return None if target == key else target

        return resolve

    def roll_up(self, model: RollUpModel, key: str) -> RollUp:
        return RollUp(convert.members(model, self.resolver(key)), model.needs or Needs(every=True))

    def weights(self, rules: tuple[Rule, ...], model: CommitmentModel) -> tuple[Weights, ...]:
        """Those that the rules ask for, and the whole of a commitment per party."""
        asked = {id_ for noun, id_ in needs(rules) if noun == "weights"}
        asked |= {model.per_party.of} if model.per_party and model.per_party.of else set()
        return tuple(weights for id_, weights in self._weights.items() if id_ in asked)

    def check_needs(self, model: CommitmentModel, base: Inherited, path: Path) -> None:
        """A profile's rule may ask for an indicator that a commitment has to declare."""
        declared = {("milestone", m.id) for m in model.milestones}
        declared |= {("indicator", i.id) for i in model.indicators}
        declared |= {("weights", id_) for id_ in self._weights}
        if model.parties or (model.parties is None and self.parties):
            declared.add(("party", ""))
        replaced = {rule.id for rule in model.rules}
        name = model.profile or self.inheritance.default_profile
        at = (*path, "profile") if model.profile else path
        for noun, id_ in needs(tuple(r for r in base.rules if r.id not in replaced)):
            if (noun, id_) in declared:
                continue
            message = f"the profile '{name}' asks for the {noun} '{id_}', which is not declared"
            code, hint = f"unknown-{noun}", f"declare it under {noun}s:"
            if noun == "party":
                message = f"the profile '{name}' counts parties, but none are listed"
                code, hint = "no-parties", "list them under parties:"
            self.faults.append(self.document.fault(at, message, code, hint))


def _by_others(model: CommitmentModel) -> bool:
    """Whether others say when it is stalled: it is made of them, and has no such clock itself."""
    return model.roll_up is not None and not (model.stalled or model.dormant)


def _about(model: AboutModel | None, id_: str) -> About:
    if model is None:
        return About((id_,))
    where = convert.pattern(model, without="topics")
    return About(model.topics or (), None if where == _ANY else where)


def _indicators(model: CommitmentModel) -> tuple[Indicator, ...]:
    return tuple(
        Indicator(
            i.id,
            i.title,
            i.unit,
            i.baseline,
            i.target,
            i.direction == "at_most",
            i.baseline_date,
            i.target_date,
        )
        for i in model.indicators
    )


def _coverage(model: CoverageModel | None) -> CoveragePolicy:
    if model is None:
        return CoveragePolicy()
    return CoveragePolicy(assumed=bool(model.assumed), grace=model.grace or 0)


def _superseded(model: SupersededModel | None) -> Superseded | None:
    return None if model is None else Superseded(model.on, model.by)
