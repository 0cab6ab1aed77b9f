"""Heartbeats reach the addresses that Healthchecks has for them, and fail in words."""

import pytest

from monitor.errors import ConfigError
from monitor.notify.guard import Guard
from monitor.notify.heartbeat import LONGEST, Heartbeat, Signal, with_signal


@pytest.fixture
def heartbeat(receiver):
    def make(*, private=True, start=True, headers=None):
        return Heartbeat(receiver.url, headers or {}, 5, Guard(private=private), start=start)

    return make


@pytest.mark.parametrize(
    ("signal", "url", "wanted"),
    [
        (Signal.START, "https://hc-ping.com/a-b", "https://hc-ping.com/a-b/start"),
        (Signal.SUCCESS, "https://hc-ping.com/a-b", "https://hc-ping.com/a-b"),
        (Signal.FAIL, "https://hc-ping.com/a-b/", "https://hc-ping.com/a-b/fail"),
        (Signal.FAIL, "https://hc-ping.com/key/slug?create=1", "https://hc-ping.com/key/slug/fail?create=1"),
    ],
)  # fmt: skip
def test_the_signal_stands_at_the_end_of_the_path(signal, url, wanted):
    assert with_signal(url, signal) == wanted


def test_each_signal_is_posted_with_its_note(heartbeat, receiver):
    one = heartbeat(headers={"Authorization": "Bearer x"})
    assert [
        one.tell(Signal.START),
        one.tell(Signal.SUCCESS, "ok"),
        one.tell(Signal.FAIL, "“no”"),
    ] == [None] * 3
    assert [r.path for r in receiver.requests] == ["/hook/start", "/hook", "/hook/fail"]
    assert [r.body.decode() for r in receiver.requests] == ["", "ok", "“no”"]
    assert {r.headers["authorization"] for r in receiver.requests} == {"Bearer x"}
    assert receiver.requests[2].headers["content-type"] == "text/plain; charset=utf-8"


def test_without_start_only_the_end_is_told(heartbeat, receiver):
    one = heartbeat(start=False)
    assert one.tell(Signal.START) is None
    assert one.tell(Signal.SUCCESS) is None
    assert [r.path for r in receiver.requests] == ["/hook"]


def test_a_long_note_is_cut(heartbeat, receiver):
    heartbeat().tell(Signal.FAIL, "x" * (2 * LONGEST))
    assert len(receiver.requests[0].body) == LONGEST


def test_the_guard_stands_before_it(heartbeat, receiver):
    refused = heartbeat(private=False).tell(Signal.SUCCESS)
    assert "loopback" in refused
    assert receiver.requests == []


def test_what_goes_wrong_is_told_without_the_address(heartbeat, receiver):
    receiver.answer((404, {}, b"no check at /hook/fail"))
    fault = heartbeat().tell(Signal.FAIL)
    assert fault.startswith("HTTP 404 Not Found")
    assert "/hook" not in fault


def test_an_address_that_is_none_is_refused_without_being_shown():
    with pytest.raises(ConfigError, match="heartbeat: the URL is neither") as caught:
        Heartbeat("ftp://secret.example", {}, 5, Guard(), start=True)
    assert "secret" not in caught.value.message
