"""From whatever stands at a path to a database with today's schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from monitor.errors import NewerSchemaError, StoreError
from monitor.store.dialect import BEGIN, WRITE
from monitor.store.location import APPLICATION_ID, foreign
from monitor.store.schema import metadata, version

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

REVISIONS = ("0001",)
"""Every schema there has been, oldest first: the revisions in `migrations/versions`.

Named here so that a database that is up to date costs one row to read and not Alembic to load.
"""

MIGRATIONS = Path(__file__).with_name("migrations")


def create(engine: Engine, path: Path) -> None:
    """Make today's schema in an empty file; nothing where another process was quicker.

    Raises:
        ForeignDatabaseError: another program was quicker.
    """
    with engine.connect().execution_options(**{BEGIN: WRITE}) as connection, connection.begin():
        (application,) = connection.exec_driver_sql("PRAGMA application_id").one()
        (tables,) = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").one()
        if tables and application != APPLICATION_ID:
            raise foreign(path)
        if not tables:
            fill(connection)


def fill(connection: Connection) -> None:
    """Make today's schema in an empty database."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    metadata.create_all(connection, checkfirst=False)
    version.create(connection, checkfirst=False)
    connection.execute(version.insert().values(version_num=REVISIONS[-1]))


def use_wal(engine: Engine) -> None:
    """Let readers and a writer work at the same time. The file remembers it."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.fetchall()
    finally:
        connection.close()


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
    migrate(engine, path, scripts=MIGRATIONS)


def migrate(engine: Engine, path: Path, *, scripts: Path = MIGRATIONS, to: str = "head") -> None:
    """Run the migrations that are missing, all in one transaction or none.

    Raises:
        StoreError: one of them failed.
    """
    # A rare need, and a tenth of a second.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    # Alembic reads options through configparser, to which a percent sign is special.
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.connect().execution_options(**{BEGIN: WRITE}) as connection:
        # SQLite alters a table by making it anew, with references to it broken for a moment. The
        # setting is deaf inside a transaction, and must not return to the pool.
        connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        connection.detach()
        with connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken is not None:
                raise StoreError(
                    f"{path} cannot be brought up to date: table {broken[0]} refers to rows of"
                    f" {broken[2]} that are missing",
                    hint="it was left as it is; restore it from a backup",
                )
