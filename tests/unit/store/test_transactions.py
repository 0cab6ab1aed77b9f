"""All or nothing, and nobody's work is lost."""

# ruff: noqa: PT012 - that a block of several statements fails as a whole is what is tested
from __future__ import annotations

import itertools
import sqlite3

import pytest

from monitor.errors import StoreBusyError, StoreError
from monitor.store import open_store


def test_a_block_that_fails_leaves_nothing(store, update):
    with store.write() as w:
        w.add_updates([update("a")])
    with pytest.raises(ZeroDivisionError), store.write() as w:
        w.add_updates([update("b")])
        w.set_meta("a", "b")
        _ = 1 / 0
    with store.read() as r:
        assert [u.id for u in r.all_updates()] == ["a"]
        assert r.meta("a") is None


def test_a_block_that_is_left_by_the_keyboard_leaves_nothing(store, update):
    with pytest.raises(KeyboardInterrupt), store.write() as w:
        w.add_updates([update("b")])
        raise KeyboardInterrupt
    with store.read() as r:
        assert list(r.all_updates()) == []


def test_an_error_that_is_swallowed_still_undoes_the_block(store, update):
    with pytest.raises(StoreError, match="a statement in it has failed"), store.write() as w:
        w.add_updates([update("a")])
        with pytest.raises(StoreError, match="FOREIGN KEY"):
            w.enqueue([("unknown", "slack")], 1)
    with store.read() as r:
        assert list(r.all_updates()) == []


def test_no_statement_runs_after_one_that_failed(store, update):
    with pytest.raises(StoreError, match=r"transaction .* is over"), store.write() as w:
        with pytest.raises(StoreError, match="FOREIGN KEY"):
            w.enqueue([("unknown", "slack")], 1)
        w.add_updates([update("a")])


def test_no_statement_runs_after_its_block(store, update):
    with store.write() as w:
        w.set_meta("a", "b")
    with pytest.raises(StoreError, match="its block has ended"):
        w.add_updates([update("a")])
    with store.read() as r:
        pass
    with pytest.raises(StoreError, match="its block has ended"):
        r.meta("a")


def test_what_is_written_is_seen_inside_its_block_and_by_others_after_it(store):
    with store.write() as w:
        w.set_meta("a", "b")
        assert w.meta("a") == "b"
        with store.read() as r:
            assert r.meta("a") is None
    with store.read() as r:
        assert r.meta("a") == "b"


def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(store):
    with store.write() as w:
        w.set_meta("a", "old")
    with store.read() as r:
        assert r.meta("a") == "old"
        with store.write() as w:
            w.set_meta("a", "new")
        assert r.meta("a") == "old"
    with store.read() as r:
        assert r.meta("a") == "new"


def test_a_second_writer_is_told_who_is_in_the_way(store, path):
    other = open_store(f"sqlite:///{path}", busy_timeout=0)
    with store.write() as w:
        w.set_meta("a", "b")
        with pytest.raises(StoreBusyError) as caught, other.write():
            pytest.fail("a block was entered")
    assert "another process" in caught.value.message
    assert caught.value.hint
    with other.write() as w:
        assert w.meta("a") == "b"
    other.close()


