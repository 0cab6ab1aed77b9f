"""Whether what commitments ask of each other is there, and runs in no circle.

The status of a commitment cannot rest on itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.language.faults import Fault, did_you_mean, shorten
from monitor.language.references import Reference, Selection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from monitor.domain.location import Location

HINTED = 50
"""So many unknown commitments get a suggestion: looking for near misses among thousands is slow."""


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
