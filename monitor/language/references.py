"""Which commitment asks how which other one stands.

Read from the raw files, so that it is known even where they have other faults. The whole must be
without circles: the status of a commitment cannot rest on itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.language.faults import Fault, did_you_mean, path_text, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from monitor.domain.location import Location
    from monitor.language.document import Document
    from monitor.language.faults import Path

HINTED = 50
"""So many unknown commitments get a suggestion: looking for near misses among thousands is slow."""


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


def check_references(
    references: Sequence[Reference],
    known: Mapping[str, Sequence[str]],
    selections: Sequence[Selection] = (),
    themes: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
) -> Iterator[Fault]:
    """Faults for commitments, agreements and themes that do not exist, and for circles.

    Args:
        references: of all files.
        known: ids of commitments by id of agreement.
        selections: of all files.
        themes: ids of commitments by theme, by id of agreement.
    """
    sets = {agreement: frozenset(ids) for agreement, ids in known.items()}
    edges: dict[str, list[Reference]] = {}
    reported: set[tuple[Location, str]] = set()
    for reference in references:
        agreement, _, id_ = reference.target.partition("/")
        if id_ in sets.get(agreement, ()):
            if reference.source is not None:
                edges.setdefault(reference.source, []).append(reference)
        elif (reference.where, reference.target) not in reported:
            reported.add((reference.where, reference.target))
            yield _unknown(reference, known if len(reported) <= HINTED else {})
    for selection in selections:
        fault = _nothing_there(selection, known, themes or {})
        if fault is not None:
            yield fault
        elif selection.source is not None:
            _choose(selection, known, themes or {}, edges)
    for source, asked in edges.items():
        # what a part asks is written with its whole
        edges[source] = [edge._replace(target=edge.target.partition("@")[0]) for edge in asked]
    for circle in _circles(edges):
        last = circle[-1]
        names = " -> ".join((*(str(edge.source) for edge in circle), last.target))
        message = f"the status of a commitment rests on itself: {names}"
        yield Fault(
            last.where, last.path, message, "status-circle", "break the circle in one place"
        )


def _choose(
    selection: Selection,
    known: Mapping[str, Sequence[str]],
    themes: Mapping[str, Mapping[str, Sequence[str]]],
    edges: dict[str, list[Reference]],
) -> None:
    """Ask about each that is chosen; nobody chooses itself."""
    source, agreement, theme, where, path = selection
    ids = known[agreement] if theme is None else themes[agreement][theme]
    for id_ in ids:
        target = f"{agreement}/{id_}"
        if source is not None and target != source:
            edges.setdefault(source, []).append(Reference(source, target, where, path))


def _nothing_there(
    selection: Selection,
    known: Mapping[str, Sequence[str]],
    themes: Mapping[str, Mapping[str, Sequence[str]]],
) -> Fault | None:
    _, agreement, theme, where, path = selection
    if agreement not in known:
        message = f"no file that was loaded has an agreement '{shorten(agreement)}'"
        hint = did_you_mean(agreement, known) or "load its file as well"
        return Fault(where, path, message, "unknown-agreement", hint)
    there = themes.get(agreement, {})
    if theme is None or theme in there:
        return None
    message = f"no commitment of '{shorten(agreement)}' that can be rated has the theme"
    hint = did_you_mean(theme, there) or "write theme: under the commitments that are meant"
    return Fault(where, path, f"{message} '{shorten(theme)}'", "unknown-theme", hint)


def _unknown(reference: Reference, near: Mapping[str, Sequence[str]]) -> Fault:
    agreement, _, id_ = reference.target.partition("/")
    message = f"unknown commitment '{shorten(id_)}'"
    hint = None
    if agreement in near:
        hint = did_you_mean(id_, near[agreement])
    elif near:
        message = f"no file that was loaded has an agreement '{shorten(agreement)}'"
        hint = did_you_mean(agreement, near) or "load its file as well"
    return Fault(reference.where, reference.path, message, "unknown-commitment", hint)


def _circles(edges: Mapping[str, Sequence[Reference]]) -> Iterator[list[Reference]]:
    """A walk in depth without recursion: one circle for each edge that closes one."""
    done: set[str] = set()
    for start in edges:
        if start in done:
            continue
        trail: list[Reference] = []
        open_: dict[str, int] = {start: 0}
        stack = [iter(edges[start])]
        nodes = [start]
        while stack:
            edge = next(stack[-1], None)
            if edge is None:
                stack.pop()
                node = nodes.pop()
                del open_[node]
                done.add(node)
                if trail:
                    trail.pop()
            elif edge.target in open_:
                yield [*trail[open_[edge.target] :], edge]
            elif edge.target not in done:
                open_[edge.target] = len(nodes)
                nodes.append(edge.target)
                trail.append(edge)
                stack.append(iter(edges.get(edge.target, ())))