def test_every_connection_is_set_up_for_durable_writes(store):
    with store.write() as w:
        w.set_meta("a", "b")
        pragmas = {
            name: w.rows(f"PRAGMA {name}")[0][0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 0,
    }


def test_a_writer_waits_half_a_minute_unless_told_otherwise(path):
    patient = open_store(f"sqlite:///{path}")
    with patient.write() as w:
        assert w.rows("PRAGMA busy_timeout") == [(30_000,)]
    patient.close()


def test_an_sqlite_that_is_too_old_is_named(store, monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.34.1")
    with pytest.raises(StoreError, match=r"SQLite is 3\.34\.1, too old") as caught, store.write():
        pytest.fail("a block was entered")
    assert "3.35.0 or newer" in caught.value.hint


READ_MODIFY_WRITE = """
import sys
from monitor.store import open_store
store = open_store(f"sqlite:///{sys.argv[1]}")
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(sys.argv[2])):
    with store.write() as w:
        count = int(w.meta("count") or 0)
        w.set_meta("count", str(count + 1))
"""


def test_processes_that_read_think_and_write_lose_nothing(path, store, spawn):
    """SQLAlchemy with sqlite3 as they come lose more than half of these."""
    rounds = 100
    processes = [spawn(READ_MODIFY_WRITE, path, rounds) for _ in range(3)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _, talk = process.communicate(timeout=120)
        assert process.returncode == 0, talk
    with store.read() as r:
        assert r.meta("count") == str(3 * rounds)


PASSER_BY = """
import sys
from monitor.store import open_store
store = open_store(f"sqlite:///{sys.argv[1]}")
with store.write() as w:
    w.set_meta("passer-by", w.meta("a"))
store.close()
"""


@pytest.mark.parametrize("company", [False, True])
def test_a_process_that_ends_takes_nothing_from_one_that_goes_on(path, store, spawn, company):
    """The last to close a database removes its write-ahead log: who is still there must be seen.

    A store that looked into its file between two blocks dropped SQLite's locks on it, and with them
    everything that it wrote after the next process had ended.
    """
    for value in "12":
        with store.write() as w:
            w.set_meta("a", value)
    if company:
        second = open_store(f"sqlite:///{path}")
        with second.read() as r:
            assert r.meta("a") == "2"
        second.close()
    process = spawn(PASSER_BY, path)
    _, talk = process.communicate(timeout=60)
    assert process.returncode == 0, talk
    assert path.with_name(f"{path.name}-wal").exists()
    with store.write() as w:
        assert w.meta("passer-by") == "2"
        w.set_meta("a", "3")
    process = spawn(PASSER_BY, path)
    _, talk = process.communicate(timeout=60)
    assert process.returncode == 0, talk
    with store.read() as r:
        assert r.meta("passer-by") == "3"


def test_what_was_read_by_half_does_not_hold_the_next_block_to_the_past(path, store, update):
    with store.write() as w:
        w.add_updates([update(f"u{n}") for n in range(2000)])
    with store.read() as r:
        half = iter(r.all_updates())
        next(half)
    other = open_store(f"sqlite:///{path}")
    with other.write() as w:
        w.set_meta("a", "news")
    other.close()
    with store.read() as r:
        assert r.meta("a") == "news"
    with pytest.raises(StoreError, match="its block has ended"):
        next(itertools.islice(half, 1000, None))


KILLED = """
import sys
from monitor.domain.time import parse_occurred
from monitor.domain.update import Update
from monitor.store import open_store
store = open_store(f"sqlite:///{sys.argv[1]}")
with store.write() as w:
    w.run("PRAGMA cache_size = 10")  # so that what is not committed is on the disk all the same
    w.add_updates([
        Update(f"killed-{n}", parse_occurred("2025-09-04"), 100, "statement", "x" * 500)
        for n in range(10_000)
    ])
    print("written", flush=True)
    sys.stdin.readline()
"""


def test_of_a_writer_that_was_killed_nothing_stays_and_the_next_one_writes_at_once(
    path, store, update, spawn
):
    with store.write() as w:
        w.add_updates([update("before")])
    process = spawn(KILLED, path)
    assert process.stdout.readline() == "written\n"
    with pytest.raises(StoreBusyError), store.write():
        pytest.fail("the write lock was not held")
    process.kill()
    process.wait()
    assert path.with_name(f"{path.name}-wal").stat().st_size > 5_000_000
    with store.write() as w:  # busy_timeout is 0: it does not wait
        assert [u.id for u in w.all_updates()] == ["before"]
        w.add_updates([update("after")])
    with store.read() as r:
        assert [u.id for u in r.all_updates()] == ["before", "after"]
    store.close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


MAKER = """
import sys
from monitor.store import open_store
store = open_store(f"sqlite:///{sys.argv[1]}")
import monitor.store.database
print("ready", flush=True)
sys.stdin.readline()
with store.write() as w:
    w.set_meta(sys.argv[2], "made")
"""


def test_processes_that_make_the_database_at_the_same_time_make_one(path, store, spawn):
    processes = [spawn(MAKER, path, n) for n in range(3)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _, talk = process.communicate(timeout=120)
        assert process.returncode == 0, talk
    with store.write() as w:
        assert [w.meta(str(n)) for n in range(3)] == ["made"] * 3
        assert w.rows("PRAGMA journal_mode") == [("wal",)]
