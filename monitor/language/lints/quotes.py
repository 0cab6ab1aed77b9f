"""Lints about quotes: a commitment is what its source says, word for word."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from monitor.language.document import MAX_BYTES
from monitor.language.faults import shorten
from monitor.language.files import RulebookFile, read_bytes
from monitor.language.lints.note import info, warning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.domain.commitment import Agreement
    from monitor.language.document import Document
    from monitor.language.draft import Reading
    from monitor.language.faults import Fault

_DOUBLE, _SINGLE = "\u201c\u201d\u201e\u201f", "\u2018\u2019\u201a\u201b"
_QUOTES = str.maketrans(dict.fromkeys(_DOUBLE, '"') | dict.fromkeys(_SINGLE, "'"))


def normalised(text: str) -> str:
    """White space, composition and the curve of quotation marks carry no meaning."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_QUOTES)
    return " ".join(text.split())


def lint_quotes(reading: Reading) -> Iterator[Fault]:
    agreement, document = reading.agreement, reading.document
    if agreement is None or document is None:
        return
    quotes = [normalised(commitment.quote) for commitment in agreement.commitments]
    yield from _duplicates(agreement, document, quotes)
    if agreement.source is None:
        message = "there is no source document, so no quote can be checked"
        hint = "keep the document beside the rulebook and name it under source:"
        yield info(document, (), "no-source", message, hint)
        return
    raw = read_bytes(
        RulebookFile(reading.file.beside(agreement.source), agreement.source), MAX_BYTES
    )
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else None
    except UnicodeDecodeError:
        text = None
    if text is None or len(raw if isinstance(raw, bytes) else b"") > MAX_BYTES:
        message = "the source document is not UTF-8 text of at most 5 MB: no quote can be checked"
        yield warning(document, ("source",), "unreadable-source", message)
        return
    text = normalised(text)
    for index, quote in enumerate(quotes):
        if quote not in text:
            message = f"the quote does not occur in {shorten(agreement.source, 80)}"
            where = ("commitments", index, "quote")
            yield warning(document, where, "quote-not-in-source", message, parting(quote, text))


def parting(quote: str, text: str) -> str:
    """How far a quote agrees with the source."""
    words = quote.split(" ")
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if " ".join(words[:middle]) in text else (low, middle - 1)
    if low == 0:
        return "not even its first word does"
    beginning = shorten(" ".join(words[max(0, low - 6) : low]), 60)
    return f"it agrees up to '{beginning}' and parts at '{shorten(words[low], 30)}'"


def _duplicates(agreement: Agreement, document: Document, quotes: Sequence[str]) -> Iterator[Fault]:
    """One sentence may hold several commitments, but often it was copied."""
    first: dict[str, str] = {}
    for index, (commitment, quote) in enumerate(zip(agreement.commitments, quotes, strict=True)):
        other = first.setdefault(quote, commitment.id)
        if other != commitment.id:
            message = f"the same quote as '{other}'"
            yield info(document, ("commitments", index, "quote"), "duplicate-quote", message)
