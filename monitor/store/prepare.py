"""Whether a database has today's schema, and the way there if it has an earlier one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from monitor.errors import NewerSchemaError
from monitor.store.location import foreign
from monitor.store.revisions import REVISIONS

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine


def bring_up_to_date(engine: Engine, path: Path) -> None:
    """Migrate a database of an earlier schema; the others are only looked at.

    Raises:
        ForeignDatabaseError: it has no version.
        NewerSchemaError: it has one that this program does not know.
        StoreError: it cannot be migrated; then it is as it was.
    """
    with engine.connect() as connection:
        try:
            row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
        except OperationalError as error:
            if "no such table" in str(error.orig):
                raise foreign(path) from error
            raise
    if row is None:
        raise foreign(path)
    found = row[0]
    if found == REVISIONS[-1]:
        return
    if found not in REVISIONS:
        raise NewerSchemaError(
            f"{path} was written by a newer version of this program (schema {found})",
            hint="install that version, or name another database",
        )
    # A rare need, and a quarter of a second to load.
    from monitor.store import build  # noqa: PLC0415

    build.migrate(engine, path, build.MIGRATIONS)


def use_wal(engine: Engine) -> None:
    """Let readers and a writer work at the same time. The file remembers it."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.fetchall()
    finally:
        connection.close()
