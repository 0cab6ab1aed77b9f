"""Every way to today's schema leads to the same one."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from monitor.errors import StoreError
from monitor.store import build, open_store, prepare
from monitor.store.build import MIGRATIONS, create, migrate
from monitor.store.dialect import connect
from monitor.store.location import APPLICATION_ID
from monitor.store.revisions import REVISIONS
from monitor.store.schema import metadata


def schema(path) -> list[tuple[str, str, str]]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    found = sorted((kind, name, " ".join(sql.split())) for kind, name, sql in rows)
    connection.close()
    return found


def test_the_revisions_that_the_program_knows_are_the_files_there_are():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert tuple(reversed([r.revision for r in scripts.walk_revisions()])) == REVISIONS


def test_migrating_an_empty_file_and_making_a_new_one_give_the_same_schema(tmp_path):
    made, migrated = tmp_path / "made.db", tmp_path / "migrated.db"
    with closing(connect(made, busy_timeout=0)) as connection:
        create(connection, made)
    with closing(connect(migrated, busy_timeout=0)) as connection:
        migrate(connection, migrated, MIGRATIONS)
    assert schema(made) == schema(migrated)
    assert len(schema(made)) > 20


def test_what_waited_for_the_coverage_of_its_agreement_still_does_after_a_migration(path):
    with closing(connect(path, busy_timeout=0)) as connection:
        migrate(connection, path, MIGRATIONS, "0009")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("INSERT INTO commitments VALUES (1, 'g/c')")
        connection.execute(
            "INSERT INTO states (commitment, agreement, rules, due_watched, standing, payload)"
            " VALUES (1, 'g', 'r', 10, '{}', x'')"
        )
    with open_store(f"sqlite:///{path}").write() as w:
        assert w.due(100, {"": 100, "g": 9}) == []
        assert w.due(100, {"": 9, "g": 10}) == ["g/c"]


def test_alembic_finds_nothing_to_change_in_a_new_database(path):
    with closing(connect(path, busy_timeout=0)) as connection:
        create(connection, path)
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_a_new_database_is_made_and_opened_without_loading_alembic(path):
    code = (
        "import sys; from monitor.store import open_store\n"
        f"for _ in range(2):\n    store = open_store('sqlite:///{path}')\n"
        "    with store.write() as w: w.set_meta('a', 'b')\n    store.close()\n"
        "print({'alembic', 'alembic.command', 'sqlalchemy.orm'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_database_that_is_up_to_date_is_opened_without_loading_its_tables(store, path):
    with store.write() as w:
        w.set_meta("a", "b")
    code = (
        "import sys; from monitor.store import open_store\n"
        f"with open_store('sqlite:///{path}').read() as r: assert r.meta('a') == 'b'\n"
        "print({'monitor.store.schema', 'sqlalchemy.dialects.postgresql'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


UP_TO_DATE = """
import sys
from monitor.domain.records import Evidence, StoredState
from monitor.domain.time import parse_occurred
from monitor.domain.update import Update
from monitor.store import open_store
store = open_store(f"sqlite:///{sys.argv[1]}")
with store.read() as r:
    assert r.meta("a") == "b"
    assert set(r.counts().values()) == {0}
with store.write() as w:
    w.add_updates([Update("u", parse_occurred("2025-09-04"), 100, "statement", "Title")])
    w.add_evidence([Evidence("g/c", 1, "u")])
    w.save_states([StoredState("g/c", "g", "r", None, 1, 1, b"", "{}")])
with store.read() as r:
    assert len(r.evidence("g/c")) == 1
    assert r.due(1, {}) == ["g/c"]
with store.exclusive(wait=False) as held:
    assert held
