"""Somebody else's tracker -> a rulebook and a file of updates, both as text."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.domain.tracker import INITIAL, LOWERED, RATED, Means, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.domain.tracker import Entry, Promise, Tracker

PLAIN = "statement"
"""The kind of an update that changes no rating: a tracker that repeats itself is no progress."""

_THEN = {
    Means.NOT_STARTED: "{setback: none}",
    Means.IN_PROGRESS: "{advance: limited}",
    Means.PARTLY: "{advance: substantial}",
    Means.KEPT: "deliver",
    Means.STALLED: "{stalled: rated stalled}",
    Means.BROKEN: "reverse",
}


_LEVELS = {
    Means.NOT_STARTED: 0,
    Means.BROKEN: 0,
    Means.IN_PROGRESS: 1,
    Means.PARTLY: 2,
    Means.KEPT: 3,
}
"""How far a promise has come by a rating. The others say nothing of that."""

_LOWER = {
    Means.IN_PROGRESS: (1, "{setback: limited}"),
    Means.PARTLY: (2, "{setback: substantial}"),
    Means.STALLED: (2, "{setback: limited}"),
}
"""The furthest that a promise can have come by what it is rated, and what follows where it had come
further. What is stalled may be kept in part, but not whole."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a rulebook needs and a tracker's rows do not say."""

    agreement: str
    title: str
    date: str
    timezone: str
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """`updates` are NDJSON. `refused` are the records that are in neither, with their reasons."""

    rulebook: str
    updates: str
    commitments: int
    reports: int
    refused: tuple[Problem, ...]


def import_tracker(tracker: Tracker, head: Head) -> Imported:
    """Put what can be mapped into our words. Pure.

    A promise is a commitment with its words as the quote. A dated update is one report by the
    tracker, of a kind that says what its rating means; a rating that only repeats the one before
    is a statement. What has no date is refused: nobody knows where in the history it belongs.
    """
    ids, refused = _ids(tracker)
    lines = list(_updates(tracker, head, ids, refused))
    kept = [promise for promise in tracker.promises if promise.place in ids]
    refused = [*tracker.problems, *refused]
    refused.sort(key=lambda problem: (problem.place.file, problem.place.number))
    text = "\n".join((*_header(tracker, head), *_commitments(kept, ids, head, tracker.zone), ""))
    return Imported(text, "".join(lines), len(kept), len(lines), tuple(refused))


def _ids(tracker: Tracker) -> tuple[dict[object, str], list[Problem]]:
    """Our id of each promise by its place; the second of one id is refused."""
    ids: dict[object, str] = {}
    seen: dict[str, Promise] = {}
    taken: set[str] = set()
    refused: list[Problem] = []
    for promise in tracker.promises:
        first = seen.setdefault(promise.id, promise)
        if first is not promise:
            reason = f"there already is a promise {promise.id!r}, record {first.place.number}"
            refused.append(Problem(promise.place, "duplicate-id", reason, promise.title))
            continue
        id_ = slug(promise.id) or slug(promise.title)
        if not id_ or id_.isdigit():
            id_ = f"promise-{id_ or promise.place.number}"
        while id_ in taken:
            id_ = f"{id_[:80]}-{promise.place.number}"
        taken.add(id_)
        ids[promise.place] = id_
        if _due_too_soon(promise, tracker.zone):
            reason = "the promise is due before it was made: its deadline was left out"
            refused.append(Problem(promise.place, "deadline-before-promise", reason, promise.title))
    return ids, refused


def _due_too_soon(promise: Promise, zone: str) -> bool:
    made, due = promise.made, promise.deadline
    return made is not None and due is not None and due.end(zone) <= made.start(zone)


