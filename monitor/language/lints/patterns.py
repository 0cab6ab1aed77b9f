"""What is certain of patterns before any update: that none matches, that one implies another."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.domain.bounds import Range
    from monitor.domain.pattern import TextTest, UpdatePattern

_ANY_OF = ("kind", "topics", "parties", "source", "milestone", "indicator")


def empty(given: Range) -> str | None:
    """Why no number lies in a range."""
    lows = [n for n in (given.at_least, given.above) if n is not None]
    highs = [n for n in (given.at_most, given.below) if n is not None]
    if not lows or not highs:
        return None
    low, high = max(lows), min(highs)
    if low > high or (low == high and (given.above == low or given.below == high)):
        return f"no number lies between {low} and {high}"
    return None


def _fold(terms: tuple[str, ...]) -> set[str]:
    return {unicodedata.normalize("NFKC", term).casefold() for term in terms}


def contradiction(pattern: UpdatePattern) -> str | None:
    """Why no update at all can match."""
    for test in (pattern.title, pattern.text, pattern.url):
        if test is not None:
            both = _fold(test.all) & _fold(test.none)
            if both:
                return f"the term '{min(both)}' is asked for and excluded"
            if test.any and _fold(test.any) <= _fold(test.none):
                return "every term asked for is excluded"
    return empty(pattern.value) if pattern.value else None


def implies(narrow: UpdatePattern, wide: UpdatePattern) -> bool:
    """Whether every update that matches `narrow` also matches `wide`. False: not certain."""
    for name in _ANY_OF:
        asked, allowed = getattr(narrow, name), getattr(wide, name)
        if allowed and not (asked and set(asked) <= set(allowed)):
            return False
    if not set(wide.all_parties) <= set(narrow.all_parties):
        return False
    if wide.tier is not None and (narrow.tier is None or narrow.tier > wide.tier):
        return False
    if wide.value is not None and wide.value != narrow.value:
        return False
    if wide.moves and not narrow.moves:
        return False
    return all(
        _text_implies(getattr(narrow, name), getattr(wide, name))
        for name in ("title", "text", "url")
    )


def _text_implies(narrow: TextTest | None, wide: TextTest | None) -> bool:
    if wide is None or narrow == wide:
        return True
    if narrow is None:
        return False
    any_holds = not wide.any or (bool(narrow.any) and set(narrow.any) <= set(wide.any))
    any_holds = any_holds or not set(wide.any).isdisjoint(narrow.all)
    return (
        any_holds
        and set(wide.all) <= set(narrow.all)
        and set(wide.none) <= set(narrow.none)
        and wide.regex in (None, narrow.regex)
    )
