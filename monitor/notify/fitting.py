"""Text that fits: cut to what a service takes.

Nothing is left out silently: a message that was shortened says so, and with which command all of
it is shown.
"""

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


def json_octets(text: str) -> int:
    """The length of a text in JSON, without its quotation marks."""
    return len(json.dumps(text, ensure_ascii=False).encode("utf-8", "replace")) - 2


def cut(text: str, limit: int, size: Callable[[str], int] = units) -> str:
    """The text, or as much of its beginning as fits with a mark."""
    # Nothing counts more than six for a character, as JSON does for one of control.
    if len(text) * 6 <= limit or size(text) <= limit:
        return text
    low, high = 0, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        if size(text[:middle] + MARK) <= limit:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + MARK


class Fitting:
    """Makes the texts of one message fit, and knows whether anything had to be left out.

    Args:
        words: in which it says so.
        see: the command that shows all of it.
    """

    __slots__ = ("_see", "_words", "short")

    def __init__(self, words: Texts, see: str) -> None:
        self._words = words
        self._see = see
        self.short = False

    @property
    def longest_note(self) -> str:
        """What there must be room for beside the texts."""
        return self._words.say("shortened", see=self._see)

    @property
    def note(self) -> str:
        """That something was left out, and how to see it; "" where nothing was."""
        return self.longest_note if self.short else ""

    def cut(self, text: str, limit: int, size: Callable[[str], int] = units) -> str:
        """As the function of that name."""
        shown = cut(text, limit, size)
        self.short |= shown is not text
        return shown

    def lines(
        self, lines: Sequence[str], limit: int, size: Callable[[str], int] = units
    ) -> list[str]:
        """As many lines as fit when joined; the last of them says how many are missing."""
        if size("\n".join(lines)) <= limit:
            return list(lines)
        self.short = True
        room = limit - size(self._words.say("more", count=len(lines))) - 1
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
        return [*kept, self._words.say("more", count=missing)] if missing else kept

    def text(self, lines: Sequence[str], limit: int, size: Callable[[str], int] = units) -> str:
        """The lines that fit as one text; where some do not, the note is its last line."""
        whole = "\n".join(lines)
        if not self.short and size(whole) <= limit:
            return whole
        room = limit - size(self.longest_note) - 1
        return "\n".join([*self.lines(lines, room, size), self.longest_note])


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
