"""Whether a database has today's schema, and the way there if it has an earlier one."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from monitor.errors import NewerSchemaError
from monitor.store.location import foreign
from monitor.store.revisions import REVISIONS

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.store.dialect import Connection


def bring_up_to_date(connection: Connection, path: Path) -> None:
    """Migrate a database of an earlier schema; the others are only looked at.

    Raises:
        ForeignDatabaseError: it has no version.
        NewerSchemaError: it has one that this program does not know.
        StoreError: it cannot be migrated; then it is as it was.
    """
    try:
        rows = connection.cursor().execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            raise foreign(path) from error
        raise
    if not rows:
        raise foreign(path)
    found = rows[0][0]
    if found == REVISIONS[-1]:
        return
    if found not in REVISIONS:
        raise NewerSchemaError(
            f"{path} was written by a newer version of this program (schema {found})",
            hint="install that version, or name another database",
        )
    # A rare need, and half a second to load.
    from monitor.store import build  # noqa: PLC0415

    build.migrate(connection, path, build.MIGRATIONS)


def use_wal(connection: Connection) -> None:
    """Let readers and a writer work at the same time. The file remembers it."""
    connection.cursor().execute("PRAGMA journal_mode = WAL").fetchall()
