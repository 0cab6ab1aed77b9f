"""What may stand where the database should be."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from monitor.errors import (
    ConfigError,
    ForeignDatabaseError,
    NewerSchemaError,
    StoreError,
    StoreUnwritableError,
)
from monitor.store import open_store
from monitor.store.location import APPLICATION_ID


def listing(directory: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in directory.iterdir()}


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://localhost/monitor",
        "monitor.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///a\0b",
        "",
    ],
)
def test_a_url_that_names_no_file_is_a_fault_of_the_configuration(url):
    with pytest.raises(ConfigError) as caught:
        open_store(url)
    assert "sqlite:///monitor.db" in caught.value.hint


def test_a_relative_url_is_relative_to_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///here.db")
    with store.write() as w:
        w.set_meta("a", "b")
    store.close()
    assert (tmp_path / "here.db").exists()


@pytest.mark.parametrize(
    "name", ["a b.db", "100%.db", "what?.db", "#1.db", "日本.db", "mode=ro&x.db"]
)
def test_a_name_is_taken_as_it_is_written(tmp_path, name):
    store = open_store(f"sqlite:///{tmp_path}/{name}")
    with store.write() as w:
        w.set_meta("a", "b")
    store.close()
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_nothing_is_opened_before_the_first_block(tmp_path):
    open_store(f"sqlite:///{tmp_path}/missing/monitor.db")
    assert list(tmp_path.iterdir()) == []


def test_to_read_what_does_not_exist_shows_an_empty_database_and_makes_nothing(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/missing/monitor.db")
    with store.read() as r:
        assert set(r.counts().values()) == {0}
        assert r.last_run() is None
    assert list(tmp_path.iterdir()) == []


def test_to_write_makes_the_directories_above(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/a/b/monitor.db")
    with store.write() as w:
        w.set_meta("a", "b")
    with store.read() as r:
        assert r.meta("a") == "b"
    store.close()
    assert (tmp_path / "a/b/monitor.db").exists()


def test_an_empty_file_is_a_place_for_a_database(path, store):
    path.touch()
    with store.write() as w:
        w.set_meta("a", "b")
    with store.read() as r:
        assert r.meta("a") == "b"


def test_the_file_says_whose_it_is(path, store):
    with store.write() as w:
        w.set_meta("a", "b")
    store.close()
    header = path.read_bytes()[:100]
    assert header[68:72] == b"mon1"
    assert int.from_bytes(header[68:72], "big") == APPLICATION_ID


def make_text(path: Path) -> None:
    path.write_text("id,title\nu1,not a database at all\n" * 50)


def make_binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 40)


def make_other_database(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE recipes (id INTEGER PRIMARY KEY, name TEXT)")
    connection.close()


def make_other_database_in_wal(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA journal_mode = WAL; CREATE TABLE updates (id TEXT)")
    connection.close()


def make_other_application(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA application_id = 1; CREATE TABLE recipes (id)")
    connection.close()


def make_truncated(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\x00" + b"\x10")


def make_other_tables_under_our_name(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(f"PRAGMA application_id = {APPLICATION_ID}; CREATE TABLE recipes (id)")
    connection.close()


def make_empty_version(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(
        f"PRAGMA application_id = {APPLICATION_ID}; CREATE TABLE alembic_version (version_num TEXT)"
    )
    connection.close()


FOREIGN = [
    make_text,
    make_binary,
    make_other_database,
    make_other_database_in_wal,
    make_other_application,
    make_truncated,
    make_other_tables_under_our_name,
    make_empty_version,
]


@pytest.mark.parametrize("block", ["read", "write"])
@pytest.mark.parametrize("make", FOREIGN)
def test_what_is_not_ours_is_refused_and_left_as_it_is(tmp_path, make, block):
    path = tmp_path / "theirs.db"
    make(path)
    before = listing(tmp_path)
    store = open_store(f"sqlite:///{path}", busy_timeout=0)
    with pytest.raises(ForeignDatabaseError) as caught, getattr(store, block)():
        pytest.fail("a block was entered")
    assert str(path) in caught.value.message
    assert caught.value.hint
    assert listing(tmp_path) == before


def test_a_directory_is_no_database(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}")
    with pytest.raises(ForeignDatabaseError, match="is a directory"), store.write():
        pytest.fail("a block was entered")


@pytest.mark.parametrize("block", ["read", "write"])
def test_a_file_cannot_be_a_directory(tmp_path, block):
    (tmp_path / "file").write_text("x")
    store = open_store(f"sqlite:///{tmp_path}/file/monitor.db")
    with pytest.raises(StoreUnwritableError, match="a file stands where"), getattr(store, block)():
        pytest.fail("a block was entered")


@pytest.mark.parametrize("block", ["read", "write"])
def test_what_a_newer_program_wrote_is_left_as_it_is(path, store, block):
    with store.write() as w:
        w.set_meta("a", "b")
    store.close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(NewerSchemaError, match="schema 9999") as caught, getattr(store, block)():
        pytest.fail("a block was entered")
    assert "install" in caught.value.hint
    assert path.read_bytes() == before


def test_a_damaged_file_is_an_error_and_no_traceback(path, store, update):
    with store.write() as w:
        w.add_updates([update(f"u{n}") for n in range(2000)])
    store.close()
    content = bytearray(path.read_bytes())
    content[4096 * 20 : 4096 * 40] = os.urandom(4096 * 20)
    path.write_bytes(content)
    with pytest.raises(StoreError) as caught, store.read() as r:
        list(r.all_updates())
    assert str(path) in caught.value.message


def test_another_file_under_the_same_name_is_another_database(path, store):
    with store.write() as w:
        w.set_meta("which", "first")
    for old in path.parent.iterdir():
        old.rename(old.with_name(f"old-{old.name}"))
    with store.read() as r:
        assert r.meta("which") is None
    with store.write() as w:
        w.set_meta("which", "second")
    with store.read() as r:
        assert r.meta("which") == "second"


def test_a_closed_store_opens_again_and_leaves_nothing_beside_the_file(path, store):
    with store.write() as w:
        w.set_meta("a", "b")
    store.close()
    store.close()
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    with store.read() as r:
        assert r.meta("a") == "b"
