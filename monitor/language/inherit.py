"""What a commitment has that it does not say itself.

It comes from, first to last: the profile it names, the file's `defaults`, the profile that the
defaults name (or `standard`), the built-in values. So a commitment's own choice of a profile beats
the file's defaults, and what the defaults say beats the profile they name.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.commitment import Severity, Thresholds
from monitor.domain.condition import (
    IndicatorTest,
    MilestoneCount,
    MilestoneTest,
    PartyCount,
    atoms,
)
from monitor.domain.time import format_duration
from monitor.language import convert
from monitor.language.profiles import built_in

if TYPE_CHECKING:
    from monitor.domain.commitment import Rule
    from monitor.language.commitments import CommitmentModel
    from monitor.language.document import Document
    from monitor.language.faults import Fault, Path
    from monitor.language.models import HeaderModel, ProfileModel

STANDARD = "standard"
CLOCKS = ("quiet", "stalled", "dormant")
DURATIONS = (*CLOCKS, "due_soon", "dwell")
_BUILT_IN = Thresholds()


class Inherited(NamedTuple):
    """What a commitment gets that says nothing itself. `needs` are (noun, id) its rules ask for."""

    thresholds: Thresholds
    tier: int
    severity: Severity
    labels: tuple[tuple[str, str], ...]
    rules: tuple[Rule, ...]
    needs: tuple[tuple[str, str], ...]
    calendar: tuple[str, ...] = ()


class Inheritance:
    """Resolves profiles and defaults of one file, each combination once."""

    def __init__(self, header: HeaderModel, document: Document, faults: list[Fault]) -> None:
        self.header, self.document, self.faults = header, document, faults
        defaults = header.defaults
        self.default_profile = (defaults and defaults.profile) or STANDARD
        self._known: dict[str | None, Inherited] = {}
        self._thresholds: dict[Thresholds, Thresholds] = {_BUILT_IN: _BUILT_IN}

    def of(self, named: str | None) -> Inherited:
        """What a commitment that names this profile inherits (None: it names none)."""
        known = self._known.get(named)
        if known is None:
            known = self._known[named] = self._inherit(named)
        return known

    def overridden(self, model: CommitmentModel, base: Inherited, path: Path) -> Inherited:
        """`base` with what the commitment at `path` says itself."""
        clocks = {key: value for key in DURATIONS if (value := getattr(model, key))}
        if clocks:
            thresholds = self._interned(replace(base.thresholds, **clocks))
            base = base._replace(thresholds=thresholds)
            first = next((key for key in CLOCKS if key in clocks), None)
            if first:
                self._check_clocks(thresholds, (*path, first))
        if model.labels:
            base = base._replace(labels=convert.labels(dict(base.labels) | model.labels))
        if model.calendar:
            base = base._replace(calendar=model.calendar)
        if model.tier or model.severity:
            tier, severity = model.tier or base.tier, model.severity or base.severity
            base = base._replace(tier=tier, severity=severity)
        return base

    def resolve(self, reference: str) -> str:
        """The key of the commitment that a rule of this file refers to."""
        return reference if "/" in reference else f"{self.header.agreement}/{reference}"

    def _inherit(self, named: str | None) -> Inherited:
        name = named or self.default_profile
        own = (self.header.profiles or {}).get(name)
        profile = own or built_in(name)[0]
        path: Path = ("profiles", name) if own else ()
        defaults = self.header.defaults
        layers = (profile, defaults) if named else (defaults, profile)
        found: dict[str, Any] = {}
        labels: dict[str, str] = {}
        for layer in reversed(layers):
            if layer is not None:
                keys = (*DURATIONS, "tier", "severity", "calendar")
                found |= {key: value for key in keys if (value := getattr(layer, key))}
                labels |= layer.labels or {}
        thresholds = replace(_BUILT_IN, **{key: found[key] for key in DURATIONS if key in found})
        if any(key in found for key in CLOCKS):
            own_clocks = own is not None and any(getattr(own, key) for key in CLOCKS)
            self._check_clocks(thresholds, path if own_clocks else ("defaults",))
        rules = self._rules(profile, path) if own else built_in_rules(name)
        return Inherited(
            self._interned(thresholds),
            found.get("tier", 2),
            found.get("severity", Severity.WARNING),
            convert.labels(labels),
            rules,
            needs(rules),
            found.get("calendar", ()),
        )

    def _rules(self, profile: ProfileModel, path: Path) -> tuple[Rule, ...]:
        return tuple(
            convert.rule(rule, self.document.locate((*path, "rules", i)), self.resolve)
            for i, rule in enumerate(profile.rules)
        )

    def _interned(self, thresholds: Thresholds) -> Thresholds:
        return self._thresholds.setdefault(thresholds, thresholds)

    def _check_clocks(self, thresholds: Thresholds, path: Path) -> None:
        """Quiet comes before stalled, and stalled before dormant."""
        values = [getattr(thresholds, key) for key in CLOCKS]
        if values[0] < values[1] < values[2]:
            return
        pairs = zip(CLOCKS, values, strict=True)
        shown = ", ".join(f"{key} {format_duration(value)}" for key, value in pairs)
        message = f"quiet, stalled and dormant must grow in this order, here are {shown}"
        hint = "give all three, for instance 90d, 180d and 365d"
        self.faults.append(self.document.fault(path, message, "clock-order", hint))


@cache
def built_in_rules(name: str) -> tuple[Rule, ...]:
    """The rules of a built-in profile, the same for every file: they name no commitment."""
    profile, document = built_in(name)
    return tuple(
        convert.rule(rule, document.locate(("rules", i)), str)
        for i, rule in enumerate(profile.rules)
    )


def needs(rules: tuple[Rule, ...]) -> tuple[tuple[str, str], ...]:
    """The milestones, indicators, weights and parties that conditions ask for, as (noun, id).

    Of parties any will do: ("party", "").
    """
    found: dict[tuple[str, str], None] = {}
    for rule in rules:
        for part in (rule.when, rule.recover):
            for atom in atoms(part) if part else ():
                if isinstance(atom, MilestoneTest):
                    found["milestone", atom.milestone] = None
                elif isinstance(atom, MilestoneCount):
                    found |= dict.fromkeys(("milestone", id_) for id_ in atom.milestones)
                elif isinstance(atom, IndicatorTest):
                    found["indicator", atom.indicator] = None
                elif isinstance(atom, PartyCount):
                    found["party", ""] = None
                    if atom.share is not None and atom.share.of is not None:
                        found["weights", atom.share.of] = None
    return tuple(found)
