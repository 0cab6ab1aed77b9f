"""Lints about single rules: those that can never fire, or fire always."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.commitment import ConclusionKind
from monitor.domain.condition import (
    All,
    Any,
    Count,
    IndicatorTest,
    OnUpdate,
    Sequence,
    Silence,
    atoms,
)
from monitor.domain.time import HOUR, format_duration
from monitor.language import convert
from monitor.language.lints.never import Setting, never
from monitor.language.lints.note import warning
from monitor.language.lints.patterns import contradiction
from monitor.language.lints.undoing import undoes_itself

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.commitment import Commitment, Rule
    from monitor.domain.condition import Condition, UpdatePattern
    from monitor.language.document import Document
    from monitor.language.draft import Reading
    from monitor.language.faults import Fault, Path

_SINGLE = ("kind", "milestone", "indicator")
"""Fields of which an update has one value."""


def lint_rules(reading: Reading) -> Iterator[Fault]:
    agreement, document, header = reading.agreement, reading.document, reading.header
    if agreement is None or document is None or header is None:
        return
    for name, profile in (header.profiles or {}).items():
        for number, model in enumerate(profile.rules):
            path: Path = ("profiles", name, "rules", number)
            rule = convert.rule(model, document.locate(path), lambda reference: reference)
            yield from _rule(rule, path, document, Setting())
    for index, commitment in enumerate(agreement.commitments):
        setting = Setting(commitment, _ignored(commitment))
        raw = document.data["commitments"][index].get("rules", ())
        own = commitment.rules[len(commitment.rules) - len(raw) :]
        for number, rule in enumerate(own):
            path = ("commitments", index, "rules", number)
            yield from _rule(rule, path, document, setting)
            yield from _outside(rule, path, document, commitment)
        for number, milestone in enumerate(commitment.milestones):
            reason = milestone.done and contradiction(milestone.done)
            if reason:
                path = ("commitments", index, "milestones", number, "done")
                message = f"no update can mean that it is done: {reason}"
                yield warning(document, path, "never-matches", message)


def _ignored(commitment: Commitment) -> tuple[tuple[str, UpdatePattern], ...]:
    """(rule, pattern) of everything that is ignored whatever else an update says."""
    return tuple(
        (rule.id, pattern)
        for rule in commitment.rules
        if rule.then.kind is ConclusionKind.IGNORE
        for pattern in _alternatives(rule.when)
    )


def _alternatives(condition: Condition) -> Iterator[UpdatePattern]:
    if isinstance(condition, OnUpdate):
        yield condition.update
    elif isinstance(condition, Any) or (isinstance(condition, All) and len(condition.of) == 1):
        for part in condition.of:
            yield from _alternatives(part)


def _rule(rule: Rule, path: Path, document: Document, setting: Setting) -> Iterator[Fault]:
    if rule.then.kind is ConclusionKind.IGNORE:
        setting = setting._replace(ignored=())
    found = never(rule.when, setting)
    if found:
        code = "shadowed-by-ignore" if found.ignored else "never-fires"
        message = f"the rule '{rule.id}' can never fire: {found.reason}"
        yield warning(document, (*path, "when"), code, message)
    if rule.recover is not None and (found := never(rule.recover, setting)):
        message = f"the rule '{rule.id}' can never recover: {found.reason}"
        yield warning(document, (*path, "recover"), "never-recovers", message)
    when = rule.when
    if isinstance(when, Count) and when.at_least == 0 and when.at_most is None:
        message = f"the rule '{rule.id}' always holds: there are always 0 updates or more"
        yield warning(document, (*path, "when"), "always-holds", message)
    if undoes_itself(rule):
        what = rule.then.kind.value.replace("_", " ")
        message = (
            f"the rule '{rule.id}' undoes itself: once it is {what}, its condition does not hold"
        )
        hint = "it begins and ends in one instant: ask for something else, or end it by `recover`"
        yield warning(document, (*path, "when"), "undoes-itself", message, hint)
    yield from _short(rule, path, document)


def _short(rule: Rule, path: Path, document: Document) -> Iterator[Fault]:
    """Somebody who writes 3m means months."""
    durations = [rule.hold, rule.dwell]
    for atom in atoms(rule.when):
        if isinstance(atom, (Count, Sequence, IndicatorTest)):
            durations.append(atom.within or 0)
        elif isinstance(atom, Silence):
            durations.append(atom.duration)
    for duration in durations:
        if 0 < duration < HOUR:
            message = f"the rule '{rule.id}' measures {format_duration(duration)}"
            hint = "m means minutes; count months in days: 90d"
            yield warning(document, path, "tiny-duration", message, hint)


def _outside(rule: Rule, path: Path, document: Document, commitment: Commitment) -> Iterator[Fault]:
    """An update that `about` turns away is only read where it names the commitment itself."""
    about = commitment.about.where
    if about is None or not isinstance(rule.when, OnUpdate):
        return
    for name in _SINGLE:
        asked, admitted = getattr(rule.when.update, name), getattr(about, name)
        if asked and admitted and set(asked).isdisjoint(admitted):
            message = (
                f"the rule '{rule.id}' asks for the {name} {', '.join(asked)}, `about` for"
                f" {', '.join(admitted)}: only updates that name the commitment can match"
            )
            yield warning(document, (*path, "when"), "outside-about", message)
