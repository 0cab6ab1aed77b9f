"""Dates that cannot be: missing, in the future, or before the promise itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.services.trackers.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.time import Instant
    from monitor.domain.tracker import Entry, Promise, Tracker


def date_findings(tracker: Tracker, now: Instant) -> Iterator[Finding]:
    """A span counts by what of it is certain: "2024" is not before a promise of May 2024."""
    promises = {promise.id: promise for promise in reversed(tracker.promises)}
    for promise in tracker.promises:
        yield from _promise(promise, tracker.zone, now)
    for entry in tracker.entries:
        yield from _entry(entry, promises.get(entry.promise), tracker.zone, now)


def _promise(promise: Promise, zone: str, now: Instant) -> Iterator[Finding]:
    made, deadline = promise.made, promise.deadline
    if made is not None and made.start(zone) > now:
        yield Finding(
            "future-date",
            (promise.place,),
            f"{promise.title!r} was promised on {made.text}, which is in the future",
            (made.text,),
            promise.id,
        )
    if made is not None and deadline is not None and deadline.end(zone) <= made.start(zone):
        yield Finding(
            "deadline-before-promise",
            (promise.place,),
            f"{promise.title!r} is due on {deadline.text}, before it was promised on {made.text}",
            (f"promised: {made.text}", f"due: {deadline.text}"),
            promise.id,
        )


def _entry(entry: Entry, promise: Promise | None, zone: str, now: Instant) -> Iterator[Finding]:
    occurred = entry.occurred
    if occurred is None:
        message = f"an update has no date: {entry.title!r}"
        yield Finding("undated-update", (entry.place,), message, (entry.title,), entry.promise)
        return
    told = f"{occurred.text}: {entry.title}"
    if occurred.start(zone) > now:
        message = f"an update is dated {occurred.text}, which is in the future: {entry.title!r}"
        yield Finding("future-date", (entry.place,), message, (told,), entry.promise)
    made = promise.made if promise else None
    if promise and made is not None and occurred.end(zone) <= made.start(zone):
        yield Finding(
            "before-promise",
            (entry.place, promise.place),
            f"an update is dated {occurred.text}, before the promise of {made.text}:"
            f" {entry.title!r}",
            (told, f"promised: {made.text}"),
            entry.promise,
        )
