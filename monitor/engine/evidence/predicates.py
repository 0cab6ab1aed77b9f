"""Field tests on one update, compiled to functions.

A predicate takes an update and the tier of its source. Predicates are plain Python on purpose:
text, regular expressions and lists never reach the rule engine, which receives their answer as
0 or 1.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.domain.condition import TextTest, UpdatePattern
    from monitor.domain.update import Update

Predicate = Callable[["Update", int], bool]

_RANGES = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
)
"""Scripts written without spaces between words, or (Hangul) with particles joined to the word."""

_SPACELESS = re.compile(f"[{_RANGES}]")
_LETTER = rf"[^\W{_RANGES}]"
"""A letter or digit that a word could go on with: in "LNG를" and "LNGを" the word has ended."""


def is_static(pattern: UpdatePattern) -> bool:
    """Whether the answer depends only on kind, topics, parties and tier, so that it can be kept."""
    return not (
        pattern.source
        or pattern.title
        or pattern.text
        or pattern.url
        or pattern.milestone
        or pattern.indicator
        or pattern.value
        or pattern.moves
    )


def compile_pattern(pattern: UpdatePattern) -> Predicate:
    """One function that is true where every test of the pattern holds."""
    tests = list(_tests(pattern))
    if not tests:
        return lambda _update, _tier: True
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda update, tier: first(update, tier) and second(update, tier)
    return lambda update, tier: all(test(update, tier) for test in tests)


def _tests(pattern: UpdatePattern) -> list[Predicate]:
    tests: list[Predicate] = []
    if pattern.tier is not None:
        weakest = pattern.tier
        tests.append(lambda _update, tier: tier <= weakest)
    if pattern.kind:
        kinds = frozenset(pattern.kind)
        tests.append(lambda update, _tier: update.kind in kinds)
    if pattern.topics:
        topics = frozenset(topic.lower() for topic in pattern.topics)
        tests.append(lambda update, _tier: not topics.isdisjoint(update.topics))
    if pattern.parties:
        parties = frozenset(pattern.parties)
        tests.append(lambda update, _tier: not parties.isdisjoint(update.parties))
    if pattern.all_parties:
        everybody = frozenset(pattern.all_parties)
        tests.append(lambda update, _tier: everybody.issubset(update.parties))
    if pattern.source:
        sources = frozenset(source.casefold() for source in pattern.source)
        tests.append(lambda update, _tier: update.source.casefold() in sources)
    if pattern.milestone:
        milestones = frozenset(pattern.milestone)
        tests.append(lambda update, _tier: update.milestone in milestones)
    if pattern.indicator:
        indicators = frozenset(pattern.indicator)
        tests.append(lambda update, _tier: update.indicator in indicators)
    if (value := pattern.value) is not None:
        tests.append(lambda update, _tier: update.value is not None and value.holds(update.value))
    if pattern.moves:
        tests.append(lambda update, _tier: update.moves_to is not None)
    if pattern.title is not None:
        title = compile_text(pattern.title)
        tests.append(lambda update, _tier: title(update.title))
    if pattern.text is not None:
        text = compile_text(pattern.text)
        tests.append(lambda update, _tier: text(f"{update.title}\n{update.text}"))
    if pattern.url is not None:
        url = compile_text(pattern.url)
        tests.append(lambda update, _tier: url(update.url))
    return tests


def compile_text(test: TextTest) -> Callable[[str], bool]:
    """A function over a text.

    Terms are compared after NFKC and case folding; a regular expression ignores case.
    """
    any_of = _terms(test.any) if test.any else None
    all_of = [_terms((term,)) for term in test.all]
    none_of = _terms(test.none) if test.none else None
    regex = re.compile(test.regex, re.IGNORECASE) if test.regex else None

    def holds(text: str) -> bool:
        folded = fold_text(text)
        return (
            (any_of is None or any_of.search(folded) is not None)
            and all(term.search(folded) is not None for term in all_of)
            and (none_of is None or none_of.search(folded) is None)
            and (regex is None or regex.search(text) is not None)
        )

    return holds


def fold_text(text: str) -> str:
    """Text as terms are compared."""
    return text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def _terms(terms: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_term(fold_text(term)) for term in terms))


def _term(term: str) -> str:
    """A word matches as a whole word, except where its script writes words together."""
    escaped = re.escape(term)
    if not term or _SPACELESS.search(term):
        return escaped
    left = f"(?<!{_LETTER})" if term[0].isalnum() else ""
    right = f"(?!{_LETTER})" if term[-1].isalnum() else ""
    return f"{left}{escaped}{right}"
