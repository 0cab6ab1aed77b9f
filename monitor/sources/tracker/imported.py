"""What `monitor import` made of a tracker, read back as a tracker."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.domain.time import format_date, parse_occurred
from monitor.domain.tracker import (
    INITIAL,
    LOWERED,
    RATED,
    TERMINAL,
    Entry,
    Means,
    Place,
    Problem,
    Promise,
    Tracker,
    Word,
)
from monitor.errors import UsageError
from monitor.language.loader import load_rulebook
from monitor.sources.reader import read_updates

if TYPE_CHECKING:
    from pathlib import Path

_FAR = 253_402_128_000
"""The latest instant there is: dates in the future are for the audit to find."""


_PREFIXES = (RATED, LOWERED)


def read_imported(rules: Path, updates: Path) -> Tracker:
    """The promises of one rulebook and the updates that name them.

    What was published is not kept by an import: neither totals nor the statuses of rows. A promise
    has the status of its last rating.

    Raises:
        RulebookError, InputError: a file cannot be used.
        UsageError: the rulebook is none that was imported.
    """
    rulebook = load_rulebook([rules])
    if len(rulebook.agreements) != 1:
        raise UsageError(f"{rules}: name one rulebook file, not several")
    agreement = rulebook.agreements[0]
    means = [m for m in Means if RATED + m in agreement.kinds]
    if not means:
        raise UsageError(
            f"{rules}: no rulebook that `monitor import` made",
            hint="a tracker's own file is read with --map",
        )
    promises = tuple(
        Promise(
            Place(str(rules), number, commitment.where.line),
            commitment.id,
            commitment.title,
            commitment.quote,
            commitment.theme or "",
            made=parse_occurred(format_date(commitment.start, agreement.zone)),
        )
        for number, commitment in enumerate(agreement.commitments, 1)
    )
    entries, problems = _entries(updates, agreement.id, {p.id for p in promises})
    # a status that needs no date is kept by no update, so that it is no wonder if none is there
    words = {str(m): Word(str(m), m, m in TERMINAL) for m in means if m not in INITIAL}
    last: dict[str, str] = {}
    for entry in sorted(
        entries, key=lambda e: e.occurred.start(agreement.zone) if e.occurred else 0
    ):
        if entry.status:
            last[entry.promise] = entry.status
    promises = tuple(replace(p, status=last.get(p.id, "")) for p in promises)
    return Tracker(
        agreement.id, agreement.zone, words, promises, tuple(entries), (), tuple(problems)
    )


def _entries(path: Path, agreement: str, known: set[str]) -> tuple[list[Entry], list[Problem]]:
    """The updates by their record numbers; those about nothing here are problems."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    number = 0
    for batch in read_updates(path, recorded=_FAR, kinds=None):
        bad = {reject.number: reject for reject in batch.rejects}
        for update in batch.updates:
            number += 1
            while number in bad:
                number += 1
            place = Place(str(path), number)
            named = (update.commitment or "").removeprefix(f"{agreement}/")
            if named not in known:
                reason = f"the update is about promise {named!r}, which is not there"
                problems.append(Problem(place, "orphan-update", reason))
                continue
            kind = update.kind
            status = next((kind.removeprefix(p) for p in _PREFIXES if kind.startswith(p)), "")
            entries.append(Entry(place, named, update.title, status, update.occurred, update.text))
        for reject in batch.rejects:
            place = Place(str(path), reject.number, reject.line)
            problems.append(Problem(place, "unreadable", reject.reason, reject.record))
            number = max(number, reject.number)
    return entries, problems
