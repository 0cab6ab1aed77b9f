"""Sentences of a source document, to quote from."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from monitor.language.lints.quotes import normalised, parting

if TYPE_CHECKING:
    from collections.abc import Sequence

_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_CLOSING, _OPENING = "[\"'\u201d\u2019)\\]]*", "[\"'\u201c\u2018(\\[]*"
_END = re.compile(
    rf"(?<=[.!?\u2026])(?<!\W[A-Z]\.){_CLOSING}\s+(?={_OPENING}[^\W_a-z])"
    r"|(?<=[\u3002\uff01\uff1f])\s*(?=\S)"
)
"""Between two sentences: after a stop that is not that of an initial (U.S.), where no small letter
follows.
"""


class Passage(NamedTuple):
    """One sentence. `number` counts from 1 through the document, `line` from 1."""

    number: int
    line: int
    text: str


def passages(document: str) -> list[Passage]:
    """The sentences of a document in their order, white space as single spaces."""
    found: list[Passage] = []
    start = 0
    breaks = [*_PARAGRAPH.finditer(document), None]
    for gap in breaks:
        end = len(document) if gap is None else gap.start()
        for begin, text in _sentences(document[start:end]):
            line = document.count("\n", 0, start + begin) + 1
            found.append(Passage(len(found) + 1, line, " ".join(text.split())))
        start = end if gap is None else gap.end()
    return found


def _sentences(paragraph: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    begin = 0
    for gap in _END.finditer(paragraph):
        found.append((begin, paragraph[begin : gap.start()] + gap[0].rstrip()))
        begin = gap.end()
    found.append((begin, paragraph[begin:]))
    kept = ((start + len(text) - len(text.lstrip()), text) for start, text in found)
    return [(start, text) for start, text in kept if text.strip()]


def search(found: Sequence[Passage], words: str) -> tuple[list[Passage], bool]:
    """The passages with these words, in any case and also inside of longer ones.

    Returns:
        Those with all of the words, in their order, and True; where there are none, those with the
        most of them, the best first, and False.
    """
    wanted = [_folded(word) for word in words.split()]
    hits = [(sum(word in _folded(p.text) for word in wanted), p) for p in found]
    every = [passage for n, passage in hits if n == len(wanted)]
    if every or not wanted:
        return every, True
    some = sorted((hit for hit in hits if hit[0]), key=lambda hit: -hit[0])
    return [passage for _, passage in some], False


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def misquoted(quote: str, document: str) -> str | None:
    """Where a quote parts from its document; None where it stands in it, white space aside."""
    words, text = normalised(quote), normalised(document)
    return None if words in text else parting(words, text)
