"""Text -> layout: the events of the YAML reader, with the comments put where they belong.

A comment at the end of a line belongs to what stands there. One on a line of its own belongs to
what follows it, or, where it is indented deeper than that, to the end of the block above it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from yaml import events

from monitor.errors import InputError
from monitor.language.compose import Loader
from monitor.language.layout.gaps import Gaps, Lines, gaps, properties
from monitor.language.layout.tree import Alias, Collection, Entry, Layout, Node, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.language.layout.tree import Comment


_Start = tuple[str, int, int]
"""The properties of an event, where it begins with them, and where without."""


def read_layout(text: str, name: str) -> Layout:
    """The layout of a text that is known to be one YAML document.

    Args:
        text: without a byte order mark.
        name: what messages call it.

    Raises:
        InputError: it has something that a layout cannot keep.
    """
    found = _scan(text, name)
    between = found.gaps
    root = _Building(found, name).build()
    if not isinstance(root, Collection) or not root.entries:
        raise InputError(
            f"{name}: there are no keys in it", hint="a rulebook is made of key: value"
        )
    marker = between.marker
    before = [c for c in between.comments if marker is not None and c.index < marker]
    for comment in between.comments[len(before) :]:
        _place(root, comment)
    return Layout(root, marker is not None, before)


def comments_of(text: str, name: str) -> list[str]:
    """Every comment of a text."""
    return [comment.text for comment in _scan(text, name).gaps.comments]


class _Scanned(NamedTuple):
    """`starts` are those of the events."""

    lines: Lines
    events: list[Any]
    starts: list[_Start]
    gaps: Gaps


def _scan(text: str, name: str) -> _Scanned:
    lines = Lines(text)
    found = list(_events(text))
    spans: list[tuple[int, int]] = []
    starts: list[_Start] = []
    for event in found:
        begin, end = event.start_mark.index, event.end_mark.index
        start = begin
        scalar = isinstance(event, events.ScalarEvent)
        words: list[str] = []
        alias = isinstance(event, events.AliasEvent)
        if not alias and (getattr(event, "anchor", None) or getattr(event, "tag", None)):
            words, start, own = properties(text, start, end if scalar else len(text))
            spans += own
        starts.append((" ".join(words), begin, start))
        if scalar or alias:
            spans.append((start, max(start, end)))
    return _Scanned(lines, found, starts, gaps(text, lines, spans, name))


def _events(text: str) -> Iterator[Any]:
    loader = Loader(text)
    try:
        while (event := loader.get_event()) is not None:
            if isinstance(event, (events.NodeEvent, events.CollectionEndEvent)):
                yield event
    finally:
        loader.dispose()


class _Building:
    def __init__(self, found: _Scanned, name: str) -> None:
        self.found, self.name = found, name
        self.lines, self.dashes = found.lines, found.gaps.dashes
        self.stack: list[tuple[Collection, Scalar | Alias | None]] = []

    def build(self) -> Node:
        node: Node | None = None
        for event, (words, begin, start) in zip(self.found.events, self.found.starts, strict=True):
            end = event.end_mark.index
            if isinstance(event, events.CollectionEndEvent):
                node = self.close(end)
            elif isinstance(event, events.AliasEvent):
                node = Alias("", start, start, end, event.anchor or "")
            elif isinstance(event, events.ScalarEvent):
                raw = self.lines.text[start : max(start, end)]
                node = Scalar(
                    words, begin, start, max(start, end), event.value, event.style or None, raw
                )
            else:
                mapping = isinstance(event, events.MappingStartEvent)
                flow = bool(event.flow_style)
                _, column = self.lines.place(start)
                opened = Collection(words, begin, start, start, mapping, flow, column)
                self.stack.append((opened, None))
                continue
            if not self.stack:
                return node
            self.add(node)
        raise InputError(f"{self.name}: the file is empty")

    def close(self, end: int) -> Collection:
        done, _ = self.stack.pop()
        if done.flow:
            done.end = end
        else:
            done.start = done.entries[0].start
            done.end = done.entries[-1].value.end
            _, done.column = self.lines.place(done.start)
        return done

    def add(self, node: Node) -> None:
        owner, key = self.stack[-1]
        if owner.mapping and key is None:
            if not isinstance(node, (Scalar, Alias)):
                line, column = self.lines.place(node.start)
                raise InputError(f"{self.name}:{line + 1}:{column + 1}: a key must be text")
            self.stack[-1] = (owner, node)
            return
        start = (key or node).begin
        if not owner.mapping and not owner.flow:
            start = self.dashes[bisect_left(self.dashes, start) - 1]
        line, column = self.lines.place(start)
        blank = self.lines.blank(line - 1)
        owner.entries.append(Entry(start, line, column, node, key, blank))
        self.stack[-1] = (owner, None)


def _place(collection: Collection, comment: Comment) -> None:
    """Put a comment where it belongs, somewhere in this collection."""
    entries = collection.entries
    number = bisect_right(entries, comment.index, key=lambda entry: entry.start)
    following = entries[number] if number < len(entries) else None
    if not number:
        _above(collection, following, comment)
        return
    last = entries[number - 1]
    value = last.value
    inside = value if isinstance(value, Collection) else None
    if comment.index < value.end:
        if inside is not None and (
            comment.index >= inside.start or (comment.alone and not inside.flow)
        ):
            _place(inside, comment)
        elif comment.alone:
            last.above.append(comment)
        else:
            last.beside.append(comment)
    elif comment.alone:
        _after(collection, last, following, comment)
    else:
        _end(last).beside.append(comment)


def _above(collection: Collection, following: Entry | None, comment: Comment) -> None:
    (collection.tail if following is None else following.above).append(comment)


def _after(collection: Collection, last: Entry, following: Entry | None, comment: Comment) -> None:
    """A comment of its own line, between two entries or after the last one."""
    deepest: Collection | None = None
    value = last.value
    while isinstance(value, Collection) and not value.flow:
        if collection.column < value.column <= comment.column:
            deepest = value
        value = value.entries[-1].value
    if deepest is not None and not collection.flow:
        deepest.tail.append(comment)
    else:
        _above(collection, following, comment)


def _end(entry: Entry) -> Entry:
    """The entry that ends on the last line of this one."""
    value = entry.value
    while isinstance(value, Collection) and not value.flow:
        entry = value.entries[-1]
        value = entry.value
    return entry
