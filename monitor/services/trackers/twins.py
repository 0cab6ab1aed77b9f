"""Promises that stand there twice: by id, by their words, or nearly so."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from monitor.services.trackers.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.tracker import Promise, Tracker

NEAR = 0.8
"""Words in common, of the words of both: the Jaccard index from which two are near duplicates."""

LEAST = 5
"""Shorter texts resemble each other by chance."""

_WORD = re.compile(r"\w+")


def twin_findings(tracker: Tracker) -> Iterator[Finding]:
    """Of each pair the later record is told, with the earlier one beside it."""
    ids: dict[str, Promise] = {}
    texts: dict[str, Promise] = {}
    single: list[Promise] = []
    for promise in tracker.promises:
        first = ids.setdefault(promise.id, promise)
        if first is not promise:
            message = f"the id {promise.id!r} stands there twice"
            yield _finding("duplicate-id", promise, first, message)
            continue
        first = texts.setdefault(" ".join(_words(_text(promise))), promise)
        if first is not promise:
            yield _finding("duplicate", promise, first, f"{promise.title!r} stands there twice")
            continue
        single.append(promise)
    yield from _near(single)


def _near(promises: list[Promise]) -> Iterator[Finding]:
    """Prefix filtering: two sets that are near share one of their rarest words.

    Bayardo, Ma and Srikant, "Scaling up all pairs similarity search" (2007). Texts whose numbers
    differ are different promises, however alike: a hundred nurses are not two hundred.
    """
    sets = [frozenset(_words(_text(promise))) for promise in promises]
    often = Counter(word for words in sets for word in words)
    index: dict[str, list[int]] = {}
    for later, words in enumerate(sets):
        if len(words) < LEAST:
            continue
        ranked = sorted(words, key=lambda word: (often[word], word))
        prefix = ranked[: len(words) - math.ceil(NEAR * len(words)) + 1]
        candidates = sorted({earlier for word in prefix for earlier in index.get(word, ())})
        for earlier in candidates:
            other = sets[earlier]
            share = len(words & other) / len(words | other)
            if share >= NEAR and _numbers(words) == _numbers(other):
                one, two = promises[later], promises[earlier]
                message = f"{one.title!r} is nearly {two.title!r} ({share:.0%} of the words)"
                yield _finding("near-duplicate", one, two, message)
                break
        for word in prefix:
            index.setdefault(word, []).append(later)


def _finding(code: str, one: Promise, other: Promise, message: str) -> Finding:
    told = tuple(f"{p.id}: {_text(p)}"[:300] for p in (other, one))
    return Finding(code, (one.place, other.place), message, told, one.id)


def _text(promise: Promise) -> str:
    return promise.quote or promise.title


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _numbers(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in words if any(map(str.isdigit, word)))
