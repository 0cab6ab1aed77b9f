"""Adding to a list of a file: nothing else of it is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.errors import InputError
from monitor.language.document import parse_document
from monitor.language.layout.gaps import Lines
from monitor.language.layout.reading import read_layout
from monitor.language.layout.scalars import keeps_end
from monitor.language.layout.tree import Collection, Scalar
from monitor.language.loader import rulebook_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.language.layout.tree import Comment, Entry, Node

COLUMN = 2
"""Where the dash of an item stands that is given."""


def add_item(raw: bytes, name: str, key: str, lines: Sequence[str]) -> bytes:
    """The file with one more item at the end of a list at its top.

    Args:
        raw: the content of the file.
        name: what messages call it.
        key: of the list; where the file has none, the list is begun at its end.
        lines: the item, its dash two columns from the left.

    Raises:
        RulebookError: the file is not YAML.
        InputError: the list is not written with dashes.
    """
    before = _data(raw, name)
    text = raw.decode("utf-8-sig")
    end = "\r\n" if text[: text.find("\n") + 1].endswith("\r\n") else "\n"
    entry = _entry(read_layout(text, name).root, key)
    if entry is None:
        above, below, shift = text.rstrip(), "", 0
        lines = ["", f"{key}:", *lines]
    elif isinstance(entry.value, Collection) and not entry.value.flow and not entry.value.mapping:
        at, shift = _after(text, entry.value), entry.value.column - COLUMN
        above, below = text[:at], text[at:]
        # an empty line would be a part of a text that keeps its end
        full = above.endswith(end * 2) or keeps_end(_last(entry.value))
        lines = lines if full else ["", *lines]
    else:
        place = f"{name}:{entry.line + 1}:{entry.column + 1}"
        raise InputError(
            f"{place}: `{key}` is not a list of lines that begin with -",
            hint="write it so: each item on a line of its own",
        )
    gap = "" if above.endswith(end) else end
    added = "".join(f"{_shifted(line, shift)}{end}" for line in lines)
    mark = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
    done = mark + f"{above}{gap}{added}{below}".encode()
    after = _data(done, name)
    if {**after, key: after[key][:-1]} != {key: [], **before}:
        raise InputError(
            f"{name}: adding to `{key}` would change something else in it",
            hint="an alias (*…) may stand for what the list holds: write it out",
        )
    return done


def _data(raw: bytes, name: str) -> dict[str, Any]:
    document, faults = parse_document(raw, name)
    if document is None:
        raise rulebook_error(faults)
    if not isinstance(document.data, dict):
        raise InputError(f"{name}: not a mapping of keys", hint="it begins with `agreement:`")
    return document.data


def _shifted(line: str, shift: int) -> str:
    text = line.lstrip()
    return " " * (len(line) - len(text) + shift) + text if text else ""


def _entry(root: Node, key: str) -> Entry | None:
    entries = root.entries if isinstance(root, Collection) and root.mapping else []
    named = (e for e in entries if isinstance(e.key, Scalar) and e.key.value == key)
    return next(named, None)


def _after(text: str, items: Collection) -> int:
    """Where the line begins that follows the last item with its comments."""
    lines = Lines(text)
    last = items.entries[-1]
    index = max([last.value.end - 1, *(c.index for c in _comments(items, last))])
    line, _ = lines.place(index)
    while lines.blank(line) and not keeps_end(_last(last.value)):
        line -= 1
    return lines.starts[line + 1] if line + 1 < len(lines.starts) else len(text)


def _comments(items: Collection, last: Entry) -> Iterator[Comment]:
    """Those that belong to the last item, or follow it in its list."""
    yield from items.tail
    yield from last.beside
    waiting = [last.value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Collection):
            yield from node.tail
            for entry in node.entries:
                yield from entry.beside
                waiting.append(entry.value)


def _last(node: Node) -> Node:
    while isinstance(node, Collection) and node.entries and not node.flow:
        node = node.entries[-1].value
    return node