store.close()
print({name.partition(".")[0] for name in sys.modules} & {"sqlalchemy", "alembic"})
"""


def test_a_database_that_is_up_to_date_is_read_and_written_without_sqlalchemy(store, path, spawn):
    with store.write() as w:
        w.set_meta("a", "b")
    store.close()
    out, talk = spawn(UP_TO_DATE, path).communicate(timeout=60)
    assert out == "set()\n", talk


def test_the_store_is_imported_without_loading_sqlalchemy():
    code = (
        "import sys, monitor.store; print({'sqlalchemy', 'sqlite3', 'alembic'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade():
    with op.batch_alter_table("alerts") as table:
        table.add_column(sa.Column("channel", sa.Text(), nullable=False, server_default="none"))
        table.alter_column("severity", nullable=True)
    {more}
"""


@pytest.fixture
def future(tmp_path, monkeypatch):
    """`future(more)`: the program has one more migration, which also does `more`."""

    def make(more: str = "") -> None:
        scripts = tmp_path / "100% migrations"
        shutil.copytree(MIGRATIONS, scripts)
        text = NEXT.format(revision="next", before=REVISIONS[-1], more=more)
        (scripts / "versions" / "r_next.py").write_text(text)
        monkeypatch.setattr(prepare, "REVISIONS", (*REVISIONS, "next"))
        monkeypatch.setattr(build, "MIGRATIONS", scripts)

    return make


@pytest.fixture(params=REVISIONS)
def old(request, path, store, update):
    """A database of an earlier schema with a row in a table that others refer to."""
    with closing(connect(path, busy_timeout=0)) as connection:
        migrate(connection, path, MIGRATIONS, request.param)
    with closing(connect(path, busy_timeout=0)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(
            "INSERT INTO alerts (id, kind, phase, at, agreement, severity, labels, message, body,"
            " recorded, found_late) VALUES ('a1', 'advanced', 'once', 1, 'g', 'info', '[]', 'm',"
            " '{}', 2, 0)"
        )
        connection.execute(
            "INSERT INTO deliveries (alert, receiver, next_attempt, created)"
            " VALUES ('a1', 'slack', 1, 1)"
        )
    return path


@pytest.mark.parametrize("block", ["read", "write"])
def test_an_earlier_schema_is_brought_up_to_date_with_all_its_rows(old, store, future, block):
    future()
    with getattr(store, block)() as session:
        assert session.rows("SELECT id, channel FROM alerts") == [("a1", "none")]
        assert [(d.alert, d.receiver) for d in session.deliveries()] == [("a1", "slack")]
        assert session.rows("SELECT version_num FROM alembic_version") == [("next",)]
        assert session.rows("PRAGMA foreign_keys") == [(1,)]


@pytest.mark.parametrize("old", REVISIONS[-1:], indirect=True)
def test_a_schema_that_is_todays_is_only_read(old, store):
    before = old.read_bytes()
    with store.read() as r:
        assert [a.id for a in r.alerts()] == ["a1"]
    store.close()
    assert old.read_bytes() == before


def test_a_migration_that_fails_leaves_everything_as_it_was(old, store, future):
    before = schema(old)
    future("op.execute('INSERT INTO nowhere VALUES (1)')")
    with pytest.raises(StoreError, match="no such table: nowhere"), store.write():
        pytest.fail("a block was entered")
    assert schema(old) == before


def test_a_migration_that_leaves_rows_without_what_they_refer_to_is_undone(old, store, future):
    before = schema(old)
    future("op.execute('DELETE FROM alerts')")
    with (
        pytest.raises(StoreError, match="table deliveries refers to rows of alerts"),
        store.write(),
    ):
        pytest.fail("a block was entered")
    assert schema(old) == before


def test_a_process_that_comes_second_finds_the_migration_done(old, future):
    future()
    first, second = (open_store(f"sqlite:///{old}") for _ in range(2))
    with first.write() as w:
        assert w.rows("SELECT count(*) FROM alerts") == [(1,)]
    with second.write() as w:
        assert w.rows("SELECT count(*) FROM alerts") == [(1,)]
    first.close()
    second.close()
