"""Files -> rulebook, or every fault in them at once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.domain.commitment import About, Rulebook
from monitor.errors import RulebookError
from monitor.language.allowed import settle
from monitor.language.document import MAX_BYTES
from monitor.language.faults import Fault, FaultSeverity, shorten
from monitor.language.files import read_bytes, rulebook_files
from monitor.language.meaning import rulebook_hash
from monitor.language.members import resolved
from monitor.language.origin import Digester
from monitor.language.reading import Reading, read_text
from monitor.language.references import check_references

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from monitor.domain.commitment import Agreement
    from monitor.domain.location import Location
    from monitor.language.allowed import Suppressed
    from monitor.language.files import RulebookFile
    from monitor.language.lintcodes import LintLevel

SHOWN = 50
"""Faults that an error shows; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Report:
    """What `monitor rules check` shows.

    `rulebook` is None where it cannot be used; it is there to be looked at, and has no hashes. A
    lint that is configured to be an error is one of `errors`, and the rulebook is there all the
    same. `suppressed` are lints that a comment allows.
    """

    rulebook: Rulebook | None
    faults: tuple[Fault, ...]
    suppressed: tuple[Suppressed, ...] = ()

    @property
    def errors(self) -> tuple[Fault, ...]:
        return tuple(f for f in self.faults if f.severity is FaultSeverity.ERROR)

    @property
    def lints(self) -> tuple[Fault, ...]:
        return tuple(f for f in self.faults if f.severity is not FaultSeverity.ERROR)


def load_rulebook(paths: Sequence[Path]) -> Rulebook:
    """Read every rulebook that `paths` (files or folders) name.

    Raises:
        RulebookError: with all faults of all files, or the first of very many.
    """
    origin = Digester()
    readings, faults = _read(paths, origin=origin)
    errors = [fault for fault in faults if fault.severity is FaultSeverity.ERROR]
    if errors:
        raise rulebook_error(errors)
    agreements = _agreements(readings)
    return Rulebook(agreements, rulebook_hash(agreements), origin.digest)


def check_rulebook(
    paths: Sequence[Path],
    *,
    topics_seen: Collection[str] | None = None,
    levels: Mapping[str, LintLevel] | None = None,
    given: Sequence[tuple[RulebookFile, bytes]] = (),
) -> Report:
    """Errors and lints together, in file order. Never raises for what stands in a file.

    Args:
        paths: files or folders.
        topics_seen: every topic that updates ever had, lower case; commitments that nobody reports
            about are then found. None: not known.
        levels: what becomes of a lint, by code.
        given: texts that are read in the place of the files they are called by.
    """
    from monitor.language.lints import lint  # noqa: PLC0415 - a run that only loads needs none

    doubts: list[Fault] = []
    readings, faults = _read(
        paths, look=lambda reading: doubts.extend(lint(reading, topics_seen)), given=given
    )
    faults += doubts
    faults += _same_topics(readings)
    failed = any(fault.severity is FaultSeverity.ERROR for fault in faults)
    settled = settle(
        faults,
        [allowed for reading in readings for allowed in reading.allowed],
        levels or {},
        unjudged=_ABOUT_TOPICS if topics_seen is None else (),
        broken={reading.file.name for reading in readings if reading.agreement is None},
    )
    found = sorted(settled.faults, key=lambda fault: fault.order)
    rulebook = None if failed else Rulebook(_agreements(readings), "")
    return Report(rulebook, tuple(found), tuple(settled.suppressed))


_ABOUT_TOPICS = ("topics-never-seen", "topic-never-seen")


def rulebook_error(errors: Sequence[Fault]) -> RulebookError:
    """One error that tells of all of `errors`."""
    files = list(dict.fromkeys(fault.location.file for fault in errors))
    count = "1 fault" if len(errors) == 1 else f"{len(errors)} faults"
    where = files[0] if len(files) == 1 else f"{len(files)} rulebook files"
    lines = [str(fault) for fault in errors[:SHOWN]]
    if len(errors) > SHOWN:
        lines.append(f"… and {len(errors) - SHOWN} more")
    return RulebookError(f"{count} in {where}", lines)


def _agreements(readings: Sequence[Reading]) -> tuple[Agreement, ...]:
    return resolved([r.agreement for r in readings if r.agreement])


def _read(
    paths: Sequence[Path],
    *,
    look: Callable[[Reading], None] | None = None,
    given: Sequence[tuple[RulebookFile, bytes]] = (),
    origin: Digester | None = None,
) -> tuple[list[Reading], list[Fault]]:
    """All files and their faults; `origin` takes in their bytes.

    With `look` each is looked at as soon as it is read, and its agreement has no hash. What only
    that needs is dropped at once: of very many files it would fill the memory.
    """
    digest = look is None
    files, faults = rulebook_files(paths) if paths or not given else ([], [])
    texts = {os.path.realpath(file.path): raw for file, raw in given}
    known_files = {os.path.realpath(file.path) for file in files} if texts else set()
    files += [file for file, _ in given if os.path.realpath(file.path) not in known_files]
    readings: list[Reading] = []
    first: dict[str, Location] = {}
    known: dict[str, list[str]] = {}
    for file in files:
        given_raw = texts.get(os.path.realpath(file.path)) if texts else None
        raw = read_bytes(file, MAX_BYTES) if given_raw is None else given_raw
        if isinstance(raw, Fault):
            reading = Reading(file, [raw])
        else:
            reading = read_text(raw, file, digest=digest)
            if origin is not None:
                origin.add(raw)
        if reading.id is not None and reading.place is not None:
            known.setdefault(reading.id, []).extend(reading.commitments)
            place = first.setdefault(reading.id, reading.place)
            if place is not reading.place:
                reading.faults.append(_duplicate(reading.id, place, reading.place))
        faults += sorted(reading.faults, key=lambda fault: fault.order)
        if look is not None:
            look(reading)
        reading.document = reading.header = None
        readings.append(reading)
    themes = {r.id: r.themes for r in readings if r.id is not None}
    selections = [selection for r in readings for selection in r.selections]
    faults += check_references(
        [ref for r in readings for ref in r.references], known, selections, themes
    )
    return readings, faults


def _duplicate(id_: str, first: Location, second: Location) -> Fault:
    message = f"there already is an agreement '{shorten(id_)}', in {first.file}"
    return Fault(second, "agreement", message, "duplicate-id", "give it another id")


def _same_topics(readings: Sequence[Reading]) -> Iterator[Fault]:
    """Commitments of two agreements with one id and without `about` share their topic."""
    first: dict[str, str] = {}
    for reading in readings:
        if reading.agreement is None or reading.place is None:
            continue
        shared: dict[str, str] = {}
        for commitment in reading.agreement.commitments:
            if commitment.about == About((commitment.id,)):
                other = first.setdefault(commitment.id, commitment.agreement)
                if other != commitment.agreement:
                    shared[commitment.id] = other
        if shared:
            id_, other = next(iter(shared.items()))
            count = "a commitment" if len(shared) == 1 else f"{len(shared)} commitments"
            message = f"{count} with the id, and so the topic, of another agreement's: '{id_}' of"
            hint = "an update about that topic concerns both; give topics under about:"
            yield Fault(
                reading.place, "agreement", f"{message} '{other}'", "shared-topic", hint,
                FaultSeverity.INFO,
            )  # fmt: skip
