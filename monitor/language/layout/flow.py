"""Collections in brackets: on one line, or filled into several."""

from __future__ import annotations

from monitor.language.layout.order import Form, inside, ordered
from monitor.language.layout.scalars import WIDTH, columns, one_line
from monitor.language.layout.tree import Alias, Collection, Entry, Node, Scalar


def inline(node: Node, form: Form | None = None) -> str | None:
    """A node on one line; None where comments stand in it, which would be lost."""
    if isinstance(node, (Alias, Scalar)):
        text: str | None = one_line(node)
    elif isinstance(node, Collection):
        parts = _parts(node, form)
        opening, closing = "{}" if node.mapping else "[]"
        text = None if parts is None else f"{opening}{', '.join(parts)}{closing}"
    else:
        text = None
    return text if text is None or not node.properties else f"{node.properties} {text}".rstrip()


def _parts(node: Collection, form: Form | None) -> list[str] | None:
    if node.tail or any(entry.above or entry.beside for entry in node.entries):
        return None
    entries = ordered(node.entries, form) if node.mapping else node.entries
    parts = [_part(entry, form) for entry in entries]
    return None if None in parts else [part for part in parts if part is not None]


def _part(entry: Entry, form: Form | None) -> str | None:
    if entry.key is None:
        return inline(entry.value, form)
    value = inline(entry.value, inside(form, one_line(entry.key)))
    if value is None:
        return None
    key = inline(entry.key)
    return f"{key} : {value}" if isinstance(entry.key, Alias) else f"{key}: {value}"


def filled(node: Collection, prefix: str, form: Form | None) -> list[str] | None:
    """A list of texts, or a record of them, broken at its commas and aligned at its bracket.

    None where something in it is too long for a line, where it is more than that, and where the
    bracket stands too far to the right.
    """
    parts = _parts(node, form)
    if parts is None or not all(_plain(entry.value, lists=node.mapping) for entry in node.entries):
        return None
    opening, closing = "{}" if node.mapping else "[]"
    first = f"{prefix} {node.properties} {opening}" if node.properties else f"{prefix} {opening}"
    column = columns(first)
    if column > WIDTH // 2 or any(column + columns(part) >= WIDTH for part in parts):
        return None
    lines = [first]
    for part in parts:
        room = WIDTH - columns(lines[-1]) - len(", ,")
        if lines[-1].endswith(("[", "{")) and lines[-1] is first:
            lines[-1] += f"{part},"
        elif columns(part) <= room:
            lines[-1] += f" {part},"
        else:
            lines.append(f"{' ' * column}{part},")
    lines[-1] = f"{lines[-1].removesuffix(',')}{closing}"
    return lines


def _plain(node: Node, *, lists: bool) -> bool:
    if not isinstance(node, Collection):
        return True
    return (
        lists
        and not node.mapping
        and all(_plain(entry.value, lists=False) for entry in node.entries)
    )
