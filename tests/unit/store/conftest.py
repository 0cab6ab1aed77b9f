"""A database in a file, and other processes to share it with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import monitor
from monitor.domain.time import parse_occurred
from monitor.domain.update import Update
from monitor.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from monitor.store.database import Database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "monitor.db"


@pytest.fixture
def store(path: Path) -> Iterator[Database]:
    database = open_store(f"sqlite:///{path}", busy_timeout=0)
    yield database
    database.close()


@pytest.fixture
def update() -> Callable[[str], Update]:
    return lambda id_: Update(id_, parse_occurred("2025-09-04"), 100, "statement", f"Title {id_}")


@pytest.fixture
def spawn() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start Python on a piece of code, with arguments; killed when the test ends."""
    started: list[subprocess.Popen[str]] = []
    root = str(Path(monitor.__file__).parents[1])

    def start(code: str, *arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": root},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
