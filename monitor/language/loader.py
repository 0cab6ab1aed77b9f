"""Files -> rulebook, or every fault in them at once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.domain.commitment import Rulebook
from monitor.errors import RulebookError
from monitor.language.allowed import settle
from monitor.language.document import MAX_BYTES
from monitor.language.faults import Fault, FaultSeverity, shorten
from monitor.language.files import read_bytes, rulebook_files
from monitor.language.meaning import rulebook_hash
from monitor.language.members import resolved
from monitor.language.origin import Digester
from monitor.language.reading import read_files
from monitor.language.resolving import check_references

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from monitor.domain.location import Location
    from monitor.language.allowed import Suppressed
    from monitor.language.draft import Reading
    from monitor.language.files import RulebookFile
    from monitor.language.lintcodes import LintLevel
    from monitor.language.references import Reference, Selection

SHOWN = 50
"""Faults that an error shows; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much stands in rulebooks; each party's part is a commitment."""

    agreements: int
    commitments: int
    rules: int


@dataclass(frozen=True, slots=True)
class Report:
    """What `monitor rules check` shows.

    `size` is None where the rulebooks cannot be used. A lint that is configured to be an error is
    one of `errors`, and they can be used all the same. `suppressed` are lints that a comment
    allows.
    """

    size: Size | None
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
    files, faults = rulebook_files(paths)
    whole = _Whole()
    origin = Digester()
    agreements = []
    for batch in read_files(_digested(files, origin)):
        for reading in batch:
            faults += whole.add(reading)
            agreements.append(reading.agreement)
    faults += whole.faults()
    errors = [fault for fault in faults if fault.severity is FaultSeverity.ERROR]
    if errors:
        raise rulebook_error(errors)
    found = resolved([agreement for agreement in agreements if agreement])
    return Rulebook(found, rulebook_hash(found), origin.digest)


def _digested(
    files: Iterable[RulebookFile], origin: Digester
) -> Iterator[tuple[RulebookFile, bytes | Fault]]:
    """What stands in the files; `origin` takes in all that can be read."""
    for file in files:
        raw = read_bytes(file, MAX_BYTES)
        if isinstance(raw, bytes):
            origin.add(raw)
        yield file, raw


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
    from monitor.language.looking import look, same_topics  # noqa: PLC0415 - only a check lints

    files, faults = rulebook_files(paths) if paths or not given else ([], [])
    whole = _Whole()
    seen = look(_with(files, given), topics_seen)
    for one in seen:
        faults += whole.add(one.reading)
    faults += whole.faults()
    faults += [doubt for one in seen for doubt in one.doubts]
    faults += same_topics(seen)
    settled = settle(
        faults,
        [allowed for one in seen for allowed in one.reading.allowed],
        levels or {},
        unjudged=_ABOUT_TOPICS if topics_seen is None else (),
        broken={one.reading.file.name for one in seen if one.agreement is None},
    )
    found = sorted(settled.faults, key=lambda fault: fault.order)
    size = None
    if all(fault.severity is not FaultSeverity.ERROR for fault in faults):
        size = Size(len(seen), sum(one.commitments for one in seen), sum(one.rules for one in seen))
    return Report(size, tuple(found), tuple(settled.suppressed))


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


def _with(
    files: Sequence[RulebookFile], given: Sequence[tuple[RulebookFile, bytes]]
) -> list[tuple[RulebookFile, bytes | None]]:
    """Each file once, with the text that is given for it."""
    texts = {os.path.realpath(file.path): raw for file, raw in given}
    if not texts:
        return [(file, None) for file in files]
    found: list[tuple[RulebookFile, bytes | None]] = []
    found += [(file, texts.get(os.path.realpath(file.path))) for file in files]
    known = {os.path.realpath(file.path) for file in files}
    found += [(file, raw) for file, raw in given if os.path.realpath(file.path) not in known]
    return found


class _Whole:
    """What can only be said of all files together: ids that are taken, commitments elsewhere."""

    def __init__(self) -> None:
        self._first: dict[str, Location] = {}
        self._known: dict[str, list[str]] = {}
        self._themes: dict[str, dict[str, list[str]]] = {}
        self._references: list[Reference] = []
        self._selections: list[Selection] = []

    def add(self, reading: Reading) -> list[Fault]:
        """The faults of one file, from its top to its end."""
        self._references += reading.references
        self._selections += reading.selections
        faults = reading.faults
        if reading.id is not None and reading.place is not None:
            self._known.setdefault(reading.id, []).extend(reading.commitments)
            self._themes[reading.id] = reading.themes
            place = self._first.setdefault(reading.id, reading.place)
            if place is not reading.place:
                faults = [*faults, _duplicate(reading.id, place, reading.place)]
        return sorted(faults, key=lambda fault: fault.order)

    def faults(self) -> list[Fault]:
        """What commitments ask of others that are not there, or in circles."""
        return list(check_references(self._references, self._known, self._selections, self._themes))


def _duplicate(id_: str, first: Location, second: Location) -> Fault:
    message = f"there already is an agreement '{shorten(id_)}', in {first.file}"
    return Fault(second, "agreement", message, "duplicate-id", "give it another id")
