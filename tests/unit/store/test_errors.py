"""What the driver says, in words a user can act on."""

from __future__ import annotations

import sqlite3
from contextlib import nullcontext

import pytest
from sqlalchemy.exc import OperationalError

from monitor.errors import (
    ForeignDatabaseError,
    InputError,
    StoreBusyError,
    StoreError,
    StoreUnwritableError,
)
from monitor.store.build import driver_errors
from monitor.store.dialect import explain_error, explained


def driver_error(name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(f"driver said {name}")
    error.sqlite_errorcode = getattr(sqlite3, name)
    return error


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("SQLITE_BUSY", StoreBusyError, "another process"),
        ("SQLITE_BUSY_SNAPSHOT", StoreBusyError, "another process"),
        ("SQLITE_LOCKED", StoreBusyError, "another process"),
        ("SQLITE_FULL", StoreUnwritableError, "disk is full"),
        ("SQLITE_READONLY", StoreUnwritableError, "read-only"),
        ("SQLITE_READONLY_DIRECTORY", StoreUnwritableError, "read-only"),
        ("SQLITE_CANTOPEN", StoreUnwritableError, "cannot be opened"),
        ("SQLITE_IOERR_WRITE", StoreUnwritableError, "driver said"),
        ("SQLITE_NOTADB", ForeignDatabaseError, "not a database"),
        ("SQLITE_CORRUPT", StoreError, "damaged"),
    ],
)
def test_every_failure_says_what_where_and_what_to_do(name, kind, words, wrapped):
    error = driver_error(name)
    if wrapped:
        error = OperationalError("SELECT 1", (), error)
    with (
        pytest.raises(kind) as caught,
        explained("/var/lib/monitor.db"),
        driver_errors() if wrapped else nullcontext(),
    ):
        raise error
    assert type(caught.value) is kind
    assert words in caught.value.message
    assert "/var/lib/monitor.db" in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_what_nobody_foresaw_is_still_an_error_of_the_store():
    found = explain_error(driver_error("SQLITE_MISUSE"), "monitor.db")
    assert type(found) is StoreError
    assert found.message == "monitor.db refused a statement: driver said SQLITE_MISUSE"


def test_half_a_character_is_a_fault_of_the_input_and_is_named():
    with pytest.raises(InputError, match=r"U\+DC80"), explained("monitor.db"):
        "a\udc80".encode()


def test_other_errors_pass_as_they_are():
    with pytest.raises(ZeroDivisionError), explained("monitor.db"):
        _ = 1 / 0
