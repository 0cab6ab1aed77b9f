"""Output that cannot be written, or not in these letters: words and an exit code, no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("output") / "m.db"
    assert monitor(path, "run").returncode == 0
    return path


def monitor(store, *words, stdout=subprocess.PIPE, **environment):
    return subprocess.run(
        [sys.executable, "-m", "monitor", "--store", str(store), *words],
        cwd=ROOT,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
        check=False,
    )


@pytest.mark.parametrize("words", [("status",), ("status", "-o", "json"), ("explain", "apology")])
def test_a_full_disk_under_the_output_is_told_in_one_line(store, words):
    with Path("/dev/full").open("wb") as full:
        done = monitor(store, *words, stdout=full)
    assert done.returncode == 3
    assert done.stderr.decode().startswith("error: the output cannot be written: No space left")
    assert len(done.stderr.splitlines()) == 1


def test_letters_that_the_encoding_lacks_become_question_marks(store):
    done = monitor(store, "status", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert b"Japan?South Korea summit, Tokyo" in done.stdout
    assert b"Traceback" not in done.stderr
