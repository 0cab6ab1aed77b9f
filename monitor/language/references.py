"""Which commitment asks how which other one stands.

Read from the raw files, so that it is known even where they have other faults. The whole must be
without circles: the status of a commitment cannot rest on itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.language.faults import Fault, did_you_mean, path_text, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from monitor.domain.commitment import Location
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


def references(document: Document, default_profile: str) -> list[Reference]:
    """Every `status: {commitment: …}` of a file."""
    data = document.data
    agreement = data.get("agreement")
    in_profiles = {
        name: list(_in_rules(profile, ("profiles", name)))
        for name, profile in _mapping(data.get("profiles")).items()
    }
    in_profiles = {name: found for name, found in in_profiles.items() if found}
    unused = set(in_profiles)
    found: list[Reference] = []

    def add(source: str | None, path: Path, target: str, *, shared: bool = False) -> None:
        """A commitment may name itself in a rule of its own; a shared rule cannot mean each."""
        target = target if "/" in target else f"{agreement}/{target}"
        if target != source or shared:
            found.append(Reference(source, target, document.locate(path), path_text(path)))

    commitments = data.get("commitments")
    for index, commitment in enumerate(commitments if isinstance(commitments, list) else []):
        if not isinstance(commitment, dict):
            continue
        source = f"{agreement}/{commitment.get('id')}"
        for _, path, target in _in_rules(commitment, ("commitments", index)):
            add(source, path, target)
        profile = commitment.get("profile", default_profile)
        if isinstance(profile, str) and profile in in_profiles:
            unused.discard(profile)
            own = {rule.get("id") for rule in _rules(commitment) if isinstance(rule, dict)}
            for rule, path, target in in_profiles[profile]:
                if rule not in own:
                    add(source, path, target, shared=True)
    for name in sorted(unused):
        for _, path, target in in_profiles[name]:
            add(None, path, target)
    return found


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _rules(holder: Any) -> list[Any]:
    rules = _mapping(holder).get("rules")
    return rules if isinstance(rules, list) else []


def _in_rules(holder: Any, path: Path) -> Iterator[tuple[Any, Path, str]]:
    for index, rule in enumerate(_rules(holder)):
        if isinstance(rule, dict):
            for key in ("when", "recover"):
                if key in rule:
                    for where, target in _in_condition(rule[key], (*path, "rules", index, key)):
                        yield rule.get("id"), where, target


def _in_condition(condition: Any, path: Path) -> Iterator[tuple[Path, str]]:
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
                yield (*path, key, "commitment"), target


def check_references(
    references: Sequence[Reference], known: Mapping[str, Sequence[str]]
) -> Iterator[Fault]:
    """Faults for commitments that do not exist, and for circles.

    Args:
        references: of all files.
        known: ids of commitments by id of agreement.
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
    for circle in _circles(edges):
        last = circle[-1]
        names = " -> ".join((*(str(edge.source) for edge in circle), last.target))
        message = f"the status of a commitment rests on itself: {names}"
        yield Fault(
            last.where, last.path, message, "status-circle", "break the circle in one place"
        )


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
