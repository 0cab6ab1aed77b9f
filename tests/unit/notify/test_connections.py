"""Connections are kept between attempts, and a stale one costs nothing."""

import base64
import threading
from functools import partial

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from monitor.domain.alert import Alert, AlertKind, Phase
from monitor.domain.message import Message
from monitor.notify import webhook
from monitor.notify.guard import Guard

NOW = 1_771_460_000
ALERT = Alert(
    "a_1", AlertKind.STALLED, Phase.OPENED, NOW, "g", "g/c", None, "info", (), "text", {}, NOW
)
MESSAGE = Message("a_1", "desk", (ALERT,))
Receiver = partial(webhook.WebhookReceiver, "desk", guard=Guard(private=True))
OLD, NEW, OTHER = ("whsec_" + base64.b64encode(bytes(range(n, n + 32))).decode() for n in (0, 1, 2))


def test_attempts_one_after_the_other_share_a_connection(receiver):
    desk = Receiver(receiver.url)
    for _ in range(5):
        assert desk.send(MESSAGE, NOW).status == 200
    assert len(receiver.requests) == 5
    assert receiver.connections == 1


def test_a_kept_connection_that_was_closed_meanwhile_fails_no_attempt(receiver):
    desk = Receiver(receiver.url)
    assert desk.send(MESSAGE, NOW).status == 200
    receiver.hang_up()
    assert desk.send(MESSAGE, NOW).status == 200
    assert receiver.connections == 2


def test_a_kept_connection_that_is_closed_at_the_next_request_is_replaced_once(receiver):
    desk = Receiver(receiver.url)
    assert desk.send(MESSAGE, NOW).status == 200
    receiver.answer("drop", "drop")
    attempt = desk.send(MESSAGE, NOW)
    assert attempt.status is None  # the fresh connection was dropped as well: that is an answer
    assert len(receiver.requests) == 3
    assert desk.send(MESSAGE, NOW).status == 200


def test_one_that_says_200_and_dies_has_taken_it_and_the_next_call_is_a_new_one(receiver):
    desk = Receiver(receiver.url)
    receiver.answer("die")
    assert desk.send(MESSAGE, NOW).status == 200
    assert desk.send(MESSAGE, NOW).status == 200
    assert (len(receiver.requests), receiver.connections) == (2, 2)


def test_an_answer_too_long_to_be_read_ends_its_connection_and_no_other(receiver):
    desk = Receiver(receiver.url)
    receiver.answer((200, {}, b"x" * 1_000_000))
    assert desk.send(MESSAGE, NOW).status == 200
    assert desk.send(MESSAGE, NOW).status == 200
    assert receiver.connections == 2


def test_several_threads_share_a_receiver_with_a_deadline_each(receiver):
    receiver.answer(*["hang"] * 4)
    desk = Receiver(receiver.url, timeout=0.5)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(desk.send(MESSAGE, NOW).status))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found, key=str) == [200] * 4 + [None] * 4


def test_while_a_secret_is_changed_both_sign_and_the_official_library_finds_its_own(
    receiver, library_clock
):
    library_clock(NOW)
    Receiver(receiver.url, (NEW, OLD)).send(MESSAGE, NOW)
    (request,) = receiver.requests
    assert len(request.headers["webhook-signature"].split(" ")) == 2
    for secret in (OLD, NEW):
        assert Webhook(secret).verify(request.body, request.headers)["id"] == "a_1"
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER).verify(request.body, request.headers)
