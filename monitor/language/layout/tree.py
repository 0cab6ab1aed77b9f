"""A YAML document as it is laid out: nodes, and the comments and blank lines around them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Comment:
    """From its `#` to the end of its line.

    `index` counts characters from the start of the text, `line` and `column` from 0. `alone`: there
    is nothing else on its line. `blank`: the line above it is empty.
    """

    text: str
    index: int
    line: int
    column: int
    alone: bool
    blank: bool


@dataclass(slots=True)
class Node:
    """It begins with its `properties` (anchor and tag), its content at `start`."""

    properties: str
    begin: int
    start: int
    end: int


@dataclass(slots=True)
class Alias(Node):
    name: str


@dataclass(slots=True)
class Scalar(Node):
    """`style` is None where it is plain, else one of ' " | >. `raw` is how it is written."""

    value: str
    style: str | None
    raw: str


@dataclass(slots=True)
class Entry:
    """A pair of a mapping, or an item of a list (then `key` is None).

    `above` are comments on lines of their own before it, `beside` those at the end of its lines.
    """

    start: int
    line: int
    column: int
    value: Node
    key: Scalar | Alias | None
    blank: bool
    above: list[Comment] = field(default_factory=list)
    beside: list[Comment] = field(default_factory=list)


@dataclass(slots=True)
class Collection(Node):
    """A mapping or a list. `column` is where its entries stand; `tail` follows the last one."""

    mapping: bool
    flow: bool
    column: int
    entries: list[Entry] = field(default_factory=list)
    tail: list[Comment] = field(default_factory=list)


@dataclass(slots=True)
class Layout:
    """A document. `before` is what stands above its `---`, where it has one (`marked`)."""

    root: Node
    marked: bool
    before: list[Comment]
