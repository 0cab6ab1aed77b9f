"""YAML text -> plain data and the place of every key and value.

Reads parser events rather than composed nodes. That is faster, it bounds nesting (libyaml's
composer overruns the C stack at some 100,000 levels), and it leaves the meaning of scalars to us:
YAML 1.2's core schema, where `NO` is Norway, `12:30` is text and only `true` and `false` are
booleans. Numbers with a fraction become `Decimal`, so that 0.1 stays 0.1.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml
from yaml import events

from monitor.domain.commitment import Location
from monitor.language.faults import Fault, did_you_mean, path_text, shorten
from monitor.language.syntax import plain_words

if TYPE_CHECKING:
    from monitor.language.faults import Path

MAX_BYTES = 5_000_000
MAX_DEPTH = 60
MAX_ALIASED = 100_000
"""Nodes that all aliases of a document together may stand for."""

MAX_FAULTS = 200
"""A file with more faults than this is not a rulebook; reading on helps nobody."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_CONSTANTS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMERIC_START = frozenset("-+.0123456789")
_TEXT_TAGS = (None, "!", "tag:yaml.org,2002:str")


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says (`data`), and where.

    `places` mirrors `data`: (mark, dict of key -> (key's mark, places)) for a mapping,
    (mark, list of places) for a list, a mark for a scalar.
    """

    file: str
    data: Any
    places: Any

    def locate(self, path: Path, *, key: bool = False) -> Location:
        """The place of the value at `path` (or of its key), or of the nearest thing above it."""
        place, found = self.places, None
        for step in path:
            inner = place[1] if isinstance(place, tuple) else None
            if isinstance(inner, dict) and step in inner:
                found, place = inner[step]
            elif isinstance(inner, list) and isinstance(step, int) and 0 <= step < len(inner):
                found, place = None, inner[step]
            else:
                found = None
                break
        mark = found if key and found else place[0] if isinstance(place, tuple) else place
        return Location(self.file, mark.line + 1, mark.column + 1)

    def existing(self, path: Path) -> Path:
        """The longest beginning of `path` that is really there."""
        value = self.data
        for depth, step in enumerate(path):
            inside = (
                step in value
                if isinstance(value, Mapping)
                else isinstance(value, list) and isinstance(step, int) and step < len(value)
            )
            if not inside:
                return path[:depth]
            value = value[step]
        return path


def parse_document(raw: bytes, file: str) -> tuple[Document | None, list[Fault]]:
    """Read one YAML document.

    Faults that concern a single key or value (duplicate keys, empty values) do not stop the
    reading; the document then comes back with them. Where it cannot be read at all it is None.
    """
    faults: list[Fault] = []
    text = _decode(raw, file, faults)
    if text is None:
        return None, faults
    composer = _Composer(file, faults, escapes="\\" in text)
    try:
        document = composer.compose(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        message, hint = plain_words(error, text, line, column)
        faults.append(Fault(Location(file, line, column), "", message, "yaml-syntax", hint))
        return None, faults
    except _StopReading:
        return None, faults
    return document, faults


def _decode(raw: bytes, file: str, faults: list[Fault]) -> str | None:
    """The text of a file, or a fault: YAML allows UTF-16 too, but nobody means it."""

    def refuse(position: tuple[int, int], message: str, code: str, hint: str | None) -> None:
        faults.append(Fault(Location(file, *position), "", message, code, hint))

    if len(raw) > MAX_BYTES:
        refuse((1, 1), "the file is larger than 5 MB", "too-large", "split it into several files")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        position = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"the byte 0x{raw[error.start]:02x} is not UTF-8"
        refuse(position, message, "not-utf-8", "save the file as UTF-8")
        return None
    if match := _UNPRINTABLE.search(text):
        before = text[: match.start()]
        position = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"the control character U+{ord(match[0]):04X} may not stand in a rulebook"
        refuse(position, message, "control-character", "delete it")
        return None
    return text


class _StopReading(Exception):  # noqa: N818 - not an error: the fault is already noted
    """Reading on would be endless or senseless."""


class _Frame:
    """A mapping or list that is still open."""

    __slots__ = ("anchor", "before", "data", "key", "key_mark", "mark", "places")

    def __init__(self, data: Any, places: Any, mark: Any, anchor: str | None, before: int) -> None:
        self.data, self.places, self.mark = data, places, mark
        self.anchor, self.before = anchor, before
        self.key: Any = _NO_KEY
        self.key_mark: Any = None


_NO_KEY = object()
_SKIP = object()
"""Stands for a key that was refused: its value is read and dropped."""


class _Composer:
    def __init__(self, file: str, faults: list[Fault], *, escapes: bool) -> None:
        self.file, self.faults, self.escapes = file, faults, escapes
        self.stack: list[_Frame] = []
        self.anchors: dict[str, Any] = {}
        self.count = self.aliased = 0
        self.root: Any = _NO_KEY
        self.root_places: Any = None

    def compose(self, text: str) -> Document | None:
        loader = _Loader(text)
        documents = 0
        try:
            while (event := loader.get_event()) is not None:
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
                        raise _StopReading
        finally:
            loader.dispose()
        if self.root is _NO_KEY or self.root is None:
            self.faults[:] = [Fault(Location(self.file, 1, 1), "", "the file is empty", "empty")]
            return None
        return Document(self.file, self.root, self.root_places)

    def fault(self, mark: Any, message: str, code: str, hint: str | None = None) -> None:
        where = Location(self.file, mark.line + 1, mark.column + 1)
        self.faults.append(Fault(where, path_text(self.path()), message, code, hint))
        if len(self.faults) >= MAX_FAULTS:
            raise _StopReading

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
            raise _StopReading
        if self.stack and self.expects_key():
            self.fault(mark, "a key must be text, not a list or mapping", "key-not-text")
            raise _StopReading
        if event.anchor:
            self.anchors[event.anchor] = None
        places: Any = {} if isinstance(data, dict) else []
        self.stack.append(_Frame(data, places, mark, event.anchor, self.count))

    def close(self) -> None:
        frame = self.stack.pop()
        self.add(frame.data, (frame.mark, frame.places), frame.anchor, frame.before)

    def expects_key(self) -> bool:
        frame = self.stack[-1]
        return isinstance(frame.data, dict) and frame.key is _NO_KEY

    def scalar(self, event: Any) -> None:
        value: str = event.value
        mark = event.start_mark
        tag = event.tag
        if tag not in _TEXT_TAGS:
            self.refuse_tag(event)
        if self.escapes and _CONTROL.search(value):
            self.fault(mark, "the text holds a control character", "control-character")
        if self.stack and self.expects_key():
            self.key(event, value)
            return
        resolved = value if tag or event.style else self.resolve(value, mark)
        self.add(resolved, mark, event.anchor, self.count)

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
        elif plain and not isinstance(resolved := self.resolve(value, frame.key_mark), str):
            shown = shorten(value) or "an empty key"
            hint = f'write "{shown}" in quotes' if value else "write a word before the colon"
            what = "nothing" if resolved is None else f"{shown}, which is no text"
            self.fault(frame.key_mark, f"a key must be text, not {what}", "key-not-text", hint)
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
            raise _StopReading
        if event.anchor not in self.anchors:
            hint = did_you_mean(event.anchor, self.anchors)
            message = f"no anchor &{shorten(event.anchor)} stands before this alias"
            self.fault(event.start_mark, message, "unknown-anchor", hint)
            raise _StopReading
        found = self.anchors[event.anchor]
        if found is None:
            message = f"the alias *{shorten(event.anchor)} stands inside of what it stands for"
            self.fault(event.start_mark, message, "recursive-alias")
            raise _StopReading
        value, place, size = found
        self.aliased += size
        if self.aliased > MAX_ALIASED:
            message = f"the aliases of this file stand for more than {MAX_ALIASED:,} values"
            hint = "use defaults or a profile to share values"
            self.fault(event.start_mark, message, "too-many-aliases", hint)
            raise _StopReading
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
        if isinstance(frame.data, list):
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
        self.fault(mark, message, "empty-value", "write a value or leave it out")

    def refuse_tag(self, event: Any) -> None:
        message = f"the tag {shorten(event.tag)} is not supported"
        self.fault(event.start_mark, message, "tag", "leave it out")

    def resolve(self, value: str, mark: Any) -> Any:
        """The value of a plain scalar by the core schema."""
        if value in _CONSTANTS:
            return _CONSTANTS[value]
        if value[0] not in _NUMERIC_START:
            return value
        if _INT.fullmatch(value) or _FLOAT.fullmatch(value):
            if len(value) > 40:
                self.fault(mark, "a number of more than 40 characters", "number-too-long")
                return 0
            if _INT.fullmatch(value):
                base = {"0o": 8, "0x": 16}.get(value[:2], 10)
                return int(value, base)
            return Decimal(value) if len(value.lower().partition("e")[2]) < 6 else math.inf
        if _INFINITE.fullmatch(value):
            return float(value.replace(".", "").lower())
        return value
