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
from monitor.language.core_schema import CONSTANTS, NUMERIC_START, TOO_LONG, resolve
from monitor.language.faults import Fault, did_you_mean, path_text, shorten

if TYPE_CHECKING:
    from collections.abc import Callable

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


_NO_KEY = object()
"""Stands where a mapping waits for its next key."""

_ITEM = object()
"""Stands for the key in a list, which waits for none."""

_SKIP = object()
"""Stands for a key that was refused: its value is read and dropped."""

_ODD_KEYS = frozenset((*CONSTANTS, "<<"))

_OPEN: dict[Any, Callable[[], Any]] = {
    events.MappingStartEvent: dict,
    events.SequenceStartEvent: list,
}
_CLOSE = frozenset((events.MappingEndEvent, events.SequenceEndEvent))


class Composer:
    """Reads one document into `data` and `places`; `Document` says how they look.

    Of the mapping or list that is open `read` holds the data, the places and the key that waits for
    its value; `stack` those of all around it. Around everything is a list, of which the document
    becomes the one item. `here` is what a fault needs to know of what is open.
    """

    def __init__(self, file: str, faults: list[Fault], *, escapes: bool) -> None:
        self.file, self.faults, self.escapes = file, faults, escapes
        self.stack: list[tuple[Any, list[Any], Any]] = []
        self.here: tuple[Any, Any] = ([], _ITEM)
        self.anchors: dict[str, Any] = {}
        self.anchored: list[tuple[int, str, int]] = []
        self.aliased = 0
        self.nulls: list[Path] = []
        self.root: Any = None
        self.root_places: Any = None

    def compose(self, text: str) -> bool:
        """Whether there is anything in it."""
        data: list[Any] = []
        places: list[Any] = [None]
        loader = Loader(text)
        try:
            self.read(loader.get_event, data, places)
        finally:
            loader.dispose()
        if not data or data[0] is None:
            self.faults[:] = [Fault(Location(self.file, 1, 1), "", "the file is empty", "empty")]
            return False
        self.root, self.root_places = data[0], places[1]
        return True

    def read(self, get: Callable[[], Any], data: Any, places: list[Any]) -> None:
        """All events, in one loop with few calls: a check of many files spends its time here."""
        stack, anchors, anchored = self.stack, self.anchors, self.anchored
        escapes, scalar, mapping = self.escapes, events.ScalarEvent, events.MappingStartEvent
        count = 0  # of values, as far as it is read
        key: Any = _ITEM
        place: Any
        while (event := get()) is not None:
            kind = type(event)
            if kind is scalar:
                value, place, tag = event.value, event.start_mark, event.tag
                plain = tag is None and not event.style
                if tag is not None or (escapes and _CONTROL.search(value)):
                    self.here = data, key
                    self.check_scalar(event)
                if key is _NO_KEY:
                    if (
                        plain and (value in _ODD_KEYS or value[0] in NUMERIC_START)
                    ) or value in data:
                        self.here = data, key
                        if not self.is_key(value, place, places, plain=plain):
                            key = _SKIP
                            continue
                    if event.anchor:
                        anchors[event.anchor] = value, place, 1
                    key = value
                    places.append(place)
                    continue
                count += 1
                if plain and (value in CONSTANTS or value[0] in NUMERIC_START):
                    self.here = data, key
                    value = self.resolved(value, place)
                if event.anchor:
                    anchors[event.anchor] = value, place, 1
            elif kind in _OPEN:
                if event.tag or event.anchor or key is _NO_KEY or len(stack) >= MAX_DEPTH:
                    self.here = data, key
                    self.check_opening(event, count)
                stack.append((data, places, key))
                data, places = _OPEN[kind](), [event.start_mark]
                key = _NO_KEY if kind is mapping else _ITEM
                continue
            elif kind in _CLOSE:
                value, place = data, places
                count += 1
                data, places, key = stack.pop()
                if anchored and anchored[-1][0] == len(stack):
                    _, anchor, before = anchored.pop()
                    anchors[anchor] = value, place, count - before
            elif kind is events.AliasEvent:
                self.here = data, key
                value, place, size = self.alias(event)
                count += size
            else:
                if kind is events.DocumentStartEvent and data:
                    self.here = data, key
                    self.second_document(event)
                continue
            if key is _ITEM:
                data.append(value)
                places.append(place)
            elif key is _SKIP:
                key = _NO_KEY
            else:
                data[key] = value
                places.append(place)
                key = _NO_KEY

    def fault(self, mark: Any, message: str, code: str, hint: str | None = None) -> None:
        where = Location(self.file, mark.line + 1, mark.column + 1)
        self.faults.append(Fault(where, path_text(self.path()), message, code, hint))
        if len(self.faults) >= MAX_FAULTS:
            raise StopReading

    def path(self) -> Path:
        frames = [(data, key) for data, _, key in self.stack]
        steps = [
            len(data) if isinstance(data, list) else key for data, key in (*frames, self.here)[1:]
        ]
        return tuple(step for step in steps if isinstance(step, (int, str)))

    def check_opening(self, event: Any, count: int) -> None:
        mark = event.start_mark
        if event.tag not in (None, "!"):
            self.refuse_tag(event)
        if len(self.stack) >= MAX_DEPTH:
            self.stack.clear()
            self.fault(mark, f"nested more than {MAX_DEPTH} levels deep", "too-deep")
            raise StopReading
        if self.here[1] is _NO_KEY:
            self.fault(mark, "a key must be text, not a list or mapping", "key-not-text")
            raise StopReading
        if event.anchor:
            self.anchors[event.anchor] = None
            self.anchored.append((len(self.stack), event.anchor, count))

    def second_document(self, event: Any) -> None:
        hint = "put each document into its own file"
        self.fault(event.start_mark, "a second document begins", "documents", hint)
        raise StopReading

    def check_scalar(self, event: Any) -> None:
        if event.tag is not None and event.tag not in TEXT_TAGS:
            self.refuse_tag(event)
        if self.escapes and _CONTROL.search(event.value):
            message = "the text holds a control character"
            self.fault(event.start_mark, message, "control-character")

    def resolved(self, value: str, mark: Any) -> Any:
        """What a plain text that may be no text means."""
        found = resolve(value)
        if found is TOO_LONG:
            self.fault(mark, "a number of more than 40 characters", "number-too-long")
            return 0
        if found is None and self.stack:
            data, key = self.here
            if isinstance(data, list):
                self.empty(mark, "an item of this list is empty")
            elif key is not _SKIP:
                self.empty(mark, f"'{shorten(key)}' is empty")
        return found

    def is_key(self, value: str, mark: Any, places: list[Any], *, plain: bool) -> bool:
        """Whether what looks odd can be a key."""
        data, _ = self.here
        if plain and value == "<<":
            hint = "use defaults or a profile to share values"
            self.fault(mark, "merge keys are not supported", "merge-key", hint)
        elif plain and not isinstance(resolve(value), str):
            if value:
                message, hint = (
                    f"the key {shorten(value)} is not text",
                    f'write "{value}" in quotes',
                )
            else:
                message, hint = "a key is missing before this colon", "write key: value"
            self.fault(mark, message, "key-not-text", hint)
        elif value in data:
            line = places[2 * list(data).index(value) + 1].line + 1
            message = f"the key '{shorten(value)}' stands here twice, first in line {line}"
            self.fault(mark, message, "duplicate-key", "keep one of them")
        else:
            return True
        return False

    def alias(self, event: Any) -> tuple[Any, Any, int]:
        """What it stands for, where that stands, and how many values it is."""
        if self.here[1] is _NO_KEY:
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
        return value, place, size

    def empty(self, mark: Any, message: str) -> None:
        self.nulls.append(self.path())
        self.fault(mark, message, "empty-value", "write a value or leave it out")

    def refuse_tag(self, event: Any) -> None:
        tag = event.tag.replace("tag:yaml.org,2002:", "!!")
        message = f"the tag {shorten(tag)} is not supported"
        self.fault(event.start_mark, message, "tag", "leave it out")
