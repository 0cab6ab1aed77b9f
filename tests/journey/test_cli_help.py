"""Help and the command line itself: whole sentences, whole paragraphs, and a way out."""

import re
from itertools import pairwise

import pytest
import typer
from typer.testing import CliRunner

from monitor.cli.app import app

ROOT = typer.main.get_command(app)
WIDTH = 80


def _commands(group, words=()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, (*words, name))
        yield (*words, name)


def call(*words):
    return CliRunner().invoke(app, words, env={"COLUMNS": str(WIDTH), "TERMINAL_WIDTH": None})


@pytest.mark.parametrize("words", [(), *_commands(ROOT)], ids=" ".join)
def test_help_breaks_lines_where_they_are_full_and_cuts_no_sentence(words):
    shown = call(*words, "--help").stdout
    assert max(map(len, shown.splitlines())) <= WIDTH
    assert "..." not in shown.partition("Commands:")[2]
    told = re.split(r"^(?:Options|Arguments):", shown.partition("\n\n")[2], flags=re.MULTILINE)[0]
    assert told.strip()
    for paragraph in told.strip("\n").split("\n\n"):
        lines = paragraph.splitlines()
        for line, following in pairwise(lines):
            assert len(line) + 1 + len(following.split()[0]) > WIDTH - 2


def test_help_shows_defaults_in_brackets():
    assert "The world at this date or time [now]." in " ".join(
        call("status", "--help").stdout.split()
    )
