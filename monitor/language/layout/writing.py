"""Layout -> text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.language.layout.flow import filled, inline
from monitor.language.layout.order import Form, inside, ordered
from monitor.language.layout.scalars import WIDTH, block, breakable, columns, one_line
from monitor.language.layout.tree import Alias, Collection, Scalar
from monitor.language.models import RulebookModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.language.layout.tree import Comment, Entry, Layout, Node

STEP = 2
RECORD = 2
"""Lines that a record in braces may take; a longer one does without the braces."""

APART = ("commitments", "profiles", "tests")
"""Top keys whose entries have an empty line between them, where they take more than one line."""


@dataclass(slots=True)
class Line:
    """`text` with a comment beside it, from `column` on or further right."""

    text: str = ""
    comment: str = ""
    column: int = 0

    def __str__(self) -> str:
        if not self.comment or not self.text:
            return self.text or self.comment
        room = max(2, self.column - columns(self.text))
        return f"{self.text}{' ' * room}{self.comment}"

    @property
    def aside(self) -> bool:
        """Whether it is empty, or nothing but a comment."""
        text = self.text.lstrip()
        return not text or text[0] == "#"


def write(layout: Layout, form: Form | None) -> str:
    """The text of a layout, its keys in the order of `form`."""
    root = layout.root
    lines = [*_comments(layout.before, 0), *([Line("---")] if layout.marked else [])]
    if isinstance(root, Collection) and root.entries:
        first = root.entries[0]
        head, first.above = first.above, []
        lines += _comments(head, 0)
        if head and first.blank:
            lines.append(Line())
        lines += _entries(root, 0, form, apart=form is not None and form.model is RulebookModel)
    return "\n".join(str(line) for line in lines) + "\n"


def _comments(comments: Iterable[Comment], indent: int) -> Iterator[Line]:
    for number, comment in enumerate(comments):
        if number and comment.blank:
            yield Line()
        yield Line(f"{' ' * indent}{comment.text}")


def _entries(
    owner: Collection, indent: int, form: Form | None, *, apart: bool = False
) -> list[Line]:
    """What stands in a collection, an entry on each line or on several."""
    lines: list[Line] = []
    big = False
    entries = ordered(owner.entries, form) if owner.mapping else owner.entries
    for number, entry in enumerate(entries):
        own = _entry(owner, entry, indent, form)
        was, big = big, isinstance(entry.value, Collection) and _several(own)
        blank = entry.above[0].blank if entry.above else entry.blank
        if number and (blank or (apart and was and big)) and str(lines[-1]):
            lines.append(Line())
        lines += own
    if owner.tail and owner.tail[0].blank and str(lines[-1]):
        lines.append(Line())
    return [*lines, *_comments(owner.tail, indent)]


def _several(lines: Iterable[Line]) -> bool:
    return sum(not line.aside for line in lines) > 1


def _entry(owner: Collection, entry: Entry, indent: int, form: Form | None) -> list[Line]:
    """An entry with its comments; of several beside it all but the last one move above it."""
    key = entry.key
    if key is None:
        below, place = _value(entry, f"{' ' * indent}-", indent, form)
    else:
        word = one_line(key)
        name = f"{key.properties} {word}" if key.properties else word
        colon = " :" if isinstance(key, Alias) else ":"
        below, place = _value(entry, f"{' ' * indent}{name}{colon}", indent, inside(form, word))
    beside = entry.beside
    if place is not None and beside:
        last = beside[-1]
        stayed = last.line == entry.line and not owner.flow
        column = last.column + indent - entry.column if stayed else 0
        below[place].comment, below[place].column = last.text, column
        beside = beside[:-1]
    head = list(_comments(entry.above, indent))
    if head and entry.blank:
        head.append(Line())
    return [*head, *_comments(beside, indent), *below]


def _value(
    entry: Entry, prefix: str, indent: int, form: Form | None
) -> tuple[list[Line], int | None]:
    """What stands behind the prefix, and in which line a comment may stand beside it."""
    node = entry.value
    if not isinstance(node, Collection):
        return _text(node, prefix, indent), 0
    if node.flow and (lines := _bracketed(entry, node, prefix, indent, form)):
        return lines, -1
    nested = _entries(node, indent + STEP, form, apart=indent == 0 and prefix[:-1] in APART)
    if entry.key is not None or node.properties:
        header = f"{prefix} {node.properties}" if node.properties else prefix
        return [Line(header), *nested], 0
    aside = next(number for number, line in enumerate(nested) if not line.aside)
    first = nested[aside]
    first.text = f"{prefix} {first.text[indent + STEP :]}"
    head = [Line(f"{' ' * indent}{line.text.lstrip()}".rstrip()) for line in nested[:aside]]
    return [*head, *nested[aside:]], None


def _bracketed(
    entry: Entry, node: Collection, prefix: str, indent: int, form: Form | None
) -> list[Line]:
    """A collection in brackets; nothing where it has to do without them."""
    text = inline(node, form)
    line = f"{prefix} {text}"
    if text is not None and (columns(line) <= WIDTH or _pinned(entry) or not node.entries):
        return [Line(line)]
    if not node.entries:
        empty = inline(replace(node, tail=[]))
        return [*_comments(node.tail, indent), Line(f"{prefix} {empty}")]
    several = filled(node, prefix, form) or []
    return [Line(line) for line in several if not node.mapping or len(several) <= RECORD]


def _pinned(entry: Entry) -> bool:
    """A comment that allows a lint speaks of its line, which has to stay one."""
    return any("monitor:" in comment.text for comment in entry.beside)


def _text(node: Node, prefix: str, indent: int) -> list[Line]:
    start = f"{prefix} {node.properties}" if node.properties else prefix
    if not isinstance(node, Scalar):
        return [Line(f"{start} {inline(node)}")]
    if node.style is None or node.style in "'\"":
        line = f"{start} {one_line(node)}".rstrip(" ")
        long = columns(line) > WIDTH and breakable(node) and not prefix.endswith("regex:")
        if not long and ("\n" not in node.value or "\\n" in node.raw):
            return [Line(line)]
    below = block(node, WIDTH - indent - STEP)
    if below is None:
        return [Line(f"{start} {one_line(node)}")]
    header, lines = below
    return [
        Line(f"{start} {header}"),
        *(Line(f"{' ' * (indent + STEP)}{line}" if line else "") for line in lines),
    ]
