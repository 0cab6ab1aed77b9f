"""Which commitment asks how which other one stands.

Read from the raw files, so that it is known even where they have other faults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.language.faults import path_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.domain.location import Location
    from monitor.language.document import Document
    from monitor.language.faults import Path


class Reference(NamedTuple):
    """`source` asks about `target` (both "agreement/id"). `source` None: a profile nobody uses."""

    source: str | None
    target: str
    where: Location
    path: str


class Selection(NamedTuple):
    """`source` asks about all of an agreement, or (`theme`) all of one of its themes."""

    source: str | None
    agreement: str
    theme: str | None
    where: Location
    path: str


class _Asked(NamedTuple):
    """Something asked about other commitments: one by name, or a choice of them."""

    path: Path
    target: str | None
    agreement: str | None = None
    theme: str | None = None


def references(document: Document, default_profile: str) -> tuple[list[Reference], list[Selection]]:
    """Every `status: {commitment: …}`, `commitments` and `roll_up` of a file."""
    data = document.data
    agreement = data.get("agreement")
    in_profiles = {
        name: list(_in_rules(profile, ("profiles", name)))
        for name, profile in _mapping(data.get("profiles")).items()
    }
    in_profiles = {name: found for name, found in in_profiles.items() if found}
    unused = set(in_profiles)
    found: list[Reference] = []
    chosen: list[Selection] = []

    def add(source: str | None, asked: _Asked, *, shared: bool = False) -> None:
        """A commitment may name itself in a rule of its own; a shared rule cannot mean each."""
        place, path = document.locate(asked.path), path_text(asked.path)
        if asked.target is None:
            name = str(asked.agreement or agreement)
            chosen.append(Selection(source, name, asked.theme, place, path))
            return
        target = asked.target if "/" in asked.target else f"{agreement}/{asked.target}"
        if target != source or shared or asked.path[-1] != "commitment":
            found.append(Reference(source, target, place, path))

    commitments = data.get("commitments")
    for index, commitment in enumerate(commitments if isinstance(commitments, list) else []):
        if not isinstance(commitment, dict):
            continue
        source = f"{agreement}/{commitment.get('id')}"
        for _, asked in _in_rules(commitment, ("commitments", index)):
            add(source, asked)
        for asked in _in_members(commitment.get("roll_up"), ("commitments", index, "roll_up")):
            add(source, asked)
        profile = commitment.get("profile", default_profile)
        if isinstance(profile, str) and profile in in_profiles:
            unused.discard(profile)
            own = {rule.get("id") for rule in _rules(commitment) if isinstance(rule, dict)}
            for rule, asked in in_profiles[profile]:
                if rule not in own:
                    add(source, asked, shared=True)
    for name in sorted(unused):
        for _, asked in in_profiles[name]:
            add(None, asked)
    return found, chosen


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _rules(holder: Any) -> list[Any]:
    rules = _mapping(holder).get("rules")
    return rules if isinstance(rules, list) else []


def _in_rules(holder: Any, path: Path) -> Iterator[tuple[Any, _Asked]]:
    for index, rule in enumerate(_rules(holder)):
        if isinstance(rule, dict):
            for key in ("when", "recover"):
                if key in rule:
                    for asked in _in_condition(rule[key], (*path, "rules", index, key)):
                        yield rule.get("id"), asked


def _in_condition(condition: Any, path: Path) -> Iterator[_Asked]:
    if not isinstance(condition, dict):
        return
    for key, value in condition.items():
        if key in ("all", "any") and isinstance(value, list):
            for index, part in enumerate(value):
                yield from _in_condition(part, (*path, key, index))
        elif key == "not":
            yield from _in_condition(value, (*path, key))
        elif key == "status" and isinstance(value, dict):
            target = value.get("commitment")
            if isinstance(target, str):
                yield _Asked((*path, key, "commitment"), target)
        elif key == "commitments":
            yield from _in_members(value, (*path, key))


def _in_members(value: Any, path: Path) -> Iterator[_Asked]:
    """Those of a list or a mapping to weights, or a choice by theme and agreement."""
    if not isinstance(value, dict):
        return
    listed = value.get("of")
    names = [listed] if isinstance(listed, str) else listed
    if isinstance(names, (list, dict)):
        steps = names if isinstance(names, dict) else range(len(names))
        for step, name in zip(steps, names, strict=True):
            if isinstance(name, str):
                yield _Asked((*path, "of") if names is not listed else (*path, "of", step), name)
    theme, agreement = value.get("theme"), value.get("agreement")
    theme = " ".join(theme.split()) if isinstance(theme, str) else None
    if theme or isinstance(agreement, str):
        key = "agreement" if theme is None else "theme"
        yield _Asked((*path, key), None, agreement if isinstance(agreement, str) else None, theme)
