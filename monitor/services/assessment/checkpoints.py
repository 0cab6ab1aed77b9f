"""Older states of a commitment: few of them, close together where late updates are likely."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.derivation import Derivation
    from monitor.domain.time import Instant
    from monitor.services.ports import Writer

MOST = 64
"""How many are kept of a commitment."""


def keep_checkpoints(writer: Writer, key: str, derivation: Derivation) -> None:
    """Keep those that a derivation made, without those that it found to hold no more."""
    heads = [kept.head for kept in writer.checkpoints(key)]
    made = {kept.head for kept in derivation.checkpoints}
    stale = derivation.stale
    gone = [h for h in heads if stale is not None and h in stale and h not in made]
    stay = sorted(made.union(heads).difference(gone))
    thin = thinned(stay)
    writer.drop_checkpoints(key, [*gone, *(h for h in stay if h not in thin and h in heads)])
    if made:
        kept = [one for one in derivation.checkpoints if one.head in thin]
        writer.add_checkpoints(key, kept)


def thinned(heads: Sequence[Instant]) -> set[Instant]:
    """At most `MOST`: of the older half every second one goes, until they fit.

    What is older is thinned more often, so that distances grow with age.
    """
    kept = list(heads)
    while len(kept) > MOST:
        half = len(kept) // 2
        kept = kept[:half:2] + kept[half:]
    return set(kept)
