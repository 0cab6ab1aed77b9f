"""Validated models -> domain values, with everything inherited and resolved.

What a commitment does not say itself comes from, first to last: the profile it names, the file's
`defaults`, the profile that the defaults name, the built-in values. Rules, thresholds and labels
that come from one place are one Python object in every commitment that inherits them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.commitment import (
    About,
    Agreement,
    Commitment,
    CoveragePolicy,
    Indicator,
    Milestone,
    Severity,
    SourceGroup,
    Superseded,
    Thresholds,
)
from monitor.domain.condition import IndicatorTest, MilestoneTest, UpdatePattern, atoms
from monitor.domain.time import format_duration
from monitor.language import convert
from monitor.language.faults import Fault, path_text
from monitor.language.meaning import agreement_hash
from monitor.language.profiles import built_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.domain.commitment import Location, Rule
    from monitor.language.document import Document
    from monitor.language.faults import Path
    from monitor.language.models import (
        AboutModel,
        CommitmentModel,
        CoverageModel,
        HeaderModel,
        Overrides,
    )

STANDARD = "standard"
_CLOCKS = ("quiet", "stalled", "dormant")
_INHERITED = (*_CLOCKS, "due_soon", "tier", "severity")
_BUILT_IN = Thresholds()


class Inherited(NamedTuple):
    """What a commitment gets that says nothing itself. `needs` are (noun, id) its rules ask for."""

    thresholds: Thresholds
    tier: int
    severity: Severity
    labels: tuple[tuple[str, str], ...]
    rules: tuple[Rule, ...]
    needs: tuple[tuple[str, str], ...]


class Builder:
    """Builds the agreement of one file; faults found on the way are added to `faults`."""

    def __init__(self, header: HeaderModel, document: Document, faults: list[Fault]) -> None:
        self.header, self.document, self.faults = header, document, faults
        self.parties = header.parties or ()
        defaults = header.defaults
        self.default_profile = (defaults and defaults.profile) or STANDARD
        self._inherited: dict[str | None, Inherited] = {}
        self._thresholds: dict[Thresholds, Thresholds] = {_BUILT_IN: _BUILT_IN}
        self._start = header.date.start(header.timezone)

    def agreement(self, commitments: Sequence[Commitment]) -> Agreement:
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
        return replace(agreement, hash=agreement_hash(agreement))

    def commitment(self, index: int, model: CommitmentModel) -> Commitment:
        header = self.header
        path = ("commitments", index)
        key = f"{header.agreement}/{model.id}"
        inherited = self.inherited(model.profile)
        thresholds, tier, severity, labels = self.overridden(model, inherited, path)
        if inherited.needs:
            self.check_needs(model, inherited, path)
        return Commitment(
            key=key,
            id=model.id,
            agreement=header.agreement,
            title=model.title,
            quote=model.quote,
            start=model.date.start(header.timezone) if model.date else self._start,
            zone=header.timezone,
            about=_about(model.about, model.id),
            rules=self.rules(model, key, inherited.rules, path),
            guideline=model.guideline or "",
            theme=model.theme,
            basis=model.basis,
            rated=model.rated,
            parties=self.parties if model.parties is None else model.parties,
            tier=tier,
            thresholds=thresholds,
            deadline=model.deadline,
            milestones=self.milestones(model, path) if model.milestones else (),
            indicators=_indicators(model) if model.indicators else (),
            superseded=model.superseded and Superseded(model.superseded.on, model.superseded.by),
            severity=severity,
            labels=labels,
            profile=model.profile or self.default_profile,
            where=self.document.locate(path),
        )

    def inherited(self, named: str | None) -> Inherited:
        """What a commitment that names this profile inherits (None: it names none)."""
        known = self._inherited.get(named)
        if known is None:
            known = self._inherited[named] = self._inherit(named)
        return known

    def _inherit(self, named: str | None) -> Inherited:
        name = named or self.default_profile
        own = (self.header.profiles or {}).get(name)
        profile, document = (own, self.document) if own else built_in(name)
        path: Path = ("profiles", name) if own else ()
        defaults = self.header.defaults
        layers = (profile, defaults) if named else (defaults, profile)
        found = {key: _first(layers, key) for key in _INHERITED}
        thresholds = Thresholds(
            **{key: found[key] or getattr(_BUILT_IN, key) for key in (*_CLOCKS, "due_soon")}
        )
        if any(found[key] for key in _CLOCKS):
            own_clocks = own is not None and any(getattr(own, key) for key in _CLOCKS)
            self.check_clocks(thresholds, path if own_clocks else ("defaults",))
        labels: dict[str, str] = {}
        for layer in reversed(layers):
            labels |= (layer and layer.labels) or {}
        rules = tuple(
            convert.rule(rule, document.locate((*path, "rules", i)), self.resolve)
            for i, rule in enumerate(profile.rules)
        )
        return Inherited(
            self._thresholds.setdefault(thresholds, thresholds),
            found["tier"] or 2,
            found["severity"] or Severity.WARNING,
            convert.labels(labels),
            rules,
            _needs(rules),
        )

    def overridden(
        self, model: CommitmentModel, base: Inherited, path: Path
    ) -> tuple[Thresholds, int, Severity, tuple[tuple[str, str], ...]]:
        clocks = {key: value for key in (*_CLOCKS, "due_soon") if (value := getattr(model, key))}
        thresholds = base.thresholds
        if clocks:
            thresholds = replace(thresholds, **clocks)
            thresholds = self._thresholds.setdefault(thresholds, thresholds)
            at = next((key for key in _CLOCKS if key in clocks), None)
            if at:
                self.check_clocks(thresholds, (*path, at))
        labels = convert.labels(dict(base.labels) | model.labels) if model.labels else base.labels
        return thresholds, model.tier or base.tier, model.severity or base.severity, labels

    def rules(
        self, model: CommitmentModel, key: str, inherited: tuple[Rule, ...], path: Path
    ) -> tuple[Rule, ...]:
        """The profile's rules, then its own; one of its own replaces the profile's of that id."""
        if not model.rules:
            return inherited

        def resolve(reference: str) -> str | None:
            target = self.resolve(reference)
            return None if target == key else target

        replaced = {rule.id for rule in model.rules}
        own = (
            convert.rule(rule, self.document.locate((*path, "rules", i)), resolve)
            for i, rule in enumerate(model.rules)
        )
        return (*(rule for rule in inherited if rule.id not in replaced), *own)

    def resolve(self, reference: str) -> str:
        return reference if "/" in reference else f"{self.header.agreement}/{reference}"

    def milestones(self, model: CommitmentModel, path: Path) -> tuple[Milestone, ...]:
        return tuple(
            Milestone(
                m.id,
                m.title,
                m.due,
                None if m.done is None else convert.pattern(m.done),
                self.document.locate((*path, "milestones", i)),
            )
            for i, m in enumerate(model.milestones)
        )

    def check_clocks(self, thresholds: Thresholds, path: Path) -> None:
        """Quiet comes before stalled, and stalled before dormant."""
        values = [getattr(thresholds, key) for key in _CLOCKS]
        if values[0] < values[1] < values[2]:
            return
        pairs = zip(_CLOCKS, values, strict=True)
        shown = ", ".join(f"{key} {format_duration(value)}" for key, value in pairs)
        message = f"quiet, stalled and dormant must grow in this order, here are {shown}"
        self.fault(path, message, "clock-order", "write for instance 90d, 180d and 365d")

    def check_needs(self, model: CommitmentModel, base: Inherited, path: Path) -> None:
        """A profile's rule may ask for an indicator that a commitment has to declare."""
        declared = {("milestone", m.id) for m in model.milestones}
        declared |= {("indicator", i.id) for i in model.indicators}
        replaced = {rule.id for rule in model.rules}
        for noun, id_ in _needs(tuple(r for r in base.rules if r.id not in replaced)):
            if (noun, id_) not in declared:
                name = model.profile or self.default_profile
                message = f"the profile '{name}' asks for the {noun} '{id_}', which is not declared"
                at = (*path, "profile") if model.profile else path
                self.fault(at, message, f"unknown-{noun}", f"declare it under {noun}s:")

    def fault(self, path: Path, message: str, code: str, hint: str) -> None:
        path = self.document.existing(path)
        where: Location = self.document.locate(path)
        self.faults.append(Fault(where, path_text(path), message, code, hint))


