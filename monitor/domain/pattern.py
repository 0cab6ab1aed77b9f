"""What can be asked of one update."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain.bounds import Range


@dataclass(frozen=True, slots=True)
class TextTest:
    """Terms in a text, in any language, compared case-insensitively after NFKC.

    A term that is a word in a script with spaces matches whole words ("LNG" is not in "bLNGx");
    one in a script without spaces matches anywhere. `regex` is searched in the same text.
    """

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    regex: str | None = None


@dataclass(frozen=True, slots=True)
class UpdatePattern:
    """Field tests on one update: every test given must hold.

    A list holds when the update has any of its members; `all_parties` when it names them all.
    `tier` is the weakest tier that still counts (1 is the strongest). `text` looks at title and
    text together. `moves`: the update moves a date.
    """

    kind: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    all_parties: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    tier: int | None = None
    title: TextTest | None = None
    text: TextTest | None = None
    url: TextTest | None = None
    milestone: tuple[str, ...] = ()
    indicator: tuple[str, ...] = ()
    value: Range | None = None
    moves: bool = False
