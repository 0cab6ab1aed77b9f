import sys

import pytest

from monitor.cli import progress
from monitor.cli.progress import PATIENCE, Bar


class Terminal:
    """Standard error as a terminal that remembers."""

    encoding = "utf-8"

    def __init__(self):
        self.text = ""

    def isatty(self):
        return True

    def write(self, text):
        self.text += text
        return len(text)

    def flush(self):
        """Nothing waits."""


@pytest.fixture
def terminal(monkeypatch):
    """Call it in the test: pytest puts its own stream in place after the fixtures are made."""

    def attach():
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setenv("TERM", "xterm")
        return terminal

    return attach


@pytest.fixture
def clock(monkeypatch):
    times = [0.0]
    monkeypatch.setattr(progress, "monotonic", lambda: times[0])
    return times


def test_a_moment_of_work_shows_nothing(terminal, clock):
    seen = terminal()
    with Bar() as bar:
        bar.read(10)
        clock[0] = PATIENCE / 2
        bar.assessed(1, 2)
    assert seen.text == ""


def test_work_that_lasts_shows_how_far_it_is(terminal, clock):
    seen = terminal()
    with Bar() as bar:
        clock[0] = PATIENCE + 1
        bar.read(20_000)
        bar.assessed(100, 400)
    assert "reading 20,000 records" in seen.text


def test_it_is_silent_where_it_is_not_wanted(terminal, clock):
    seen = terminal()
    with Bar(wanted=False) as bar:
        clock[0] = PATIENCE + 1
        bar.read(20_000)
    assert seen.text == ""


def test_a_variable_silences_it_so_that_what_a_terminal_shows_depends_on_no_speed(
    terminal, clock, monkeypatch
):
    monkeypatch.setenv("MONITOR_PROGRESS", "off")
    seen = terminal()
    with Bar() as bar:
        clock[0] = PATIENCE + 1
        bar.read(20_000)
    assert seen.text == ""


def test_it_is_silent_where_nobody_looks(capsys, clock):
    with Bar() as bar:
        clock[0] = PATIENCE + 1
        bar.assessed(1, 2)
    assert capsys.readouterr().err == ""
