"""The file of variables: what cron's environment lacks, without a shell that could read it."""

import os

import pytest

from monitor.env_file import add_env_file, read_env_file
from monitor.errors import ConfigError


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "cron.env"
        path.write_text(text)
        return path

    return write


def test_values_are_taken_as_they_stand(write):
    path = write(
        "# secrets\n\nexport A=1\nB = two words\nC='$HOME `id` \"x\"'\nD=$(reboot)\nE=whsec_a+b/c==\n"
    )
    assert read_env_file(path) == {
        "A": "1",
        "B": "two words",
        "C": '$HOME `id` "x"',
        "D": "$(reboot)",
        "E": "whsec_a+b/c==",
    }


def test_what_is_set_already_wins(write, monkeypatch):
    monkeypatch.setenv("MONITOR_ONE", "mine")
    monkeypatch.setenv("MONITOR_TWO", "x")
    monkeypatch.delenv("MONITOR_TWO")
    add_env_file(write("MONITOR_ONE=1\nMONITOR_TWO=2\n"))
    assert (os.environ["MONITOR_ONE"], os.environ["MONITOR_TWO"]) == ("mine", "2")


@pytest.mark.parametrize("bad", ["just words here\n", "NAME\n", "A='never closed\n"])
def test_a_line_that_is_no_variable_is_located_and_not_shown(write, bad):
    path = write(f"GOOD=1\n\n{bad}")
    with pytest.raises(ConfigError) as caught:
        read_env_file(path)
    assert caught.value.message == f"{path}:3: not a variable"


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ConfigError, match="No such file"):
        read_env_file(tmp_path / "none")
