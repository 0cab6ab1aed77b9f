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


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("run", "-q"), "-q stands before the command: monitor -q run"),
        (("update", "add", "--quiet"), "--quiet stands before the command: monitor --quiet update add"),
        (("status", "--store", "x"), "--store stands before the command: monitor --store URL status"),
    ],
)  # fmt: skip
def test_a_global_option_after_the_command_is_told_its_place(words, hint):
    result = call(*words)
    assert result.exit_code == 2
    assert f"No such option: {words[-1] if words[-1] != 'x' else '--store'}\n" in result.stderr
    assert result.stderr.endswith(f"Hint: {hint}\n")


def test_an_option_of_the_command_before_it_is_told_its_place():
    result = call("--as-of", "2026-01-01", "status")
    assert result.exit_code == 2
    assert result.stderr.endswith(
        "Hint: --as-of stands after the command: monitor status --as-of …\n"
    )


@pytest.mark.parametrize("words", [("run", "--zz"), ("--zz", "run"), ("run", "--now")])
def test_any_other_wrong_option_is_told_as_ever(words):
    result = call(*words)
    assert result.exit_code == 2
    assert "stands before" not in result.stderr
    assert "ption" in result.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", "-o", "jsn"), "'-o' / '--output': 'jsn' is not one of 'table', 'json'."),
        (("alerts", "list", "--kind", "x"), "'--kind': 'x' is not one of 'stalled', "),
    ],
)
def test_a_word_that_is_no_choice_is_told_those_there_are(words, told):
    result = call(*words)
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())


@pytest.mark.parametrize("words", list(_commands(ROOT)), ids=" ".join)
def test_what_a_command_takes_is_named_in_capitals_and_in_brackets_once(words):
    usage = call(*words, "--help").stdout.splitlines()[0]
    names = usage.partition("[OPTIONS]")[2].replace("COMMAND [ARGS]...", "")
    assert re.fullmatch(r"( [\[{]?[A-Z]+[]}]?(\.\.\.)?)*", names.rstrip()), usage


def test_the_global_options_work_where_they_belong(tmp_path):
    result = call("-q", "--store", str(tmp_path / "x.db"), "--rules", "rules", "status")
    assert (result.exit_code, result.stderr) == (0, "")
