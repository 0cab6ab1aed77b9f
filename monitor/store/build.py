"""Making the tables: today's in a new database, the missing changes in an earlier one.

Only who makes or migrates a database loads this module, and with it SQLAlchemy.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import StaticPool, create_engine, create_mock_engine, event
from sqlalchemy.exc import DBAPIError

from monitor.errors import StoreError
from monitor.store.dialect import WRITE
from monitor.store.location import APPLICATION_ID, foreign
from monitor.store.revisions import REVISIONS
from monitor.store.schema import metadata, version

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy

    from monitor.store.dialect import Connection

MIGRATIONS = Path(__file__).with_name("migrations")


def create(connection: Connection, path: Path) -> None:
    """Make today's schema in an empty file; nothing where another process was quicker.

    Raises:
        ForeignDatabaseError: another program was quicker.
    """
    cursor = connection.cursor()
    cursor.execute(WRITE)
    ((application,),) = cursor.execute("PRAGMA application_id").fetchall()
    ((tables,),) = cursor.execute("SELECT count(*) FROM sqlite_master").fetchall()
    if tables and application != APPLICATION_ID:
        raise foreign(path)
    if not tables:
        fill(connection)
    connection.commit()


def fill(connection: Connection) -> None:
    """Make today's schema in an empty database."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA application_id = {APPLICATION_ID}")

    def execute(statement: Any, *_: Any, **__: Any) -> None:
        cursor.execute(str(statement.compile(dialect=speaker.dialect)))

    speaker = create_mock_engine("sqlite://", execute)
    metadata.create_all(speaker, checkfirst=False)
    version.create(speaker, checkfirst=False)
    cursor.execute("INSERT INTO alembic_version (version_num) VALUES (?)", (REVISIONS[-1],))


def migrate(connection: Connection, path: Path, scripts: Path, to: str = "head") -> None:
    """Run the migrations that are missing, all in one transaction or none.

    The connection is closed afterwards.

    Raises:
        StoreError: one of them failed.
    """
    # Not needed to make a new database, which takes today's tables as they are.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    # Alembic reads options through configparser, to which a percent sign is special.
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    # SQLite alters a table by making it anew, with references to it broken for a moment. The
    # setting is deaf inside a transaction, and must not stay: hence the connection does not.
    connection.cursor().execute("PRAGMA foreign_keys = OFF")
    with driver_errors(), _engine(connection) as engine, engine.begin() as bound:
        config.attributes["connection"] = bound
        command.upgrade(config, to)
        broken = bound.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise StoreError(
                f"{path} cannot be brought up to date: table {broken[0]} refers to rows of"
                f" {broken[2]} that are missing",
                hint="it was left as it is; restore it from a backup",
            )


@contextmanager
def _engine(connection: Connection) -> Iterator[sqlalchemy.Engine]:
    """SQLAlchemy on a connection that is there already, and is closed with it."""

    def connected() -> Any:
        return connection

    engine = create_engine("sqlite://", creator=connected, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def _begin(bound: sqlalchemy.Connection) -> None:
        bound.exec_driver_sql(WRITE)

    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def driver_errors() -> Iterator[None]:
    """Raise what the driver raised, where SQLAlchemy has wrapped it."""
    try:
        yield
    except DBAPIError as error:
        if error.orig is None:
            raise
        raise error.orig from error
