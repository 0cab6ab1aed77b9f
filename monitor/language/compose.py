"""Parser events -> plain data and places.

YAML's events are read one by one and without recursion. libyaml's own composer overruns the C
stack at some 100,000 levels of nesting, builds nodes that we would only walk again, keeps the last
of two equal keys and resolves scalars by YAML 1.1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml
from yaml import events

from monitor.domain.location import Location
from monitor.language.core_schema import TOO_LONG, resolve
from monitor.language.faults import Fault, did_you_mean, path_text, shorten

if TYPE_CHECKING:
    from monitor.language.faults import Path

MAX_DEPTH = 60
MAX_ALIASED = 100_000
"""Nodes that all aliases of a document together may stand for."""

MAX_FAULTS = 200
"""A file with more faults than this is not a rulebook; reading on helps nobody."""

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TEXT_TAGS = (None, "!", "tag:yaml.org,2002:str")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class StopReading(Exception):  # noqa: N818 - not an error: the fault is already noted
    """Reading on would be endless or senseless."""


class _Frame:
    """A mapping or list that is still open."""

    __slots__ = ("anchor", "before", "data", "key", "key_mark", "mark", "places")

    def __init__(self, data: Any, places: Any, mark: Any, anchor: str | None, before: int) -> None:
        self.data, self.places, self.mark = data, places, mark
        self.anchor, self.before = anchor, before
        self.key: Any = _ITEM if type(data) is list else _NO_KEY
        self.key_mark: Any = None


_NO_KEY = object()
"""Stands where a mapping waits for its next key."""

_ITEM = object()
"""Stands for the key in a list, which waits for none."""

_SKIP = object()
"""Stands for a key that was refused: its value is read and dropped."""


class Composer:
    def __init__(self, file: str, faults: list[Fault], *, escapes: bool) -> None:
        self.file, self.faults, self.escapes = file, faults, escapes
        self.stack: list[_Frame] = []
        self.anchors: dict[str, Any] = {}
        self.count = self.aliased = 0
        self.nulls: list[Path] = []
        self.root: Any = _NO_KEY
        self.root_places: Any = None

    def compose(self, text: str) -> bool:
        """Whether there is anything in it."""
        loader = Loader(text)
        get = loader.get_event
        documents = 0
        try:
            while (event := get()) is not None:
                kind = type(event)
                if kind is events.ScalarEvent:
                    self.scalar(event)
                elif kind in (events.MappingStartEvent, events.SequenceStartEvent):
                    self.open(event, {} if kind is events.MappingStartEvent else [])
                elif kind in (events.MappingEndEvent, events.SequenceEndEvent):
                    self.close()
                elif kind is events.AliasEvent:
                    self.alias(event)
                elif kind is events.DocumentStartEvent:
                    documents += 1
                    if documents > 1:
                        hint = "put each document into its own file"
                        self.fault(event.start_mark, "a second document begins", "documents", hint)
                        raise StopReading
        finally:
            loader.dispose()
        if self.root is _NO_KEY or self.root is None:
            self.faults[:] = [Fault(Location(self.file, 1, 1), "", "the file is empty", "empty")]
            return False
        return True

    def fault(self, mark: Any, message: str, code: str, hint: str | None = None) -> None:
        where = Location(self.file, mark.line + 1, mark.column + 1)
        self.faults.append(Fault(where, path_text(self.path()), message, code, hint))
        if len(self.faults) >= MAX_FAULTS:
            raise StopReading

    def path(self) -> Path:
        steps: list[str | int] = []
        for frame in self.stack:
            if isinstance(frame.data, list):
                steps.append(len(frame.data))
            elif isinstance(frame.key, str):
                steps.append(frame.key)
        return tuple(steps)

    def open(self, event: Any, data: Any) -> None:
        mark = event.start_mark
        if event.tag not in (None, "!"):
            self.refuse_tag(event)
        if len(self.stack) >= MAX_DEPTH:
            self.stack.clear()
            self.fault(mark, f"nested more than {MAX_DEPTH} levels deep", "too-deep")
            raise StopReading
        if self.stack and self.expects_key():
            self.fault(mark, "a key must be text, not a list or mapping", "key-not-text")
            raise StopReading
        if event.anchor:
            self.anchors[event.anchor] = None
        places: Any = {} if isinstance(data, dict) else []
        self.stack.append(_Frame(data, places, mark, event.anchor, self.count))

    def close(self) -> None:
        frame = self.stack.pop()
        self.add(frame.data, (frame.mark, frame.places), frame.anchor, frame.before)

    def expects_key(self) -> bool:
        return self.stack[-1].key is _NO_KEY

    def scalar(self, event: Any) -> None:
        value: str = event.value
        mark = event.start_mark
        tag = event.tag
        if tag is not None and tag not in TEXT_TAGS:
            self.refuse_tag(event)
        if self.escapes and _CONTROL.search(value):
            self.fault(mark, "the text holds a control character", "control-character")
        stack = self.stack
        if stack and stack[-1].key is _NO_KEY:
            self.key(event, value)
            return
        resolved = value if tag or event.style else resolve(value)
        if resolved is TOO_LONG:
            self.fault(mark, "a number of more than 40 characters", "number-too-long")
            resolved = 0
        if resolved is None or event.anchor or not stack:
            self.add(resolved, mark, event.anchor, self.count)
            return
        self.count += 1
        frame = stack[-1]
        if frame.key is _ITEM:
            frame.data.append(resolved)
            frame.places.append(mark)
            return
        if frame.key is not _SKIP:
            frame.data[frame.key] = resolved
            frame.places[frame.key] = (frame.key_mark, mark)
        frame.key = _NO_KEY

    def key(self, event: Any, value: str) -> None:
        frame = self.stack[-1]
        frame.key = frame.key_mark = event.start_mark
        plain = not event.style and event.tag is None
        if plain and value == "<<":
            self.fault(
                frame.key_mark,
                "merge keys are not supported",
                "merge-key",
                "use defaults or a profile to share values",
            )
        elif plain and not isinstance(resolve(value), str):
            if value:
                message, hint = (
                    f"the key {shorten(value)} is not text",
                    f'write "{value}" in quotes',
                )
            else:
                message, hint = "a key is missing before this colon", "write key: value"
            self.fault(frame.key_mark, message, "key-not-text", hint)
        elif value in frame.data:
            first = frame.places[value][0]
            message = (
                f"the key '{shorten(value)}' stands here twice, first in line {first.line + 1}"
            )
            self.fault(frame.key_mark, message, "duplicate-key", "keep one of them")
        else:
            frame.key = value
            if event.anchor:
                self.anchors[event.anchor] = (value, frame.key_mark, 1)
            return
        frame.key = _SKIP

    def alias(self, event: Any) -> None:
        if self.stack and self.expects_key():
            self.fault(event.start_mark, "a key must be text, not an alias", "key-not-text")
            raise StopReading
        if event.anchor not in self.anchors:
            hint = did_you_mean(event.anchor, self.anchors)
            message = f"no anchor &{shorten(event.anchor)} stands before this alias"
            self.fault(event.start_mark, message, "unknown-anchor", hint)
            raise StopReading
        found = self.anchors[event.anchor]
        if found is None:
            message = f"the alias *{shorten(event.anchor)} stands inside of what it stands for"
            self.fault(event.start_mark, message, "recursive-alias")
            raise StopReading
        value, place, size = found
        self.aliased += size
        if self.aliased > MAX_ALIASED:
            message = f"the aliases of this file stand for more than {MAX_ALIASED:,} values"
            hint = "use defaults or a profile to share values"
            self.fault(event.start_mark, message, "too-many-aliases", hint)
            raise StopReading
        before, self.count = self.count, self.count + size - 1
        self.add(value, place, None, before)

    def add(self, value: Any, place: Any, anchor: str | None, before: int) -> None:
        self.count += 1
        if anchor:
            self.anchors[anchor] = (value, place, self.count - before)
        if not self.stack:
            self.root, self.root_places = value, place
            return
        frame = self.stack[-1]
        if frame.key is _ITEM:
            if value is None:
                self.empty(place, "an item of this list is empty")
            frame.data.append(value)
            frame.places.append(place)
            return
        if frame.key is not _SKIP:
            if value is None:
                self.empty(place, f"'{shorten(frame.key)}' is empty")
            frame.data[frame.key] = value
            frame.places[frame.key] = (frame.key_mark, place)
        frame.key = _NO_KEY

    def empty(self, mark: Any, message: str) -> None:
        self.nulls.append(self.path())
        self.fault(mark, message, "empty-value", "write a value or leave it out")

    def refuse_tag(self, event: Any) -> None:
        tag = event.tag.replace("tag:yaml.org,2002:", "!!")
        message = f"the tag {shorten(tag)} is not supported"
        self.fault(event.start_mark, message, "tag", "leave it out")
