"""The official SDK of CloudEvents reads what a webhook is sent."""

from functools import partial

import pytest

from monitor.domain.message import MessageReason
from monitor.notify.guard import Guard
from monitor.notify.webhook import WebhookReceiver

NOW = 1_771_460_000
Receiver = partial(WebhookReceiver, "desk", guard=Guard(private=True))

sdk = pytest.importorskip("cloudevents")


def read(request):
    from cloudevents.core.bindings.http import HTTPMessage, from_http_event

    return from_http_event(HTTPMessage(request.headers, request.body))


@pytest.fixture(scope="session")
def messages(support):
    return support("messages")


def test_the_event_of_an_alert(receiver, messages):
    alert = messages.an_alert()
    Receiver(receiver.url).send(messages.message(alert), NOW)
    event = read(receiver.requests[0])
    assert event.get_id() == alert.id
    assert event.get_source() == "/monitor/jp-kr"
    assert event.get_type() == "monitor.alert.stalled.opened"
    assert event.get_subject() == alert.commitment
    assert int(event.get_time().timestamp()) == alert.at
    assert event.get_data()["details"]["quote"] == messages.QUOTE


def test_the_event_of_a_message_of_many(receiver, messages):
    Receiver(receiver.url).send(messages.many(158), NOW)
    event = read(receiver.requests[0])
    assert event.get_type() == "monitor.message.immediate"
    assert len(event.get_data()["alerts"]) == 158


def test_the_event_of_a_test_is_no_alert(receiver, messages):
    Receiver(receiver.url).send(messages.message(reason=MessageReason.TEST), NOW)
    assert read(receiver.requests[0]).get_type() == "monitor.message.test"
