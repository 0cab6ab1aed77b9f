"""Random YAML as people write it: any style, comments anywhere, rulebook keys in any order.

Shares no code with the product. Each comment has a number of its own, so that it can be found again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

KEYS = (
    "agreement", "title", "date", "defaults", "sources", "profiles", "commitments", "id", "quote",
    "about", "rules", "when", "then", "update", "kind", "topics", "text", "any", "labels", "deadline",
    "milestones", "quiet", "stalled", "note", "tests", "unknown-key",
)  # fmt: skip
WORDS = (
    "rail",
    "road",
    "15 percent",
    "한국",
    "it's",
    "a#b",
    "x-y",
    "NO",
    "2025-08-23",
    "12:30",
    "1.50",
    "{title}",
)
LONG = (
    "One date slips in every negotiation, and two within a season are a pattern until none has slipped for long",
    r"(?i)\b(japan|japanese|tokyo|cabinet)\b.*\b(apologi[sz]e[sd]?|offers? an apology) and a long tail of words",
)
TEXTS = (
    "one line",
    "first line\nsecond line",
    "a paragraph\n\nanother one",
    "  indented\nnot",
    "ends with space \nx",
)


@dataclass
class Written:
    """A text in the making; `comments` is how many stand in it."""

    lines: list[str] = field(default_factory=list)
    comments: int = 0
    anchors: list[str] = field(default_factory=list)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, int]:
    """A text, and how many comments numbered from 0 (`# c0.`) stand in it."""
    out = Written()
    _mapping(draw, out, 0, 0)
    _aside(draw, out, 0)
    return "\n".join(out.lines) + "\n", out.comments


def _comment(draw: st.DrawFn, out: Written) -> str:
    words = draw(st.sampled_from(("", " why", " [a, b]", ' "q"', " key: value", "   # again")))
    out.comments += 1
    return f"# c{out.comments - 1}.{words}"


def _aside(draw: st.DrawFn, out: Written, indent: int) -> None:
    """Empty lines and comments of their own, indented as it comes."""
    for _ in range(draw(st.integers(0, 2)) if draw(st.booleans()) else 0):
        if draw(st.booleans()):
            out.lines.append("")
        else:
            column = draw(st.sampled_from((indent, indent, 0, indent + 2, indent + 3)))
            out.lines.append(" " * column + _comment(draw, out))


def _beside(draw: st.DrawFn, out: Written) -> str:
    if draw(st.integers(0, 3)):
        return ""
    return " " * draw(st.integers(1, 6)) + _comment(draw, out)


def _mapping(
    draw: st.DrawFn, out: Written, indent: int, depth: int, first: str | None = None
) -> None:
    names = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True))
    for number, name in enumerate(names):
        if number or first is None:
            _aside(draw, out, indent)
        start = first if first is not None and not number else " " * indent
        quoted = draw(st.sampled_from((name, name, name, f'"{name}"', f"'{name}'")))
        _value(draw, out, f"{start}{quoted}:", indent, depth)


def _sequence(draw: st.DrawFn, out: Written, indent: int, depth: int) -> None:
    for _ in range(draw(st.integers(1, 3))):
        _aside(draw, out, indent)
        dash = " " * indent + "-"
        if depth < 3 and draw(st.booleans()):
            gap = draw(st.integers(1, 3))
            if draw(st.integers(0, 4)) == 0:
                out.lines.append(dash + _beside(draw, out))
                _aside(draw, out, indent + 1 + gap)
                _mapping(draw, out, indent + 1 + gap, depth + 1)
            else:
                _mapping(draw, out, indent + 1 + gap, depth + 1, dash + " " * gap)
        else:
            _value(draw, out, dash, indent, 3)


def _value(draw: st.DrawFn, out: Written, start: str, indent: int, depth: int) -> None:
    kind = draw(
        st.sampled_from(("scalar", "scalar", "flow", "block", "mapping", "sequence", "alias"))
    )
    anchor = ""
    if kind != "alias" and not draw(st.integers(0, 5)):
        anchor = f" &a{draw(st.integers(0, 3))}"
    if kind in ("mapping", "sequence") and depth < 3:
        out.lines.append(start + anchor + _beside(draw, out))
        _aside(draw, out, indent + 1)
        least = 0 if kind == "sequence" and not start.endswith("-") else 1
        inner = indent + draw(st.integers(least, 4))
        (_mapping if kind == "mapping" else _sequence)(draw, out, inner, depth + 1)
    elif kind == "alias" and out.anchors:
        out.lines.append(f"{start} *{draw(st.sampled_from(out.anchors))}{_beside(draw, out)}")
    elif kind == "flow":
        lines = _flow(draw, out, 0)
        out.lines.append(f"{start}{anchor} {lines[0]}")
        out.lines += [" " * (indent + 3) + line for line in lines[1:]]
        out.lines[-1] += _beside(draw, out)
    elif kind == "block":
        text = draw(st.sampled_from((*TEXTS, LONG[0])))
        sign = draw(st.sampled_from(("|", ">", "|-", ">-", "|+", ">+")))
        inner = draw(st.integers(1, 4))
        hint = str(inner) if text[0] == " " else ""
        out.lines.append(f"{start}{anchor} {sign}{hint}{_beside(draw, out)}")
        out.lines += [" " * (indent + inner) + line if line else "" for line in text.split("\n")]
        out.lines += [""] * draw(st.integers(0, 2))
    else:
        text = _scalar(draw, flow=False)
        out.lines.append(f"{start}{anchor} {text}{_beside(draw, out)}")
    if anchor:
        out.anchors.append(anchor.strip()[1:])


def _scalar(draw: st.DrawFn, *, flow: bool) -> str:
    text: Any = draw(st.sampled_from((*WORDS, *LONG) if not flow else WORDS))
    if text[0] in "{(" or "\\" in text or draw(st.integers(0, 3)) == 0:
        if "\\" in text or draw(st.booleans()):
            return "'" + text.replace("'", "''") + "'"
        return '"' + text + '"'
    return text


def _flow(draw: st.DrawFn, out: Written, depth: int) -> list[str]:
    """The lines of a collection in brackets, with comments wherever a line ends."""
    mapping = draw(st.booleans())
    lines = ["{" if mapping else "["]
    names = draw(st.lists(st.sampled_from(KEYS), max_size=5, unique=True))
    for number, name in enumerate(names):
        inner = (
            _flow(draw, out, depth + 1)
            if depth < 2 and draw(st.integers(0, 3)) == 0
            else [_scalar(draw, flow=True)]
        )
        head = f"{name}: " if mapping else ""
        lines[-1] += head + inner[0]
        lines += inner[1:]
        lines[-1] += ", " if number < len(names) - 1 else ""
        if not draw(st.integers(0, 5)):
            lines[-1] += " " + _comment(draw, out)
            lines.append("")
    lines[-1] += "}" if mapping else "]"
    return lines
