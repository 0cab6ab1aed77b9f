"""What stands between the values of a YAML text: comments, blank lines, and the dashes of lists."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from monitor.errors import InputError
from monitor.language.layout.tree import Comment

if TYPE_CHECKING:
    from collections.abc import Iterable

BREAKS = "\r\n\x85\u2028\u2029"
"""What ends a line in YAML 1.1, which the reader keeps to."""

_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_TOKEN = re.compile(
    rf"(?P<space>[ \t\ufeff{BREAKS}]+)|(?P<comment>\#[^{BREAKS}]*)|(?P<marker>---|\.\.\.)"
    r"|(?P<dash>-)|(?P<sign>[?:,\[\]{}])"
)
_PROPERTY = re.compile(r"[&!]\S*")
_HEADER = re.compile(rf"[|>][-+0-9]*[ \t]*(\#[^{BREAKS}]*)?")


class Lines:
    """The lines of a text, by index."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in _BREAK.finditer(text))]

    def place(self, index: int) -> tuple[int, int]:
        """Line and column, from 0."""
        line = bisect_right(self.starts, index) - 1
        return line, index - self.starts[line]

    def blank(self, line: int) -> bool:
        """Whether there is such a line, and nothing in it."""
        if not 0 <= line < len(self.starts) - 1:
            return False
        return not self.text[self.starts[line] : self.starts[line + 1]].strip()


class Gaps(NamedTuple):
    comments: list[Comment]
    dashes: list[int]
    marker: int | None
    """Where the `---` above the document stands."""


def properties(text: str, start: int, end: int) -> tuple[list[str], int, list[tuple[int, int]]]:
    """The anchor and tag that a node begins with, where its content begins, and their spans."""
    found: list[str] = []
    spans: list[tuple[int, int]] = []
    index, after = start, start
    while index < end:
        if match := _PROPERTY.match(text, index, end):
            found.append(match[0])
            spans.append(match.span())
            after = match.end()
        else:
            match = _TOKEN.match(text, index, end)
            if match is None or match.lastgroup not in ("space", "comment"):
                return found, index, spans
        index = match.end()
    return found, max(after, index), spans


def gaps(text: str, lines: Lines, spans: Iterable[tuple[int, int]], name: str) -> Gaps:
    """Read what the spans of values and properties leave.

    Raises:
        InputError: there is something that is kept nowhere, such as a directive.
    """
    found = Gaps([], [], None)
    index = 0
    for start, end in [*sorted(spans), (len(text), len(text))]:
        found = _between(text, lines, index, start, found, name)
        header = _HEADER.match(text, start, end)
        if header is not None and header[1]:
            found.comments.append(comment(header[1], header.start(1), lines))
        index = max(index, end)
    return found


def _between(text: str, lines: Lines, index: int, end: int, found: Gaps, name: str) -> Gaps:
    marker = found.marker
    while index < end:
        match = _TOKEN.match(text, index, end)
        if match is None:
            line, column = lines.place(index)
            word = text[index:end].split(maxsplit=1)[0]
            raise InputError(
                f"{name}:{line + 1}:{column + 1}: '{word[:20]}' would be lost: not formatted",
                hint="a rulebook needs no directives" if word.startswith("%") else None,
            )
        if match.lastgroup == "comment":
            found.comments.append(comment(match[0], index, lines))
        elif match.lastgroup == "dash":
            found.dashes.append(index)
        elif match.lastgroup == "marker" and match[0] == "---":
            marker = index
        index = match.end()
    return found._replace(marker=marker)


def comment(text: str, index: int, lines: Lines) -> Comment:
    line, column = lines.place(index)
    alone = not lines.text[lines.starts[line] : index].strip("\ufeff \t")
    return Comment(text.rstrip(), index, line, column, alone, lines.blank(line - 1))
