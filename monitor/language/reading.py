"""Rulebook files: bytes -> agreements and faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.language.allowed import allowances
from monitor.language.document import MAX_BYTES, parse_document
from monitor.language.draft import Draft, Reading
from monitor.language.faults import Fault
from monitor.language.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.language.files import RulebookFile

TOGETHER = 32
"""So many files are read together, as long as they have no more than this many bytes."""
BYTES_TOGETHER = 250_000


def read_files(
    files: Iterable[tuple[RulebookFile, bytes | Fault | None]], *, digest: bool = True
) -> Iterator[list[Reading]]:
    """Read, validate and build files, some of them at a time.

    Args:
        files: in order, each with what stands in it, or why it cannot be read, where that is known.
        digest: without it agreements have no hash.
    """
    batch: list[tuple[RulebookFile, bytes | Fault]] = []
    size = 0
    for file, given in files:
        raw = read_bytes(file, MAX_BYTES) if given is None else given
        batch.append((file, raw))
        size += len(raw) if isinstance(raw, bytes) else 0
        if len(batch) >= TOGETHER or size >= BYTES_TOGETHER:
            yield _read(batch, digest=digest)
            batch, size = [], 0
    if batch:
        yield _read(batch, digest=digest)


def read_text(raw: bytes, file: RulebookFile, *, digest: bool = True) -> Reading:
    """One file whose bytes are already here."""
    (reading,) = _read([(file, raw)], digest=digest)
    return reading


def _read(batch: Iterable[tuple[RulebookFile, bytes | Fault]], *, digest: bool) -> list[Reading]:
    """Step by step and not file by file.

    A step that is taken for many files finds its own code in the processor's caches: of a thousand
    small files, that saves a quarter of the time.
    """
    readings = [_parsed(file, raw) for file, raw in batch]
    drafts = [draft for reading in readings if (draft := _draft(reading)) is not None]
    for draft in drafts:
        draft.read_header()
    for draft in drafts:
        draft.read_commitments()
    for draft in drafts:
        draft.build()
    for draft in drafts:
        draft.finish(digest=digest)
    return readings


def _parsed(file: RulebookFile, raw: bytes | Fault) -> Reading:
    if isinstance(raw, Fault):
        return Reading(file, [raw])
    document, faults = parse_document(raw, file.name)
    allowed = allowances(raw, file.name) if document else ()
    return Reading(file, faults, document, allowed=allowed)


def _draft(reading: Reading) -> Draft | None:
    """Where it is a rulebook at all."""
    document = reading.document
    if document is None:
        return None
    data = document.data
    if not isinstance(data, dict):
        message = "a rulebook is a mapping that begins with `agreement:`"
        reading.fault((), message, "not-a-rulebook")
        return None
    if "tests" in data and "agreement" not in data:
        message = "this is a file of rule tests, not a rulebook"
        reading.fault(("tests",), message, "not-a-rulebook", "name it *.test.yaml", key=True)
        return None
    return Draft(reading, document)
