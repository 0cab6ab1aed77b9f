"""Full disks and places where this user may not write. All of it for real."""

# ruff: noqa: PT012 - that a block of several statements fails as a whole is what is tested
from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from monitor.errors import StoreUnwritableError
from monitor.store import dialect, open_store

BATCH = 500


@pytest.fixture
def limit(monkeypatch):
    """`limit(pages)`: connections made from now on find no room beyond so many pages."""
    make = dialect.connect

    def set_limit(pages: int) -> None:
        def limited(*args, **kwargs):
            connection = make(*args, **kwargs)
            connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()
            return connection

        monkeypatch.setattr("monitor.store.database.connect", limited)

    return set_limit


def test_on_a_full_disk_nothing_of_the_block_is_kept_and_the_rest_stands(path, update, limit):
    store = open_store(f"sqlite:///{path}")
    with store.write() as w:
        w.add_updates([update("before")])
    pages = page_count(store)
    store.close()
    limit(pages + 4)
    with (
        pytest.raises(StoreUnwritableError, match="the disk is full") as caught,
        store.write() as w,
    ):
        w.set_meta("first", "of the block")
        w.add_updates([update(f"u{n}") for n in range(BATCH)])
    assert "make room" in caught.value.hint
    with store.read() as r:
        assert [u.id for u in r.all_updates()] == ["before"]
        assert r.meta("first") is None
    store.close()


def page_count(store) -> int:
    with store.read() as r:
        return r.rows("PRAGMA page_count")[0][0]


def test_after_a_full_disk_the_same_store_writes_again(path, update, limit):
    store = open_store(f"sqlite:///{path}")
    with store.write() as w:
        w.add_updates([update("before")])
    pages = page_count(store)
    store.close()
    limit(pages + 4)
    with pytest.raises(StoreUnwritableError), store.write() as w:
        w.add_updates([update(f"u{n}") for n in range(BATCH)])
    with store.write() as w:
        w.add_updates([update("small")])
        assert [u.id for u in w.all_updates()] == ["before", "small"]
    store.close()


def test_a_database_for_which_there_is_no_room_is_not_made_by_half(path, limit):
    limit(5)
    with (
        pytest.raises(StoreUnwritableError, match="the disk is full"),
        open_store(f"sqlite:///{path}").write(),
    ):
        pytest.fail("a block was entered")
    assert path.stat().st_size == 0
    limit(1_000_000)
    store = open_store(f"sqlite:///{path}")
    with store.read() as r:
        assert r.last_run() is None
    with store.write() as w:
        w.set_meta("a", "b")
    store.close()


@pytest.fixture
def small_disk(tmp_path):
    """A file system of one megabyte."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root may mount a small file system")
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip(f"a small file system cannot be mounted here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_on_a_file_system_that_is_full_nothing_of_the_block_is_kept(small_disk, update):
    store = open_store(f"sqlite:///{small_disk}/monitor.db")
    with store.write() as w:
        w.add_updates([update("before")])
    with pytest.raises(StoreUnwritableError), store.write() as w:
        w.add_updates([update(f"u{n}")._replace(text="x" * 5000) for n in range(BATCH)])
    with store.read() as r:
        assert [u.id for u in r.all_updates()] == ["before"]
    with store.write() as w:
        w.add_updates([update("small")])
    store.close()


@pytest.fixture
def shelf():
    """A directory that is its owner's alone to change, and that everybody may look into."""
    place = Path(tempfile.mkdtemp(prefix="monitor-shelf-"))
    yield place
    place.chmod(0o755)
    shutil.rmtree(place)


AS_SOMEBODY_ELSE = """
import os, sys, tempfile
from monitor.errors import MonitorError
from monitor.store import open_store

# What is imported on the way is imported now: somebody else may not even read the interpreter.
with tempfile.TemporaryDirectory() as scratch:
    warm = open_store(f"sqlite:///{scratch}/warm.db")
    with warm.write() as w:
        w.set_meta("a", "b")
    with warm.read() as r:
        r.counts()
    warm.close()
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)

path, what = sys.argv[1:]
store = open_store(f"sqlite:///{path}", busy_timeout=0)
try:
    if what == "read":
        with store.read() as r:
            print("meta", r.meta("a"))
    elif what == "write":
        with store.write() as w:
            w.set_meta("a", "changed")
            print("written")
    elif what == "lock":
        with store.exclusive(wait=False) as held:
            print("held", held)
    elif what == "pause":
        with store.read() as r:
            r.meta("a")
            print("reading", flush=True)
            sys.stdin.readline()
except MonitorError as error:
    print(type(error).__name__, error.message, "|", error.hint)
store.close()
"""


