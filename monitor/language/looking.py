"""What `rules check` looks for in each file, and what is kept of one that was looked at.

A document and what was made of it are dropped as soon as they were looked at: of very many files
they would fill the memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitor.language.faults import Fault, FaultSeverity
from monitor.language.lints import judges
from monitor.language.parts import parted
from monitor.language.reading import read_files
from monitor.language.sharing import processes, shared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from monitor.language.draft import Reading
    from monitor.language.files import RulebookFile


@dataclass(slots=True)
class Seen:
    """A file that was looked at.

    `agreement` is its id, None where it has faults. `own_topics` are the ids of commitments without
    `about`, which are their topics. `commitments` and `rules` are counted with each party's part.
    """

    reading: Reading
    doubts: list[Fault] = field(default_factory=list)
    agreement: str | None = None
    own_topics: tuple[str, ...] = ()
    commitments: int = 0
    rules: int = 0


def look(
    files: Sequence[tuple[RulebookFile, bytes | None]], topics_seen: Collection[str] | None
) -> list[Seen]:
    """Read files, in order, and judge what stands in them."""

    def work(share: Sequence[tuple[RulebookFile, bytes | None]]) -> list[Seen]:
        batches = read_files(share, digest=False)
        return [one for batch in batches for one in _looked(batch, topics_seen)]

    among = processes(len(files))
    return work(files) if among == 1 else shared(work, files, among)


def _looked(batch: Sequence[Reading], topics_seen: Collection[str] | None) -> list[Seen]:
    found = [Seen(reading) for reading in batch]
    for judge in judges(topics_seen):  # one after the other, as the files are read
        for one in found:
            one.doubts += judge(one.reading)
    for one in found:
        _close(one)
    return found


def _close(seen: Seen) -> None:
    """Keep what is asked for when all files are read, and no more."""
    reading = seen.reading
    agreement = reading.agreement
    if agreement is not None:
        seen.agreement = agreement.id
        seen.own_topics = tuple(
            commitment.id
            for commitment in agreement.commitments
            if commitment.about.topics == (commitment.id,) and commitment.about.where is None
        )
        commitments = parted(agreement).commitments
        seen.commitments = len(commitments)
        seen.rules = sum(len(commitment.rules) for commitment in commitments)
    reading.document = reading.header = reading.agreement = None


def same_topics(seen: Iterable[Seen]) -> Iterator[Fault]:
    """Commitments of two agreements with one id and without `about` share their topic."""
    first: dict[str, str] = {}
    for one in seen:
        place = one.reading.place
        if one.agreement is None or place is None:
            continue
        shared = {
            id_: other
            for id_ in one.own_topics
            if (other := first.setdefault(id_, one.agreement)) != one.agreement
        }
        if shared:
            id_, other = next(iter(shared.items()))
            count = "a commitment" if len(shared) == 1 else f"{len(shared)} commitments"
            message = f"{count} with the id, and so the topic, of another agreement's: '{id_}' of"
            hint = "an update about that topic concerns both; give topics under about:"
            yield Fault(
                place, "agreement", f"{message} '{other}'", "shared-topic", hint,
                FaultSeverity.INFO,
            )  # fmt: skip
