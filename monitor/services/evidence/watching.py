"""Coverage as a step sees it: who is watched until when, and what of that is new."""

from __future__ import annotations

import json
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.coverage import ASSUMED, Watch, joined, union
from monitor.domain.time import EARLIEST, LATEST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from monitor.domain.commitment import Agreement, Rulebook
    from monitor.domain.coverage import Coverage
    from monitor.domain.register import Listed
    from monitor.domain.time import Instant, Seconds
    from monitor.services.ports import Writer

_META, _SPANS = "watch", "coverage"
_ALL = ""
"""In `StoredState.watch`: the coverage of all agreements that have none of their own."""

Pairs = tuple[tuple["Instant", "Instant"], ...]


class Watching(NamedTuple):
    """The watch of every agreement, and for some the instant from which it tells something new.

    `turned` are agreements in which the end (or return) of coverage passed since the last step, and
    those that had no coverage of their own then and have it now.
    `went_on` are those of `affected` whose coverage only goes on from where it ended, before that
    was called an end: what this changes in a commitment was due by its own `due_watched`. `own` are
    the agreements that have coverage of their own.
    """

    watches: Mapping[str, Watch]
    affected: Mapping[str, Instant]
    turned: frozenset[str]
    went_on: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()

    def awaited(self, agreement: str) -> str:
        """Whose coverage an agreement's commitments wait for, as `StoredState.watch` names it.

        What is due at one time then stands in one place, however many agreements it is of.
        """
        return agreement if agreement in self.own else _ALL

    def ends(self) -> dict[str, Instant]:
        """Until when there is coverage, by its name in `StoredState.watch`."""
        return ends(self.watches, self.own)


def ends(watches: Mapping[str, Watch], own: Collection[str]) -> dict[str, Instant]:
    """Until when there is coverage, by its name in `StoredState.watch`.

    Args:
        watches: by agreement.
        own: the agreements that have coverage of their own.
    """
    found = {agreement: watch.end for agreement, watch in watches.items()}
    shared = (w.end for a, w in watches.items() if a not in own and w != ASSUMED)
    return found | {_ALL: next(shared, EARLIEST)}


def watches(agreements: Iterable[Agreement | Listed], rows: Iterable[Coverage]) -> dict[str, Watch]:
    """The coverage of each agreement: its own rows and those for all."""
    kept = tuple(rows)
    shared = union(row for row in kept if row.agreement is None)
    own = covered_apart(kept)
    return {a.id: _watch(a, kept, shared, own=a.id in own) for a in agreements}


def covered_apart(rows: Iterable[Coverage]) -> set[str]:
    """The agreements that have coverage of their own."""
    return {row.agreement for row in rows if row.agreement is not None}


def _watch(
    agreement: Agreement | Listed, rows: tuple[Coverage, ...], shared: Watch, *, own: bool
) -> Watch:
    if agreement.coverage.assumed:
        return ASSUMED
    if not own:
        return Watch(shared.spans, agreement.coverage.grace)
    mine = (row for row in rows if row.agreement in (None, agreement.id))
    return union(mine, agreement.coverage.grace)


class _Spans(NamedTuple):
    """All coverage rows up to the one numbered `last`, joined: those for all, and by agreement."""

    last: int = 0
    shared: Pairs = ()
    own: Mapping[str, Pairs] = {}

    def with_rows(self, last: int, rows: Sequence[Coverage]) -> _Spans:
        """The same and more: rows are only ever added."""
        own = dict(self.own)
        for name in covered_apart(rows):
            own[name] = union(
                (r for r in rows if r.agreement == name), before=own.get(name, ())
            ).spans
        shared = union((row for row in rows if row.agreement is None), before=self.shared)
        return _Spans(last, shared.spans, own)

    def watches(self, agreements: Iterable[Agreement]) -> dict[str, Watch]:
        """The coverage of each agreement; of those with the same one, one value."""
        shared: dict[Seconds, Watch] = {}
        found = {}
        for agreement in agreements:
            grace, own = agreement.coverage.grace, self.own.get(agreement.id)
            if agreement.coverage.assumed:
                watch = ASSUMED
            elif own is not None:
                watch = joined((*own, *self.shared), grace)
            else:
                watch = shared.setdefault(grace, Watch(self.shared, grace))
            found[agreement.id] = watch
        return found


def _spans(writer: Writer) -> tuple[_Spans, _Spans]:
    """What the last step knew and what is known now, by reading only the rows that are new."""
    text = writer.meta(_SPANS)
    before = _Spans() if text is None else _load_spans(text)
    last, rows = writer.coverage_after(before.last)
    if not rows:
        return before, before
    spans = before.with_rows(last, rows)
    writer.set_meta(_SPANS, json.dumps(spans))
    return before, spans


def _load_spans(text: str) -> _Spans:
    last, shared, own = json.loads(text)
    return _Spans(last, _pairs(shared), {name: _pairs(rows) for name, rows in own.items()})


def look(writer: Writer, rulebook: Rulebook, last: Instant | None, now: Instant) -> Watching:
    """Compare the coverage now known with what the last step knew, and remember it.

    Args:
        writer: the step's transaction.
        rulebook: whose agreements are asked about.
        last: the instant up to which the last step advanced; None: there was none.
        now: the instant of this step.
    """
    before, spans = _spans(writer)
    present = spans.watches(rulebook.agreements)
    told = json.dumps({k: [w.spans, w.grace] for k, w in present.items()})
    text = writer.meta(_META)
    affected: dict[str, Instant] = {}
    went_on: set[str] = set()
    if text != told:
        if text is not None and last is not None:
            known = json.loads(text)
            news = cache(partial(_news, last=last))  # most agreements are watched by the same
            for agreement, watch in present.items():
                if agreement in known:
                    first, goes_on = news(_load(known[agreement]), watch)
                    if first is not None:
                        affected[agreement] = first
                        went_on |= {agreement} if goes_on else set()
        writer.set_meta(_META, told)
    turned: frozenset[str] = frozenset()
    if last is not None:
        ended = {watch: _turns(watch, last, now) for watch in set(present.values())}
        turned = frozenset(agreement for agreement, watch in present.items() if ended[watch])
    turned |= present.keys() & (spans.own.keys() - before.own.keys())
    return Watching(present, affected, turned, frozenset(went_on), frozenset(spans.own))


def _news(old: Watch, new: Watch, *, last: Instant) -> tuple[Instant | None, bool]:
    """From when on coverage says what the step at `last` did not know, and if it only went on.

    None: that was due by the stored due dates.
    """
    if old == new:
        return None, False
    first = first_difference(old, new)
    if first > last and _extends(old, new):
        return None, False
    return first, _goes_on(old, new, last)


def _turns(watch: Watch, last: Instant, now: Instant) -> bool:
    """Whether coverage ends or returns after the last step and by this one."""
    edge = watch.next_change(last)
    return edge is not None and edge <= now


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


def _load(row: tuple[list[list[Instant]], Seconds]) -> Watch:
    spans, grace = row
    return Watch(_pairs(spans), grace)


def _pairs(rows: Iterable[Sequence[Instant]]) -> Pairs:
    return tuple((since, until) for since, until in rows)