@pytest.fixture
def somebody(spawn):
    def run(path: Path, what: str) -> str:
        process = spawn(AS_SOMEBODY_ELSE, path, what)
        out, talk = process.communicate(timeout=60)
        assert process.returncode == 0, talk
        return out.strip()

    return run


@pytest.fixture
def shelved(shelf):
    """A database that may be read and not written, in a directory that may not be written."""
    path = shelf / "monitor.db"
    store = open_store(f"sqlite:///{path}")
    with store.write() as w:
        w.set_meta("a", "b")
    store.close()
    path.chmod(0o444)
    shelf.chmod(0o555)
    return path


def test_a_read_only_database_is_not_written_and_left_as_it_is(shelved, somebody):
    before = shelved.read_bytes()
    said = somebody(shelved, "write")
    assert said.startswith(f"StoreUnwritableError {shelved} cannot be")
    assert "give this user the right to write" in said
    assert shelved.read_bytes() == before
    assert [p.name for p in shelved.parent.iterdir()] == [shelved.name]


def test_a_read_only_database_can_be_read(shelved, somebody):
    assert somebody(shelved, "read") == "meta b"
    assert [p.name for p in shelved.parent.iterdir()] == [shelved.name]


def test_a_read_only_database_that_somebody_writes_meanwhile_is_to_be_read_again(shelved, spawn):
    process = spawn(AS_SOMEBODY_ELSE, shelved, "pause")
    assert process.stdout.readline() == "reading\n"
    shelved.parent.chmod(0o755)
    shelved.chmod(0o644)
    store = open_store(f"sqlite:///{shelved}")
    with store.write() as w:
        w.set_meta("a", "changed")
    store.close()
    out, talk = process.communicate("go\n", timeout=60)
    assert out.startswith(f"StoreBusyError {shelved} was written while it was being read"), talk


def test_a_read_only_database_with_news_beside_it_is_not_read_without_them(shelf, path, somebody):
    """Its last commits are in the write-ahead log of a process that was killed."""
    store = open_store(f"sqlite:///{path}")
    with store.write() as w:
        w.set_meta("a", "b")
    for file in path.parent.iterdir():
        if not file.name.endswith("-shm"):
            shutil.copy(file, shelf / file.name)
    store.close()
    for file in shelf.iterdir():
        file.chmod(0o444)
    shelf.chmod(0o555)
    assert (shelf / f"{path.name}-wal").stat().st_size > 0
    assert somebody(shelf / path.name, "read").startswith("StoreUnwritableError")


def test_the_right_to_run_cannot_be_taken_where_nothing_may_be_written(shelved, somebody):
    assert somebody(shelved, "lock").startswith("StoreUnwritableError the lock file")


def test_a_database_cannot_be_made_where_nothing_may_be_written(shelf, somebody):
    shelf.chmod(0o555)
    assert somebody(shelf / "monitor.db", "write").startswith("StoreUnwritableError")
    assert somebody(shelf / "a" / "monitor.db", "write").startswith(
        f"StoreUnwritableError the directory {shelf}/a cannot be made"
    )
    assert somebody(shelf / "monitor.db", "read") == "meta None"
    assert list(shelf.iterdir()) == []


def test_a_database_that_may_not_even_be_read_says_so(shelf, somebody):
    path = shelf / "monitor.db"
    store = open_store(f"sqlite:///{path}")
    with store.write() as w:
        w.set_meta("a", "b")
    store.close()
    path.chmod(0o000)
    shelf.chmod(0o755)
    assert somebody(path, "read").startswith(f"StoreUnwritableError {path} cannot be opened")
