"""The right to run."""

from __future__ import annotations

import pytest

from monitor.errors import StoreUnwritableError
from monitor.store import open_store


def test_the_right_to_run_is_held_by_one_at_a_time(store, path):
    other = open_store(f"sqlite:///{path}")
    with store.exclusive(wait=False) as held:
        assert held is True
        with other.exclusive(wait=False) as second:
            assert second is False
        with store.exclusive(wait=False) as second:
            assert second is False
    with other.exclusive(wait=True) as held:
        assert held is True


def test_who_does_not_get_it_does_not_take_it_away(store):
    with store.exclusive(wait=False):
        with store.exclusive(wait=False):
            pass
        with store.exclusive(wait=False) as held:
            assert held is False


def test_it_is_let_go_when_the_block_fails(store):
    with pytest.raises(ZeroDivisionError), store.exclusive(wait=False):
        _ = 1 / 0
    with store.exclusive(wait=False) as held:
        assert held is True


def test_it_does_not_keep_others_from_reading_or_writing(store, path):
    other = open_store(f"sqlite:///{path}", busy_timeout=0)
    with store.exclusive(wait=False), other.write() as w:
        w.set_meta("a", "b")
    other.close()


HOLDER = """
import os, sys
from monitor.store import open_store
with open_store(f"sqlite:///{sys.argv[1]}").exclusive(wait=False) as held:
    print(held, os.getpid(), flush=True)
    sys.stdin.readline()
"""


def test_the_holder_is_named_and_a_dead_one_lets_go(store, path, spawn):
    assert store.holder() is None
    process = spawn(HOLDER, path)
    assert process.stdout.readline() == f"True {process.pid}\n"
    assert store.holder() == process.pid
    with store.exclusive(wait=False) as held:
        assert held is False
    process.kill()
    process.wait()
    with store.exclusive(wait=False) as held:
        assert held is True
    assert store.holder() is None


WAITER = """
import sys
from monitor.store import open_store
print("waiting", flush=True)
with open_store(f"sqlite:///{sys.argv[1]}").exclusive(wait=True) as held:
    print(held, flush=True)
"""


def test_who_waits_gets_it_when_it_is_free(store, path, spawn):
    with store.exclusive(wait=False):
        process = spawn(WAITER, path)
        assert process.stdout.readline() == "waiting\n"
        assert process.poll() is None
    out, talk = process.communicate(timeout=60)
    assert (out, process.returncode) == ("True\n", 0), talk


def test_a_lock_that_cannot_be_made_is_an_error_and_no_traceback(tmp_path):
    (tmp_path / "monitor.db.lock").mkdir()
    store = open_store(f"sqlite:///{tmp_path}/monitor.db")
    with (
        pytest.raises(StoreUnwritableError, match=r"monitor\.db\.lock"),
        store.exclusive(wait=False),
    ):
        pytest.fail("a block was entered")


def test_the_lock_holds_though_its_holder_cannot_be_named(store, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("monitor.store.lock.os.pwrite", full)
    with store.exclusive(wait=False) as held:
        assert held is True
        assert store.holder() is None
        with store.exclusive(wait=False) as second:
            assert second is False


def test_a_file_system_without_locks_is_an_error_and_no_traceback(store, monkeypatch):
    def unsupported(*_):
        raise OSError(37, "No locks available")

    monkeypatch.setattr("monitor.store.lock.fcntl.flock", unsupported)
    with (
        pytest.raises(StoreUnwritableError, match="No locks available"),
        store.exclusive(wait=True),
    ):
        pytest.fail("a block was entered")


def test_the_lock_file_stays_because_two_files_of_one_name_would_be_two_locks(store, path):
    with store.exclusive(wait=False):
        pass
    assert (path.parent / f"{path.name}.lock").exists()
