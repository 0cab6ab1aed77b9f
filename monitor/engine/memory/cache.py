"""What is kept of a commitment between runs, so that the usual step need not begin at the start.

Two states are kept: the *newest*, after the last instant with evidence, and the one *before* that
instant. News of the same day, and a daily run that comes before the day's news, so go on from one
of them. Of a commitment with many updates older states are kept as well, apart from these two:
checkpoints, from which goes on what comes late. Losing a cache loses nothing but time.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.derivation import Checkpoint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition


class Cache(NamedTuple):
    """The two states, and what stood after the older one.

    `to`: the instant up to which time was advanced. `recent`: (instant, id) of the transitions
    that stand after the older of the two states. `pending`: the first instant of evidence that was
    still in the future then. `counted`: how many updates came after the newest checkpoint.
    `marked`:
    no checkpoint is newer than this (None: there is none).
    """

    to: Instant
    newest: Checkpoint
    before: Checkpoint | None
    recent: tuple[tuple[Instant, str], ...]
    pending: Instant | None
    counted: int = 0
    marked: Instant | None = None

    def restart(self, first: Instant | None) -> Checkpoint | None:
        """The state to go on from when something happened at `first` (None: nothing did)."""
        if first is None or first > self.newest.head:
            return self.newest
        if self.before is not None and first > self.before.head:
            return self.before
        return None

    def standing_after(self, head: Instant) -> tuple[str, ...]:
        """Ids of the transitions that stand after an instant."""
        return tuple(identity for at, identity in self.recent if at > head)


def recent_after(
    old: Cache | None,
    base: Checkpoint | None,
    floor: Instant,
    transitions: Iterable[Transition],
) -> tuple[tuple[Instant, str], ...]:
    """What stands after `floor`, when a pass from `base` has found `transitions`."""
    recent = [(t.at, t.id) for t in transitions if t.at > floor]
    if old is not None and base is not None:
        recent = [row for row in old.recent if floor < row[0] <= base.head] + recent
    return tuple(recent)


def dump_cache(cache: Cache) -> bytes:
    """Three lines: a header, the newest state, the state before."""
    before = cache.before or Checkpoint(0, "")
    header = _dump(
        [
            cache.to,
            cache.newest.head,
            before.head,
            cache.recent,
            cache.pending,
            cache.counted,
            cache.marked,
        ]
    )
    return f"{header}\n{cache.newest.text}\n{before.text}".encode()


# Made once: `json.dumps` makes an encoder for each call that is not the usual one.
_dump = json.JSONEncoder(separators=(",", ":")).encode


def load_cache(payload: bytes) -> Cache:
    """Inverse of `dump_cache`."""
    header, newest, before = payload.decode().split("\n")
    to, head, before_head, recent, pending, counted, marked = json.loads(header)
    return Cache(
        to,
        Checkpoint(head, newest),
        Checkpoint(before_head, before) if before else None,
        tuple((at, identity) for at, identity in recent),
        pending,
        counted,
        marked,
    )
