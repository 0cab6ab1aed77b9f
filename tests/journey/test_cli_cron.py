"""`monitor cron`: the line and the units, put in and taken out of what is really there."""

import os
import shlex
import subprocess

import pytest
from typer.testing import CliRunner

from monitor.cli.app import app
from monitor.errors import ConfigError, UsageError


@pytest.fixture
def monitor(support, tmp_path):
    """Commands in a folder of `monitor init` whose name is not easy on shells."""
    folder = tmp_path / "50% of it's $HOME"
    assert CliRunner().invoke(app, ["init", str(folder), "--now", "2026-06-01"]).exit_code == 0
    monitor = support("shell").Shell(folder / "m.db", folder / "monitor.yaml")
    monitor.folder = folder
    return monitor


@pytest.fixture
def crontab(support):
    support("servers").needed("crontab", "cron")
    with support("crontab").borrowed() as before:
        support("crontab").put(f"{before}17 4 * * * true # not ours\n")
        yield support("crontab").listed


def test_the_line_that_is_printed_runs_from_anywhere_with_next_to_no_environment(monitor, tmp_path):
    line = monitor("cron", "print").stdout.splitlines()[1]
    command = line.removeprefix("*/15 * * * * ").replace(r"\%", "%")
    for expected in ("Charter of Eastford and Westford", ""):
        done = subprocess.run(
            ["/bin/sh", "-c", command.replace(" run", " run --now 2026-06-01")],
            cwd="/", env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
            capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        assert expected in done.stdout
        assert "\x1b" not in done.stdout + done.stderr
    assert (done.stdout, done.stderr) == ("", "")


def test_it_is_put_in_once_replaced_where_it_differs_and_taken_out(monitor, crontab):
    before = crontab()
    trial = monitor("cron", "install", "--dry-run")
    assert crontab() == before
    first = monitor("cron", "install")
    assert trial.stdout == first.stdout
    assert [line[1:] for line in first.stdout.splitlines() if line[0] == "+"][1:] == [
        *monitor("cron", "print").stdout.splitlines()
    ]
    assert first.stderr == "it runs every 15m\n"
    assert crontab() == before + monitor("cron", "print").stdout
    again = monitor("cron", "install")
    assert (again.stdout, again.stderr) == ("", "nothing to do: it is there already\n")
    changed = monitor("cron", "install", "--every", "1d", "--at", "07:30")
    assert "\n+30 7 * * * " in changed.stdout
    assert crontab().count("commitment monitor") == before.count("commitment monitor") + 2
    assert monitor("cron", "install", "--remove").stderr == "removed\n"
    assert crontab() == before
    assert monitor("cron", "install", "--remove").stderr == "nothing to do: it is not there\n"


def test_without_cron_it_says_what_to_do(monitor, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="no crontab command") as caught:
        monitor("cron", "install")
    assert "--systemd" in caught.value.hint


def test_the_line_has_the_global_options_as_absolute_paths(monitor, monkeypatch, tmp_path):
    monkeypatch.chdir(monitor.folder)
    (monitor.folder / "cron.env").write_text("DESK_SECRET=x\n")
    options = ["--store", "other.db", "--rules", "rules", "--env-file", "cron.env"]
    result = CliRunner().invoke(app, [*options, "cron", "print"])
    words = shlex.split(result.stdout.splitlines()[1].replace(r"\%", "%"))[6:]
    folder = str(monitor.folder)
    assert words == [
        *("--config", f"{folder}/monitor.yaml", "--store", f"{folder}/other.db"),
        *("--rules", f"{folder}/rules", "--env-file", f"{folder}/cron.env", "run"),
    ]


def test_variables_that_cron_will_not_have_are_named_until_a_file_has_them(monitor, monkeypatch):
    with (monitor.folder / "monitor.yaml").open("a") as file:
        file.write(
            "heartbeat: {url_env: PING_URL, headers_env: {X-Key: PING_KEY}}\n"
            "receivers: [{name: chat, type: slack, url_env: SLACK_HOOK}]\n"
        )
    monkeypatch.setenv("MONITOR_TIMEZONE", "Asia/Seoul")
    said = monitor("cron", "print").stderr
    assert "warning: MONITOR_TIMEZONE, PING_KEY, PING_URL, SLACK_HOOK will not be set" in said
    variables = monitor.folder / "cron.env"
    variables.write_text("MONITOR_TIMEZONE=Asia/Seoul\nPING_KEY=1\nPING_URL=2\nSLACK_HOOK=3\n")
    options = ["--config", monitor.config, "--env-file", str(variables)]
    told = CliRunner().invoke(app, [*options, "cron", "print"])
    assert (told.exit_code, told.stderr) == (0, "")
    for name in ("PING_KEY", "PING_URL", "SLACK_HOOK"):
        assert os.environ.pop(name)


def test_a_path_that_a_crontab_cannot_hold_is_refused(monitor):
    with pytest.raises(ConfigError, match="cannot be written into a crontab"):
        type(monitor)("back\\slash.db", monitor.config)("cron", "print")


def test_there_must_be_a_configuration(monitor, tmp_path):
    with pytest.raises(ConfigError, match="No such file"):
        type(monitor)("m.db", tmp_path / "none.yaml")("cron", "print")


def test_a_time_that_cron_cannot_say_changes_nothing(monitor, crontab):
    before = crontab()
    with pytest.raises(UsageError, match="every 7m"):
        monitor("cron", "install", "--every", "7m")
    assert crontab() == before


@pytest.mark.parametrize("every", ["1m", "15m", "1h", "6h", "1d"])
def test_systemd_itself_finds_no_fault_with_the_units(monitor, support, tmp_path, every):
    analyze = support("servers").needed("systemd-analyze", "systemd")
    printed = monitor("cron", "print", "--systemd", "--every", every).stdout
    files = []
    for part in printed.split("# /")[1:]:
        path, _, text = part.partition("\n")
        files.append(tmp_path / path.rpartition("/")[2])
        files[-1].write_text(text)
    assert [file.suffix for file in files] == [".service", ".timer"]
    done = subprocess.run(
        [analyze, "verify", "--user", "--man=no", *map(str, files)],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "commitment-monitor" in line]
    assert (done.returncode, ours) == (0, []), done.stderr


SYSTEMCTL = """#!/bin/sh
[ -e {folder}/broken ] && echo 'Failed to connect to bus' >&2 && exit 1
echo "$@" >> {folder}/called
"""


@pytest.fixture
def systemctl(tmp_path, monkeypatch):
    """What stands in for systemctl where no systemd runs; it notes what it is asked."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "systemctl").write_text(SYSTEMCTL.format(folder=folder))
    (folder / "systemctl").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return folder


def test_units_are_put_in_once_and_taken_out(monitor, systemctl, tmp_path):
    place = tmp_path / "config" / "systemd" / "user"
    monitor("cron", "install", "--systemd", "--dry-run")
    assert not place.exists()
    monitor("cron", "install", "--systemd")
    names = sorted(path.name for path in place.iterdir())
    assert [name.rpartition(".")[2] for name in names] == ["service", "timer"]
    timer = names[1]
    called = systemctl / "called"
    assert called.read_text().splitlines() == [
        "--user show-environment",
        "--user daemon-reload",
        f"--user enable {timer}",
        f"--user restart {timer}",
    ]
    assert monitor("cron", "install", "--systemd").stderr.startswith("nothing to do")
    called.unlink()
    monitor("cron", "install", "--systemd", "--remove")
    assert list(place.iterdir()) == []
    assert called.read_text().splitlines()[1] == f"--user disable --now {timer}"


def test_where_systemd_does_not_answer_nothing_is_written(monitor, systemctl, tmp_path):
    (systemctl / "broken").touch()
    with pytest.raises(ConfigError, match="Failed to connect to bus") as caught:
        monitor("cron", "install", "--systemd")
    assert "cron print --systemd" in caught.value.hint
    assert not (tmp_path / "config").exists()
