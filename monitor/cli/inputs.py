"""Files and streams named on the command line, as sources."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, BinaryIO, cast

import typer

from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from monitor.bootstrap import Application
    from monitor.domain.coverage import Coverage
    from monitor.domain.time import Instant, Occurred
    from monitor.sources.feed import FileSource
    from monitor.sources.reader import Reading
    from monitor.store.database import Database

STREAM = "standard-input"
_MEMORY = 32 * 1024 * 1024


class InputFormat(StrEnum):
    NDJSON = "ndjson"
    JSON = "json"
    CSV = "csv"


InputFormatOption = Annotated[
    InputFormat | None, typer.Option("--format", help="Instead of what the file looks like.")
]
MappingOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="FIELD=COLUMN",
        help="Fill a field from a column of another name, or FIELD==TEXT; may be repeated.",
    ),
]
AnyKindOption = Annotated[
    bool, typer.Option("--any-kind", help="Also take kinds that no rulebook declares.")
]


@dataclass(frozen=True, slots=True)
class Input:
    """One file or stream. It covers what a configured source would, but not what is before `since`.

    `label` is what messages call it.
    """

    feed: FileSource
    origin: Path | BinaryIO
    label: str
    since: Occurred | None = None

    @property
    def name(self) -> str:
        return self.feed.name

    def collect(self, recorded: Instant, *, kinds: Collection[str] | None, zone: str) -> Reading:
        from monitor.sources.reader import read_updates

        return read_updates(
            self.origin,
            recorded=recorded,
            kinds=kinds,
            format=self.feed.format,
            mapping=self.feed.mapping,
            name=self.label,
            zone=zone,
        )

    def coverage(self, reading: Reading, *, recorded: Instant, zone: str) -> Coverage | None:
        covered = self.feed.coverage(reading, recorded=recorded, zone=zone)
        if covered is None or self.since is None:
            return covered
        since = self.since.start(zone)
        if since >= covered.until:
            raise UsageError(
                f"--covers-since {self.since.text}: what {self.label} covers ends before",
                hint="give --covers-until as well",
            )
        return covered._replace(since=since)


@contextmanager
def opened_inputs(
    files: Iterable[Path], feed: FileSource, since: Occurred | None, *, named: bool
) -> Iterator[list[Input]]:
    """The inputs for the files; `-` is standard input, which is read to its end here.

    Args:
        files: from the command line.
        feed: format, mapping and coverage of all of them.
        since: from when on they cover.
        named: `feed` has the name they all get; else each is called like its file.

    Raises:
        UsageError: standard input is named twice, or is a terminal.
    """
    import tempfile
    from dataclasses import replace

    named_files = list(files)
    if named_files.count(Path("-")) > 1:
        raise UsageError("standard input can be read only once")
    with tempfile.SpooledTemporaryFile(_MEMORY) as spool:
        inputs: list[Input] = []
        for file in named_files:
            stream = str(file) == "-"
            if stream:
                _spool(spool)
            name = feed.name if named else STREAM if stream else file.name
            own = replace(feed, name=name, path=file)
            label = "standard input" if stream else str(file)
            inputs.append(Input(own, cast("BinaryIO", spool) if stream else file, label, since))
        yield inputs


def _spool(target: IO[bytes]) -> None:
    """Read standard input before anything is locked: whoever writes it may take their time."""
    import shutil

    if sys.stdin.isatty():
        raise UsageError(
            "standard input is a terminal", hint="pipe a file into it, or name the file"
        )
    shutil.copyfileobj(sys.stdin.buffer, target)
    target.seek(0)


@contextmanager
def trial_store(application: Application, *, dry: bool) -> Iterator[Database]:
    """The store; for a dry run where there is none yet, one that is thrown away afterwards."""
    path = application.store_path
    if not dry or path is None or path.exists():
        yield application.store
        return
    import tempfile

    from monitor.store import open_store

    with tempfile.TemporaryDirectory(prefix="monitor-") as folder:
        store = open_store(f"sqlite:///{folder}/monitor.db")
        try:
            yield store
        finally:
            store.close()


def known_agreement(application: Application, name: str | None) -> str | None:
    """The id of an agreement from the command line.

    Raises:
        UsageError: the rulebook has no such agreement; the text names near ones.
    """
    if name is None:
        return None
    known = [agreement.id for agreement in application.rulebook.agreements]
    if name in known:
        return name
    from monitor.language.faults import did_you_mean

    near = did_you_mean(name, known)
    raise UsageError(
        f"--agreement {name}: there is no such agreement" + (f", {near}" if near else ""),
        hint=f"the rulebook has {', '.join(known)}" if known else None,
    )


def occurred_option(text: str, option: str) -> Occurred:
    """A year, month, date or date-time from an option.

    Raises:
        UsageError: it is none.
    """
    from monitor.domain.time import parse_occurred

    try:
        return parse_occurred(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None
