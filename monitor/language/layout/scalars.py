"""How a text is written: on one line, folded, or line for line."""

from __future__ import annotations

import json
import re
from unicodedata import east_asian_width

from monitor.language.layout.tree import Alias, Scalar

WIDTH = 100
"""Columns of a line, where its texts can be broken."""

_GAP = re.compile(r"(?<=[^ \t]) (?=[^ \t])")
"""Where a folded text may be broken: the break stands for this one space."""

_BREAK = re.compile("[\r\n\x85\u2028\u2029]")
_RARE = re.compile("[\r\x85\u2028\u2029]")
"""What ends a line in YAML 1.1, and is text to everybody else."""

_ESCAPED = {"\x7f": "\\x7f", "\x85": "\\N", "\u2028": "\\L", "\u2029": "\\P", "\ufeff": "\\uFEFF"}


def columns(text: str) -> int:
    """How many columns a text takes: two for a letter of full width."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def one_line(node: Scalar | Alias) -> str:
    """A scalar on one line, in quotes where it has some: in double ones where they do as well."""
    if isinstance(node, Alias):
        return f"*{node.name}"
    value, whole = node.value, _BREAK.search(node.raw) is None
    broken = _BREAK.search(value) is not None
    if node.style is None and not broken:
        return value
    if node.style == "'" and not broken:
        plain = not ("\\" in value or '"' in value)
        return f'"{value}"' if plain else "'" + value.replace("'", "''") + "'"
    return node.raw if node.style == '"' and whole else _double(value)


def _double(value: str) -> str:
    return "".join(_ESCAPED.get(c, c) for c in json.dumps(value, ensure_ascii=False))


def breakable(node: Scalar) -> bool:
    """Whether a text that is too long for its line may be folded into several.

    What is plain or in quotes may, unless it looks like a pattern rather than prose.
    """
    value = node.value
    return "\\" not in value and value.isprintable() and _GAP.search(value) is not None


def keeps_end(node: object) -> bool:
    """Whether the empty lines below a text are a part of it (`|+`)."""
    return isinstance(node, Scalar) and node.style in ("|", ">") and "+" in node.raw.split("\n")[0]


def block(node: Scalar, room: int) -> tuple[str, list[str]] | None:
    """A text below its header (`>-`), folded into `room` columns where that changes nothing.

    What is written line for line (`|`) stays so. None where it cannot be written in this way.
    """
    value = node.value
    body = value.rstrip("\n")
    if not body or _RARE.search(value):
        return None
    ends = len(value) - len(body)
    chomp = "-+"[ends > 1] if ends != 1 else ""
    lines = None if node.style == "|" else _as_it_is(node, room) or _folded(body, room)
    sign = "|" if lines is None else ">"
    lines = body.split("\n") if lines is None else lines
    first = next(line for line in lines if line)
    return sign + ("2" if first[0] == " " else "") + chomp, lines + [""] * (ends - 1)


def _as_it_is(node: Scalar, room: int) -> list[str] | None:
    """The lines of a text that was folded already; None where one of them is too long."""
    if node.style != ">":
        return None
    lines = [line.lstrip(" ") for line in node.raw.splitlines()[1:]]
    while lines and not lines[-1]:
        lines.pop()
    # white space at either end of a line is a part of the text
    kept = all(line == line.strip() and columns(line) <= room for line in lines)
    return (
        lines
        if kept and not any(line[:1] in (" ", "\t") for line in node.value.split("\n"))
        else None
    )


def _folded(text: str, room: int) -> list[str] | None:
    """An empty line stands for a line break, so each break in the text takes one."""
    lines: list[str] = []
    for number, part in enumerate(text.split("\n")):
        if part != part.strip(" \t"):
            return None
        lines += [""] if number else []
        lines += _wrapped(part, room) if part else []
    return lines


def _wrapped(text: str, room: int) -> list[str]:
    words = _GAP.split(text)
    lines = [words[0]]
    for word in words[1:]:
        if columns(lines[-1]) + 1 + columns(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
