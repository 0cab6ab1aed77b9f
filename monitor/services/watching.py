"""Coverage as a step sees it: who is watched until when, and what of that is new."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.coverage import ASSUMED, Watch, union
from monitor.domain.time import LATEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from monitor.domain.commitment import Agreement, Rulebook
    from monitor.domain.coverage import Coverage
    from monitor.domain.time import Instant
    from monitor.services.ports import Writer

_META = "watch"


class Watching(NamedTuple):
    """The watch of every agreement, and for some the instant from which it tells something new.

    `turned` are agreements in which the end (or return) of coverage passed since the last step.
    `went_on` are those of `affected` whose coverage only goes on from where it ended, before that
    was called an end: what this changes in a commitment was due by its own `due_watched`.
    """

    watches: Mapping[str, Watch]
    affected: Mapping[str, Instant]
    turned: frozenset[str]
    went_on: frozenset[str] = frozenset()


def watches(rulebook: Rulebook, rows: Iterable[Coverage]) -> dict[str, Watch]:
    """The coverage of each agreement: its own rows and those for all."""
    kept = tuple(rows)
    shared = union(row for row in kept if row.agreement is None)
    own = {row.agreement for row in kept if row.agreement is not None}
    return {a.id: _watch(a, kept, shared, own=a.id in own) for a in rulebook.agreements}


def _watch(agreement: Agreement, rows: tuple[Coverage, ...], shared: Watch, *, own: bool) -> Watch:
    if agreement.coverage.assumed:
        return ASSUMED
    if not own:
        return Watch(shared.spans, agreement.coverage.grace)
    mine = (row for row in rows if row.agreement in (None, agreement.id))
    return union(mine, agreement.coverage.grace)


def look(writer: Writer, rulebook: Rulebook, last: Instant | None, now: Instant) -> Watching:
    """Compare the coverage now known with what the last step knew, and remember it.

    Args:
        writer: the step's transaction.
        rulebook: whose agreements are asked about.
        last: the instant up to which the last step advanced; None: there was none.
        now: the instant of this step.
    """
    present = watches(rulebook, writer.coverage())
    text = writer.meta(_META)
    known = {} if text is None else {k: _load(v) for k, v in json.loads(text).items()}
    affected: dict[str, Instant] = {}
    turned: set[str] = set()
    went_on: set[str] = set()
    for agreement, watch in present.items():
        old = known.get(agreement)
        if old is not None and old != watch and last is not None:
            first = first_difference(old, watch)
            if first <= last or not _extends(old, watch):
                affected[agreement] = first
                if _goes_on(old, watch, last):
                    went_on.add(agreement)
        if last is not None:
            edge = watch.next_change(last)
            if edge is not None and edge <= now:
                turned.add(agreement)
    if present != known:
        writer.set_meta(_META, json.dumps({k: [w.spans, w.grace] for k, w in present.items()}))
    return Watching(present, affected, frozenset(turned), frozenset(went_on))


def _extends(old: Watch, new: Watch) -> bool:
    """Whether coverage only went on from its end, as the stored due dates expect.

    Where it was filled in between, they may now be too late.
    """
    kept = len(old.spans)
    if not kept:
        return True
    if len(new.spans) < kept or old.spans[:-1] != new.spans[: kept - 1]:
        return False
    (since, until), (new_since, new_until) = old.spans[-1], new.spans[kept - 1]
    return since == new_since and until <= new_until and old.grace == new.grace


def _goes_on(old: Watch, new: Watch, last: Instant) -> bool:
    """Whether coverage went on without a gap, before its end was called one at the last step.

    What that changes is found by the stored due dates: nobody else needs to be looked at.
    """
    same = bool(old.spans) and len(old.spans) == len(new.spans)
    return same and _extends(old, new) and last < old.end + old.grace


def first_difference(old: Watch, new: Watch) -> Instant:
    """The first instant at which two different watches may answer differently."""
    for (since, until), (other_since, other_until) in zip(old.spans, new.spans, strict=False):
        if since != other_since:
            return min(since, other_since)
        if until != other_until or old.grace != new.grace:
            return min(until, other_until)
    longer = max(old.spans, new.spans, key=len)
    if not longer:
        return LATEST  # nobody looks in either, whatever the grace
    shorter = min(len(old.spans), len(new.spans))
    return longer[shorter][0]


def _load(row: list[object]) -> Watch:
    spans, grace = row
    return Watch(tuple((since, until) for since, until in spans), grace)  # type: ignore[attr-defined, arg-type]
