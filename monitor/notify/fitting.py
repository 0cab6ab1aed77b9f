"""Text that fits: cut to what a service takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from monitor.notify.texts import Texts

MARK = "…"


def units(text: str) -> int:
    """The length of a text in UTF-16, as some services count: never less than its characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def octets(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def cut(text: str, limit: int, size: Callable[[str], int] = units) -> str:
    """The text, or as much of its beginning as fits with a mark."""
    if size(text) <= limit:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if size(text[:middle] + MARK) <= limit:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + MARK


def fit_lines(
    lines: Sequence[str], limit: int, words: Texts, size: Callable[[str], int] = units
) -> list[str]:
    """As many lines as fit when they are joined, the last of them saying how many are missing."""
    if size("\n".join(lines)) <= limit:
        return list(lines)
    room = limit - size(words.say("more", count=len(lines))) - 1
    kept: list[str] = []
    used = 0
    for line in lines:
        used += size(line) + 1
        if used > room:
            break
        kept.append(line)
    if not kept and lines:
        kept = [cut(lines[0], max(room, 1), size)]
    missing = len(lines) - len(kept)
    return [*kept, words.say("more", count=missing)] if missing else kept


def dump(value: Any) -> bytes:
    """JSON in UTF-8; a lone surrogate becomes a question mark.

    Raises:
        ValueError: the value holds what JSON has no word for.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except TypeError as error:
        raise ValueError(f"the message is not JSON: {error}") from error
    return text.encode("utf-8", "replace")
