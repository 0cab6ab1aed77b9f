"""Apprise: what it is handed, and how little it tells."""

import json
import sys

import pytest

from monitor.domain.delivery import Delivered, Delivery, DeliveryState, Outbound, Retry
from monitor.errors import ConfigError
from monitor.notify.apprise import AppriseSender
from monitor.notify.receiver import Receiver
from monitor.notify.wording import Wording

NOW = 1_771_460_000

pytest.importorskip("apprise")


@pytest.fixture(scope="session")
def messages(support):
    return support("messages")


@pytest.fixture
def desk(receiver):
    url = receiver.url.replace("http://", "json://")
    return Receiver("desk", AppriseSender("desk", f"{url}?+X-Key=hush-hush", Wording(), 10))


def outbound(messages):
    alert = messages.an_alert()
    return Outbound(Delivery(1, alert.id, "desk", DeliveryState.PENDING, 0, NOW, NOW), alert)


def test_a_message_arrives_and_has_no_status(desk, receiver, messages):
    assert desk.deliver(outbound(messages), NOW) == Delivered(NOW, None)
    body = json.loads(receiver.requests[0].body)
    assert body["title"].startswith("Clean energy 0: stalled")
    assert "on track → stalled" in body["message"]
    assert body["type"] == "warning"


@pytest.mark.parametrize("status", [500, 410])
def test_a_failure_is_tried_again_because_nothing_more_is_known(desk, receiver, messages, status):
    receiver.default = status
    outcome = desk.deliver(outbound(messages), NOW)
    assert isinstance(outcome, Retry)
    assert outcome.status is None
    assert "Apprise does not tell why" in outcome.error
    assert "hush" not in outcome.error


def test_an_attempt_that_takes_too_long_is_given_up(receiver, messages):
    receiver.answer("hang")
    url = receiver.url.replace("http://", "json://")
    attempt = AppriseSender("desk", url, Wording(), 0.3).send(messages.message(), NOW)
    assert attempt.error == "apprise json://: no answer within 0.3 s"


def test_an_address_that_it_does_not_know_is_refused_without_being_shown():
    with pytest.raises(ConfigError) as caught:
        AppriseSender("desk", "nothing-like-it://hush", Wording(), 5)
    assert "hush" not in caught.value.message


def test_without_the_extra_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(ConfigError) as caught:
        AppriseSender("desk", "json://x", Wording(), 5)
    assert caught.value.hint == "pip install 'commitment-monitor[apprise]'"
