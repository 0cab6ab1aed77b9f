"""A configured source of updates, and how far it shows that somebody was looking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.domain.coverage import Coverage
from monitor.domain.time import Precision
from monitor.sources.mapping import IDENTITY, FieldMap
from monitor.sources.reader import Reading, read_updates

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from monitor.domain.time import Instant, Occurred
    from monitor.sources.detect import Format


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file of updates that `monitor run` reads each time.

    `covers_until`: the source was watched until then, by the word of who configured it. `agreement`
    limits its coverage to one agreement; it does not change the records (`agreement: =id` in the
    mapping does).
    """

    name: str
    path: Path
    format: Format | None = None
    mapping: FieldMap = IDENTITY
    covers_until: Occurred | None = None
    agreement: str | None = None

    def collect(
        self, recorded: Instant, *, kinds: Collection[str] | None, zone: str = "UTC"
    ) -> Reading:
        """Begin to read the file; nothing is opened before the first batch is asked for.

        Args:
            recorded: now.
            kinds: the known kinds, None for any.
            zone: in which dates without an offset are read.

        Raises:
            ConfigError: a constant of the mapping does not suit its field.
        """
        return read_updates(
            self.path,
            recorded=recorded,
            kinds=kinds,
            format=self.format,
            mapping=self.mapping,
            name=f"{self.name} ({self.path})",
            zone=zone,
        )

    def coverage(self, reading: Reading, *, recorded: Instant, zone: str) -> Coverage | None:
        """What the source shows to have been watched; None: nothing.

        A file without a record shows nothing, whatever is configured: `monitor coverage add` is for
        who looked and found nothing. With `covers_until` it is until the end of that day (month,
        year) in `zone`, or until that moment. Else it is up to and including the first second of
        the newest occurrence that is not in the future: a record shows that somebody looked then,
        and nothing after it.

        Args:
            reading: of this source, iterated to its end.
            recorded: now.
            zone: an IANA name.

        Raises:
            RuntimeError: `reading` was not iterated to its end.
        """
        until = self._until(reading, zone)
        if until is None:
            return None
        return Coverage(self.name, None, until, recorded, self.agreement)

    def _until(self, reading: Reading, zone: str) -> Instant | None:
        if not reading.complete:
            raise RuntimeError("coverage is known when the reading is complete")
        if not reading.records:
            return None  # an empty file is what a failed download leaves behind
        if self.covers_until is not None:
            if self.covers_until.precision is Precision.SECOND:
                return self.covers_until.start(zone)
            return self.covers_until.end(zone)
        return None if reading.newest is None else reading.newest.start(zone) + 1
