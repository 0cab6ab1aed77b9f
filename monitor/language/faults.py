"""What can be wrong with a rulebook: located, in plain words, with a way out.

An error stops a rulebook from loading. A warning or an info is a lint: the rulebook loads, but
its author probably meant something else.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.domain.location import Location

Path = tuple[str | int, ...]
"""Keys and indices from the root of a file down to one value."""

CANDIDATES = 2_000
"""Near misses are looked for among so many names: difflib is slow."""


class FaultSeverity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    `location` has line 0 where the whole file is meant. `path` is printable, for instance
    `commitments[2].rules[0].when.update.kind`, and empty at the root. `code` is stable and made
    for machines. `suggestion` says what to do about it.
    """

    location: Location
    path: str
    message: str
    code: str
    suggestion: str | None = None
    severity: FaultSeverity = FaultSeverity.ERROR

    def __str__(self) -> str:
        where = str(self.location) if self.location.line else self.location.file
        text = self.message
        hint = self.suggestion
        if hint and hint.startswith("did you mean"):
            text, hint = f"{text}, {hint}", None
        at = f" (at {self.path})" if self.path else ""
        rest = f"; {hint}" if hint else ""
        return f"{where}: {self.severity}: {text}{at}{rest}"

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Faults are read from the top of a file to its end."""
        return (self.location.file, self.location.line, self.location.column, self.code)


def path_text(path: Path) -> str:
    """`("a", 2, "b")` as `a[2].b`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{shorten(part, 60)}" if text else shorten(part, 60)
    return text


def did_you_mean(word: object, known: Iterable[str]) -> str | None:
    """A suggestion for a misspelt word, or None where nothing known is near."""
    if not isinstance(word, str) or len(word) > 80:
        return None
    names = [name for name, _ in zip(known, range(CANDIDATES), strict=False)]
    lower = {name.lower(): name for name in reversed(names)}
    near = get_close_matches(word.lower().replace(" ", "-"), lower, n=1, cutoff=0.6)
    near = near or get_close_matches(word.lower(), lower, n=1, cutoff=0.6)
    return f"did you mean '{lower[near[0]]}'?" if near else None


def shorten(text: str, width: int = 40) -> str:
    """One printable line of at most `width` characters."""
    line = "".join(c if c.isprintable() else " " for c in " ".join(text[: 4 * width].split()))
    return line if len(line) <= width else line[: width - 1] + "…"


def listing(words: Iterable[str]) -> str:
    """`a, b or c`."""
    *rest, last = words
    return f"{', '.join(rest)} or {last}" if rest else last
