"""What contradicts itself in a tracker: its statuses, dates, duplicates and published totals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.domain.tracker import INITIAL
from monitor.services.trackers.dates import date_findings
from monitor.services.trackers.finding import Finding
from monitor.services.trackers.totals import total_findings
from monitor.services.trackers.twins import twin_findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.time import Instant
    from monitor.domain.tracker import Entry, Promise, Tracker


@dataclass(frozen=True, slots=True)
class Audit:
    """`counts` are the promises by status as counted here, in the order of the vocabulary."""

    tracker: Tracker
    counts: tuple[tuple[str, int], ...]
    findings: tuple[Finding, ...]


def audit(tracker: Tracker, now: Instant) -> Audit:
    """Recompute and compare. Pure: the same tracker and instant give the same findings."""
    findings = [
        *(
            Finding(p.code, (p.place,), p.reason, (p.record,) if p.record else ())
            for p in tracker.problems
        ),
        *_statuses(tracker),
        *date_findings(tracker, now),
        *twin_findings(tracker),
        *total_findings(tracker),
        *_unused(tracker),
    ]
    counted = tuple(
        (word.text, sum(tracker.word(p.status) is word for p in tracker.promises))
        for word in tracker.words.values()
    )
    return Audit(tracker, counted, tuple(sorted(findings, key=lambda finding: finding.order)))


def _statuses(tracker: Tracker) -> Iterator[Finding]:
    histories = tracker.of_promises()
    seen: set[str] = set()
    for promise in tracker.promises:
        if promise.id in seen:
            continue  # whose updates they are cannot be told
        seen.add(promise.id)
        rated = [e for e in histories.get(promise.id, ()) if e.status]
        yield from _against_updates(tracker, promise, rated)
        yield from _after_the_end(tracker, rated)


def _against_updates(tracker: Tracker, promise: Promise, rated: list[Entry]) -> Iterator[Finding]:
    word = tracker.word(promise.status)
    if word is None:
        return
    if not rated:
        if word.means not in INITIAL and promise.place not in tracker.misread():
            yield Finding(
                "undated-change",
                (promise.place,),
                f"{promise.title!r} is {word.text!r}, and no dated update says since when",
                (f"status: {word.text}",),
                promise.id,
            )
        return
    latest = rated[-1].occurred
    last = [entry for entry in rated if entry.occurred == latest]
    if all(tracker.word(entry.status) is not word for entry in last):
        told = last[-1]
        yield Finding(
            "status-against-update",
            (promise.place, told.place),
            f"{promise.title!r} is {word.text!r}, but its last update says {told.status!r}",
            (f"status: {word.text}", _quoted(told)),
            promise.id,
        )


def _after_the_end(tracker: Tracker, rated: list[Entry]) -> Iterator[Finding]:
    end: Entry | None = None
    for entry in rated:
        word = tracker.word(entry.status)
        if end is not None and entry.status.casefold() != end.status.casefold():
            yield Finding(
                "update-after-terminal",
                (entry.place, end.place),
                f"rated {entry.status!r} after {end.status!r}, which is final",
                (_quoted(end), _quoted(entry)),
                entry.promise,
            )
            end = None
        if word is not None and word.terminal:
            end = end or entry


def _unused(tracker: Tracker) -> Iterator[Finding]:
    used = {p.status.casefold() for p in tracker.promises}
    used |= {e.status.casefold() for e in tracker.entries}
    for folded, word in tracker.words.items():
        if folded not in used and tracker.promises:
            yield Finding(
                "status-never-used",
                (),
                f"no promise was ever {word.text!r}: the vocabulary has it, the records do not",
                (),
            )


def _quoted(entry: Entry) -> str:
    when = entry.occurred.text if entry.occurred else "undated"
    return f"{when}: {entry.status}" + (f" ({entry.title})" if entry.title != entry.status else "")
