"""YAML text -> plain data and the place of every key and value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from monitor.domain.location import Location
from monitor.language.compose import Composer, StopReading
from monitor.language.faults import Fault, path_text
from monitor.language.syntax import plain_words

if TYPE_CHECKING:
    from monitor.language.faults import Path

MAX_BYTES = 5_000_000

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HARMLESS = bytes({9, 10, 13, *range(0x20, 0x7F), *range(0x80, 0x100)} - {0xC2, 0xEF})
"""Bytes that stand in no such character; to look for others is fifty times faster."""

_OPENERS = ("a quoted scalar", "a flow sequence", "a flow mapping")
"""What a syntax error leaves open is told where it opens, not where the file ends."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says (`data`), and where.

    `places` mirrors `data`: a mark for a scalar; a list of its own mark and the places of its items
    for a list; and for a mapping a list of its own mark and, in its order, of each key's mark and
    the places of its value. `nulls` are the paths of empty values: each is a fault already, and
    what stands around it cannot be used.
    """

    file: str
    data: Any
    places: Any
    nulls: tuple[Path, ...] = ()

    def items(self, path: Path) -> list[Location]:
        """The places of the items of the list at `path`, which is there."""
        file = self.file
        _, places = self._walk(path)
        marks = (place[0] if isinstance(place, list) else place for place in places[1:])
        return [Location(file, mark.line + 1, mark.column + 1) for mark in marks]

    def locate(self, path: Path, *, key: bool = False) -> Location:
        """The place of the value at `path` (or of its key), or of the nearest thing above it."""
        key_mark, place = self._walk(path)
        mark = key_mark if key and key_mark else place[0] if isinstance(place, list) else place
        return Location(self.file, mark.line + 1, mark.column + 1)

    def _walk(self, path: Path) -> tuple[Any, Any]:
        """The mark of the last key, if it is one, and the places of what stands there."""
        data, place, key_mark = self.data, self.places, None
        for step in path:
            if isinstance(data, dict) and step in data:
                index = 2 * list(data).index(step) + 1
                key_mark, place = place[index], place[index + 1]
                data = data[step]
            elif isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data):
                key_mark, place, data = None, place[step + 1], data[step]
            else:
                return None, place
        return key_mark, place

    def fault(
        self, path: Path, message: str, code: str, hint: str | None = None, *, key: bool = False
    ) -> Fault:
        """A fault at `path`, or at the nearest thing above it that is there."""
        path = self.existing(path)
        return Fault(self.locate(path, key=key), path_text(path), message, code, hint)

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
    composer = Composer(file, faults, escapes="\\" in text)
    try:
        if not composer.compose(text):
            return None, faults
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        context = getattr(error, "context_mark", None)
        if context and str(getattr(error, "context", "")).endswith(_OPENERS):
            mark = context
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        message, hint = plain_words(error, text, line, column)
        faults.append(Fault(Location(file, line, column), "", message, "yaml-syntax", hint))
        return None, faults
    except StopReading:
        return None, faults
    found = Document(file, composer.root, composer.root_places, tuple(composer.nulls))
    return found, faults


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
    if raw.translate(None, _HARMLESS) and (match := _UNPRINTABLE.search(text)):
        before = text[: match.start()]
        position = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"the control character U+{ord(match[0]):04X} may not stand in a rulebook"
        refuse(position, message, "control-character", "delete it")
        return None
    return text
