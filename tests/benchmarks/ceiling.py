"""What a program could do that only kept the reports: the raw ceiling of ingestion."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NotRequired

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from monitor.bootstrap import calm_collector
from monitor.store import open_store
from monitor.store.update_codec import BRIEF, UPDATE_COLUMNS
from tests.benchmarks import world
from tests.benchmarks.measure import Timer

if TYPE_CHECKING:
    from collections.abc import Iterator


class Record(TypedDict):
    """One line of the feed."""

    occurred_at: str
    kind: str
    title: str
    topics: NotRequired[list[str]]
    source: NotRequired[str]
    url: NotRequired[str]


NULLS = 8
"""What a row of the ceiling holds beside what a record says; columns that came since are left out,
because they would only slow it."""


def ceiling(folder: str, updates: int, commitments: int, *, nulls: int = NULLS) -> Iterator[Any]:
    """The same rows, only kept."""
    calm_collector()
    place, feed = Path(folder), world.read_feed(Path(folder) / "feed")
    database = Path(tempfile.mkdtemp(dir=place)) / "monitor.db"
    store = open_store(f"sqlite:///{database}")
    with store.write():
        pass
    store.close()
    raw = sqlite3.connect(database, isolation_level=None)
    raw.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;"
    )
    validate = TypeAdapter(Record).validator.validate_json
    columns = (*UPDATE_COLUMNS[: BRIEF + nulls], "seq")
    insert = f"INSERT INTO updates ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    with Timer() as timer:
        first = 1
        for file, end in feed:
            recorded = world.instant(end)
            first = _keep(raw, insert, validate, file, recorded, first, (None,) * nulls)
    (kept,) = raw.execute("SELECT count(*) FROM updates").fetchone()
    raw.close()
    shutil.rmtree(database.parent)
    if kept != updates:
        raise RuntimeError(f"{kept} of {updates} rows were kept")
    yield {"cpu": timer.cpu, "wall": timer.wall}


def _keep(
    raw: sqlite3.Connection,
    insert: str,
    validate: Any,
    file: Path,
    recorded: int,
    first: int,
    nulls: tuple[None, ...],
) -> int:
    """One file in one transaction; the number of the next row."""
    table = []
    for seq, line in enumerate(file.read_bytes().splitlines(), first):
        record = validate(line)
        get = record.get
        table.append(
            (
                hashlib.blake2b(line, digest_size=12).hexdigest(),
                record["occurred_at"],
                "day",
                recorded,
                record["kind"],
                record["title"],
                f'["{record["topics"][0]}"]',
                "[]",
                get("source", ""),
                get("url", ""),
                "",
                *nulls,
                seq,
            )
        )
    raw.execute("BEGIN IMMEDIATE")
    raw.executemany(insert, table)
    raw.execute("COMMIT")
    return first + len(table)
