"""How often, and with which words, cron and systemd are told to run the monitor."""

import shlex
from pathlib import Path

import pytest

from monitor.cli.cron.crontab import LONGEST, block, merged
from monitor.cli.cron.schedule import Job, read_every
from monitor.cli.cron.systemd import units
from monitor.errors import ConfigError, UsageError


@pytest.mark.parametrize(
    ("every", "at", "cron", "calendar"),
    [
        ("1m", None, "* * * * *", "*:0/1"),
        ("15m", None, "*/15 * * * *", "*:0/15"),
        ("1h", None, "0 * * * *", "0/1:00"),
        ("6h", None, "0 */6 * * *", "0/6:00"),
        ("1d", None, "0 6 * * *", "*-*-* 06:00:00"),
        ("24h", "23:05", "5 23 * * *", "*-*-* 23:05:00"),
    ],
)
def test_a_time_is_said_in_both_ways(every, at, cron, calendar):
    found = read_every(every, at)
    assert (found.cron, found.calendar) == (cron, calendar)


@pytest.mark.parametrize("every", ["7m", "5h", "2d", "90m", "soon", "30s", "0m"])
def test_what_cron_cannot_say_evenly_is_refused(every):
    with pytest.raises(UsageError, match="--every"):
        read_every(every, None)


@pytest.mark.parametrize("at", ["6", "24:00", "6:5", "06:60", "noon", "٦:00"])
def test_a_time_of_day_that_is_none_is_refused(at):
    with pytest.raises(UsageError, match="--at"):
        read_every("1d", at)


def test_a_time_of_day_belongs_to_a_day():
    with pytest.raises(UsageError, match="belongs to --every 1d"):
        read_every("6h", "06:00")


def a_job(*words, config="/w/monitor.yaml"):
    return Job(("/v/bin/monitor", *words), Path(config))


HOURLY = read_every("1h", None)
STRANGE = ("50% of $HOME", "it's", 'say "so"', "a;b|c&d", "*")


def test_a_line_of_cron_leaves_every_word_as_it_was():
    line = block(a_job(*STRANGE), HOURLY).splitlines()[1]
    command = line.removeprefix("0 * * * * ")
    assert command.replace(r"\%", "").count("%") == 0
    assert shlex.split(command.replace(r"\%", "%"))[1:] == list(STRANGE)


def test_a_command_that_cron_would_cut_is_refused():
    with pytest.raises(ConfigError, match="longer than"):
        block(a_job("x" * LONGEST), HOURLY)


OLD = "MAILTO=me\n\n5 4 * * * backup\n# the end"


def test_a_block_is_added_replaced_and_taken_out_and_nothing_else_changes():
    job = a_job("run")
    first = merged(OLD, job, block(job, HOURLY))
    assert first == f"{OLD}\n{block(job, HOURLY)}"
    assert merged(first, job, block(job, HOURLY)) == first
    daily = block(job, read_every("1d", None))
    beside = f"{first}7 * * * * other\n"
    assert merged(beside, job, daily) == f"{OLD}\n{daily}7 * * * * other\n"
    assert merged(beside, job, None) == f"{OLD}\n7 * * * * other\n"
    assert merged(OLD, job, None) == f"{OLD}\n"


def test_each_configuration_has_its_own_block():
    one, two = a_job("run"), a_job("run", config="/x/monitor.yaml")
    both = merged(merged("", one, block(one, HOURLY)), two, block(two, HOURLY))
    assert merged(both, one, None) == block(two, HOURLY)


@pytest.mark.parametrize("cut", [0, 2])
def test_a_block_that_somebody_cut_is_left_alone(cut):
    job = a_job("run")
    lines = block(job, HOURLY).splitlines()
    del lines[cut]
    with pytest.raises(ConfigError, match="do not belong together"):
        merged("\n".join(lines), job, block(job, HOURLY))


def test_systemd_makes_up_for_what_was_missed_and_expands_nothing():
    service, timer = units(a_job(*STRANGE), HOURLY).values()
    assert "Persistent=true" in timer
    assert "OnCalendar=0/1:00" in timer
    assert 'ExecStart=:"/v/bin/monitor" "50%% of $HOME"' in service
    assert r'"say \"so\""' in service
