"""Making the tables: today's in a new database, the missing changes in an earlier one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from monitor.errors import StoreError
from monitor.store.dialect import BEGIN, WRITE
from monitor.store.location import APPLICATION_ID, foreign
from monitor.store.revisions import REVISIONS
from monitor.store.schema import metadata, version

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

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


def migrate(engine: Engine, path: Path, scripts: Path, to: str = "head") -> None:
    """Run the migrations that are missing, all in one transaction or none.

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
