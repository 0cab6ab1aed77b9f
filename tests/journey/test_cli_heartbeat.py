"""`monitor run` tells a dead man's switch that it began and how it ended."""

import os
import signal

import pytest
from typer.testing import CliRunner

from monitor.cli.app import app
from monitor.errors import RulebookError

RUN = ("run", "--now", "2026-06-01")


@pytest.fixture
def monitor(support, tmp_path, receiver):
    """Commands in a folder of `monitor init`, with a heartbeat to the receiver."""
    folder = tmp_path / "w"
    assert CliRunner().invoke(app, ["init", str(folder), "--now", "2026-06-01"]).exit_code == 0
    monitor = support("shell").Shell(tmp_path / "m.db", folder / "monitor.yaml")
    monitor.folder = folder

    def configure(text):
        with (folder / "monitor.yaml").open("a") as file:
            file.write(f"heartbeat: {text}\n")

    monitor.configure = configure
    return monitor


def told(receiver):
    return [(r.path, r.body.decode().splitlines()[:1]) for r in receiver.requests]


def test_a_run_tells_that_it_began_and_that_it_ended_well(monitor, receiver):
    monitor.configure(f"{{url: '{receiver.url}', allow_private: true}}")
    first, second = monitor(*RUN), monitor(*RUN)
    assert (first.exit_code, second.exit_code, second.output) == (0, 0, "")
    assert told(receiver) == [("/hook/start", []), ("/hook", ["exit status 0"])] * 2
    assert "1 alerts" in receiver.requests[1].body.decode()
    assert "0 updates, 0 transitions, 0 alerts" in receiver.requests[3].body.decode()


def test_a_run_that_fails_tells_with_which_status_and_why(monitor, receiver):
    monitor.configure(f"{{url: '{receiver.url}', allow_private: true}}")
    book = monitor.folder / "rules" / "example.yaml"
    book.write_text(book.read_text().replace("then: deliver", "then: delver"))
    with pytest.raises(RulebookError):
        monitor(*RUN)
    assert told(receiver) == [("/hook/fail", ["exit status 2"])]
    assert "did you mean" in receiver.requests[0].body.decode()


def test_a_run_that_gives_way_says_nothing(monitor, receiver):
    from monitor.store import open_store

    monitor.configure(f"{{url: '{receiver.url}', allow_private: true}}")
    with open_store(f"sqlite:///{monitor.store}").exclusive(wait=False) as held:
        assert held
        assert monitor(*RUN).exit_code == 0
    assert receiver.requests == []


@pytest.mark.parametrize("answer", [500, "drop", (410, {}, b"gone")])
def test_a_heartbeat_that_does_not_arrive_fails_no_run(monitor, receiver, answer):
    monitor.configure(f"{{url: '{receiver.url}', allow_private: true, start: false}}")
    receiver.answer(answer)
    result = monitor(*RUN)
    assert result.exit_code == 0
    assert result.stderr.count("warning: heartbeat: ") == 1
    assert "/hook" not in result.stderr


def test_a_switch_that_hangs_is_waited_for_no_longer_than_its_timeout(monitor, receiver):
    monitor.configure(f"{{url: '{receiver.url}', allow_private: true, start: false, timeout: 0.2}}")
    receiver.answer("hang")
    result = monitor(*RUN)
    assert result.exit_code == 0
    assert "within 0.2 s" in result.stderr


def test_a_private_address_is_refused_unless_it_is_allowed(monitor, receiver):
    monitor.configure(f"{{url: '{receiver.url}'}}")
    result = monitor(*RUN)
    assert result.exit_code == 0
    assert "loopback" in result.stderr
    assert receiver.requests == []


def test_the_address_can_come_from_a_variable_and_one_that_is_not_set_fails_no_run(
    monitor, receiver, monkeypatch
):
    monitor.configure("{url_env: PING_URL, allow_private: true}")
    monkeypatch.delenv("PING_URL", raising=False)
    result = monitor(*RUN)
    assert result.exit_code == 0
    assert "warning: heartbeat: the variable PING_URL is not set" in result.stderr
    monkeypatch.setenv("PING_URL", receiver.url)
    assert monitor(*RUN).exit_code == 0
    assert [r.path for r in receiver.requests] == ["/hook/start", "/hook"]


def test_an_interrupted_run_tells_that_it_did_not_end_well(monitor, receiver, support):
    messages = receiver.url.replace("/hook", "/desk")
    monitor.configure(
        f"{{url: '{receiver.url}', allow_private: true}}\n"
        f"receivers: [{{name: desk, url: '{messages}', allow_private: true, timeout: 9}}]"
    )
    receiver.answer(200, "hang")  # the heartbeat's start, then the alert
    import subprocess

    with subprocess.Popen(
        monitor.command(*RUN),
        env=monitor.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as run:
        receiver.wait_for(2, patience=60)
        os.kill(run.pid, signal.SIGINT)
        run.communicate(timeout=60)
    assert run.returncode == 130
    assert told(receiver)[-1] == ("/hook/fail", ["exit status 130"])


def test_a_wrong_key_is_named_with_what_was_meant(monitor):
    from monitor.errors import ConfigError

    monitor.configure("{url: 'https://example.org', timeuot: 3}")
    with pytest.raises(ConfigError, match="unknown key 'timeuot', did you mean 'timeout'"):
        monitor(*RUN)