def _first(layers: Iterable[Overrides | None], key: str) -> object:
    return next((value for layer in layers if layer and (value := getattr(layer, key))), None)


def _needs(rules: tuple[Rule, ...]) -> tuple[tuple[str, str], ...]:
    needs: dict[tuple[str, str], None] = {}
    for rule in rules:
        for part in (rule.when, rule.recover):
            for atom in atoms(part) if part else ():
                if isinstance(atom, MilestoneTest):
                    needs["milestone", atom.milestone] = None
                elif isinstance(atom, IndicatorTest):
                    needs["indicator", atom.indicator] = None
    return tuple(needs)


def _about(model: AboutModel | None, id_: str) -> About:
    if model is None:
        return About((id_,))
    where = replace(convert.pattern(model), topics=())
    return About(model.topics or (), None if where == UpdatePattern() else where)


def _indicators(model: CommitmentModel) -> tuple[Indicator, ...]:
    return tuple(
        Indicator(i.id, i.title, i.unit, i.baseline, i.target, i.direction == "at_most")
        for i in model.indicators
    )


def _coverage(model: CoverageModel | None) -> CoveragePolicy:
    if model is None:
        return CoveragePolicy()
    return CoveragePolicy(assumed=bool(model.assumed), grace=model.grace or 0)
