"""Other people's servers, run for a test on a free port of this machine."""

import os
import shutil
import socket
import subprocess
import threading
from contextlib import contextmanager

import pytest

PATIENCE = 30
"""Seconds after which a server that does not come up has failed."""


def needed(program, package):
    """The path of a program. Where it is not installed the test is skipped, but never in CI."""
    found = shutil.which(program)
    if found is None:
        assert not os.environ.get("CI"), f"{program} is missing in CI: apt install {package}"
        pytest.skip(f"{program} is not installed (apt install {package})")
    return found


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def serving(command, port, log):
    """The command while it listens on the port; its talk goes into a file."""
    with log.open("wb") as talk:
        process = subprocess.Popen(command, stdout=talk, stderr=subprocess.STDOUT)
        try:
            _wait_until_it_listens(process, port, log)
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait_until_it_listens(process, port, log):
    pause = threading.Event()
    for _ in range(PATIENCE * 20):
        assert process.poll() is None, log.read_text(errors="replace")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            pause.wait(0.05)
        else:
            return
    pytest.fail(f"it does not listen: {log.read_text(errors='replace')}")