def slug(text: str) -> str:
    """A text as an id, as far as its letters have a Latin form; "" where none has."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:80].strip("-")


def _updates(
    tracker: Tracker, head: Head, ids: dict[object, str], refused: list[Problem]
) -> Iterator[str]:
    histories, misread = tracker.of_promises(), tracker.misread()
    for entry in tracker.entries:
        if entry.occurred is None:
            reason = "the update has no date: it cannot be placed in the history"
            refused.append(Problem(entry.place, "undated-update", reason, entry.title))
    for promise in tracker.promises:
        if promise.place not in ids:
            continue
        entries = histories.get(promise.id, [])
        word = tracker.word(promise.status)
        if (
            word
            and word.means not in INITIAL
            and not any(e.status for e in entries)
            and (promise.place not in misread)
        ):
            reason = f"the status {word.text!r} has no date: nobody knows since when"
            refused.append(Problem(promise.place, "undated-change", reason, promise.title))
        before, level = None, 0
        for entry in entries:
            rated = tracker.word(entry.status)
            kind = PLAIN
            if rated is not None and rated is not before:
                most = _LOWER.get(rated.means, (level,))[0]
                kind = f"{LOWERED if level > most else RATED}{rated.means}"
                level = _LEVELS.get(rated.means, level if level <= most else 1)
            before = rated or before
            yield _report(entry, tracker, f"{head.agreement}/{ids[promise.place]}", kind)


def _report(entry: Entry, tracker: Tracker, commitment: str, kind: str) -> str:
    title = entry.title
    if entry.status and entry.status.casefold() not in title.casefold():
        title = f"{entry.status}: {title}"
    said_by = f"{tracker.name} ({entry.source})" if entry.source else tracker.name
    fields = {
        "occurred_at": entry.occurred.text if entry.occurred else "",
        "kind": kind,
        "title": title,
        "text": entry.text,
        "source": said_by,
        "url": entry.url if re.match(r"https?://\S+$", entry.url) else "",
        "commitment": commitment,
    }
    return json.dumps({k: v for k, v in fields.items() if v}, ensure_ascii=False) + "\n"


def _header(tracker: Tracker, head: Head) -> Iterator[str]:
    means = [m for m in Means if m in {word.means for word in tracker.words.values()}]
    highest = max((_LEVELS.get(m, 0) for m in means), default=0)
    lower = [m for m in means if m in _LOWER and highest > _LOWER[m][0]]
    yield f"# Imported from {_line(tracker.name)}. Each promise is watched by what it was rated."
    yield f"agreement: {head.agreement}"
    yield f"title: {quoted(head.title)}"
    yield f"date: {head.date}"
    yield f"timezone: {head.timezone}"
    if head.parties:
        yield f"parties: [{', '.join(map(quoted, head.parties))}]"
    kinds = [*(RATED + m for m in means), *(LOWERED + m for m in lower)]
    yield f"kinds: [{', '.join(kinds)}]"
    yield "sources:"
    yield f"  tracker: {{tier: 2, names: [{quoted(tracker.name)}]}}"
    yield "defaults: {profile: rated}"
    yield "profiles:"
    yield "  rated:"
    yield "    description: What the tracker's ratings conclude here."
    rules = [(m, _THEN[m]) for m in means if m in _THEN]
    yield "    rules:" if rules else "    rules: []"
    for meaning, then in rules:
        names = ", ".join(w.text for w in tracker.words.values() if w.means is meaning)
        yield f"      - id: {RATED}{meaning}".replace("_", "-")
        if meaning is Means.STALLED:
            both = [kind for kind in kinds if kind.endswith(f"_{meaning}")]
            other = [k for k in kinds if k not in both and k != RATED + Means.NOT_RATED]
            yield f"        when: {{update: {{kind: [{', '.join(both)}]}}}}"
            yield f"        then: {then}"
            if other:
                yield f"        recover: {{update: {{kind: [{', '.join(other)}]}}}}"
        else:
            yield f"        when: {{update: {{kind: {RATED}{meaning}}}}}"
            yield f"        then: {then}"
        yield f"        note: {quoted('The tracker says: ' + names)}"
    for meaning in lower:
        yield f"      - id: {LOWERED}{meaning}".replace("_", "-")
        yield f"        when: {{update: {{kind: {LOWERED}{meaning}}}}}"
        yield f"        then: {_LOWER[meaning][1]}"
        yield "        note: The tracker took back what it had rated higher."


def _commitments(
    promises: Sequence[Promise], ids: dict[object, str], head: Head, zone: str
) -> Iterator[str]:
    yield "commitments:" if promises else "commitments: []"
    for promise in promises:
        yield f"  - id: {ids[promise.place]}"
        yield f"    title: {quoted(promise.title)}"
        yield f"    quote: {quoted(promise.quote or promise.title)}"
        if promise.theme:
            yield f"    theme: {quoted(promise.theme)}"
        if promise.made is not None and promise.made.text != head.date:
            yield f"    date: {quoted(promise.made.text)}"
        if promise.deadline is not None and not _due_too_soon(promise, zone):
            yield f"    deadline: {quoted(promise.deadline.text)}"
        if promise.parties:
            yield f"    parties: [{', '.join(map(quoted, promise.parties))}]"


def quoted(text: str) -> str:
    """A text as YAML that every reader takes for this text: JSON is YAML."""
    return json.dumps(_line(text), ensure_ascii=False)


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
