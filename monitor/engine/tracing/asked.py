"""What a pattern asks of an update, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.condition import Range, TextTest, UpdatePattern


def pattern_words(pattern: UpdatePattern) -> str:
    """For instance "funding or agreement, about hydrogen, naming JP and KR"."""
    return ", ".join(_parts(pattern)) or "any"


def _parts(pattern: UpdatePattern) -> Iterator[str]:
    lists = (
        ("", pattern.kind, " or "),
        ("about ", pattern.topics, " or "),
        ("naming ", pattern.parties, " or "),
        ("naming ", pattern.all_parties, " and "),
        ("by ", pattern.source, " or "),
        ("of milestone ", pattern.milestone, " or "),
        ("measuring ", pattern.indicator, " or "),
    )
    for before, values, between in lists:
        if values:
            yield before + between.join(value.replace("_", " ") for value in values)
    for name, test in (("title", pattern.title), ("text", pattern.text), ("url", pattern.url)):
        if test is not None:
            yield f"{name} {_text_words(test)}"
    if pattern.value is not None:
        yield f"value {range_words(pattern.value)}"
    if pattern.moves:
        yield "moving a date"


def _text_words(test: TextTest) -> str:
    parts = [f"with {' or '.join(test.any)}"] if test.any else []
    parts += [f"with {' and '.join(test.all)}"] if test.all else []
    parts += [f"without {' or '.join(test.none)}"] if test.none else []
    parts += [f"like {test.regex}"] if test.regex else []
    return " and ".join(parts)


def range_words(bounds: Range) -> str:
    """For instance ">= 3 and < 5"."""
    pairs = (
        (">=", bounds.at_least),
        ("<=", bounds.at_most),
        (">", bounds.above),
        ("<", bounds.below),
    )
    return " and ".join(f"{sign} {number}" for sign, number in pairs if number is not None)
