"""The project's own pages as data: sections, tables, code blocks."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]

_FENCE = re.compile(r"^```(\S*) *([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`]+)`")


class Block(NamedTuple):
    """A fenced code block: its language, the words after it, the line it begins on, its text."""

    language: str
    words: str
    line: int
    text: str


class Page:
    """A Markdown file."""

    def __init__(self, name):
        self.name = name
        self.text = (ROOT / name).read_text(encoding="utf-8")

    def blocks(self, language=None, words=None):
        """The code blocks, or those of a language and with these words after it."""
        found = [
            Block(m[1], m[2].strip(), self.text.count("\n", 0, m.start()) + 1, m[3])
            for m in _FENCE.finditer(self.text)
        ]
        return [b for b in found if language in (None, b.language) and words in (None, b.words)]

    @property
    def prose(self):
        """The text without its code blocks, every line of it kept."""
        return _FENCE.sub(lambda m: "\n" * m[0].count("\n"), self.text)

    def headings(self):
        """Every heading as (depth, text), outside of code blocks."""
        found = re.findall(r"^(#+) (.+)$", self.prose, re.MULTILINE)
        return [(len(marks), text) for marks, text in found]

    def section(self, heading):
        """What stands below a heading, down to the next one that is not deeper."""
        lines = self.prose.splitlines()
        for number, line in enumerate(lines):
            if line.lstrip("#").strip() == heading and line.startswith("#"):
                depth = len(line) - len(line.lstrip("#"))
                rest = lines[number + 1 :]
                for end, later in enumerate(rest):
                    if re.match(rf"#{{1,{depth}}} ", later):
                        return "\n".join(rest[:end])
                return "\n".join(rest)
        raise LookupError(f"{self.name} has no section {heading!r}")

    def own(self, heading):
        """What stands below a heading, down to the very next one."""
        return re.split(r"^#+ ", self.section(heading), maxsplit=1, flags=re.MULTILINE)[0]


def rows(text):
    """The cells of every table row but headers and rules."""
    found, header = [], True
    for line in text.splitlines():
        if not line.startswith("|"):
            header = True
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if header or set(cells[0]) <= set("-: "):
            header = False
            continue
        found.append(cells)
    return found


def codes(text):
    """Every `code span`, in order."""
    return _CODE.findall(text)


def first_column(text):
    """The code spans in the first cells of the tables in a text."""
    return [code for cells in rows(text) for code in codes(cells[0])]
