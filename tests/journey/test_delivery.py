"""From the outbox to a real HTTP receiver and back: nothing lost, nothing under two ids."""

import base64
import json
import signal
import subprocess
import sys

import pytest
from standardwebhooks import Webhook

from monitor.domain.alert import Alert, AlertKind, Phase, alert_id
from monitor.domain.delivery import DeliveryState
from monitor.notify.guard import Guard
from monitor.notify.retry import SCHEDULE
from monitor.notify.webhook import WebhookReceiver
from monitor.services.delivery.deliver import deliver
from monitor.store import open_store

NOW = 1_771_460_000
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
HERE = Guard(private=True)

CHILD = """
import os, signal, sys
from monitor.notify.guard import Guard
from monitor.notify.webhook import WebhookReceiver
from monitor.services.delivery.deliver import deliver
from monitor.store import open_store

url, hook, now, end = sys.argv[1:]

def on_result(outbound, outcome):
    if end == "kill":
        os.kill(os.getpid(), signal.SIGKILL)

store = open_store(url)
print("ready", flush=True)
sys.stdin.readline()
report = deliver(store, {"desk": WebhookReceiver("desk", hook, guard=Guard(private=True))}, lambda: int(now),
                 limit=5, on_result=on_result)
print(report.delivered)
"""


def an_alert(number=0, commitment="jp-kr/energy", **changes):
    alert = Alert(
        id=alert_id(commitment, str(number)),
        kind=AlertKind.STALLED,
        phase=Phase.OPENED,
        at=NOW - 1000,
        agreement="jp-kr",
        commitment=commitment,
        transition=None,
        severity="warning",
        labels=(("desk", "asia"),),
        message="수소: nothing has moved for 180 days",
        body={"status": "stalled", "n": number},
        recorded=NOW - 10,
    )
    return alert._replace(**changes)


class Clock:
    now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/monitor.db"


@pytest.fixture
def store(url):
    return open_store(url)


@pytest.fixture
def desk(receiver):
    return {"desk": WebhookReceiver("desk", receiver.url, SECRET, timeout=0.4, guard=HERE)}


def put(store, *alerts):
    with store.write() as writer:
        writer.add_alerts(alerts)
        writer.enqueue([(alert.id, "desk") for alert in alerts], NOW)


def only(store):
    with store.read() as reader:
        (delivery,) = reader.deliveries()
    return delivery


def test_an_alert_arrives_signed_and_is_told_once(store, clock, desk, receiver, library_clock):
    library_clock(NOW)
    put(store, an_alert())
    report = deliver(store, desk, clock)
    (request,) = receiver.requests
    said = Webhook(SECRET).verify(request.body, request.headers)
    assert said["id"] == request.headers["webhook-id"] == an_alert().id
    assert said["data"]["message"] == "수소: nothing has moved for 180 days"
    assert said["data"]["details"] == {"status": "stalled", "n": 0}
    assert report.delivered == 1
    assert (only(store).state, only(store).status) == (DeliveryState.DELIVERED, 200)
    assert deliver(store, desk, clock).attempted == 0
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(
    "trouble", [500, 404, "hang", "drop", "half_head", "drip_head", "drip_body", (302, {}, b"")]
)
def test_whatever_goes_wrong_the_same_alert_comes_again_under_the_same_id(
    store, clock, desk, receiver, trouble
):
    receiver.answer(trouble)
    put(store, an_alert())
    assert deliver(store, desk, clock).retrying == 1
    waiting = only(store)
    assert (waiting.state, waiting.attempts) == (DeliveryState.PENDING, 1)
    assert waiting.error
    assert NOW < waiting.next_attempt <= NOW + 6
    clock.now = waiting.next_attempt - 1
    assert deliver(store, desk, clock).attempted == 0
    clock.now += 1
    assert deliver(store, desk, clock).delivered == 1
    first, second = receiver.requests
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert only(store).error is None


def test_retry_after_moves_the_next_attempt_and_holds_the_others(store, clock, desk, receiver):
    receiver.answer((429, {"Retry-After": "3600"}, b"slow down"))
    put(store, *(an_alert(n, f"jp-kr/c{n}") for n in range(5)))
    report = deliver(store, desk, clock, concurrency=1)
    assert (report.retrying, report.held) == (1, 4)
    assert len(receiver.requests) == 1
    with store.read() as reader:
        assert {d.next_attempt for d in reader.deliveries()} == {NOW + 3600}
    clock.now += 3600
    assert deliver(store, desk, clock).delivered == 5


def test_410_disables_the_receiver(store, clock, desk, receiver):
    receiver.answer((410, {}, b"moved away"))
    put(store, an_alert(1), an_alert(2))
    report = deliver(store, desk, clock)
    assert report.warnings() == (
        "receiver 'desk' is disabled, 1 waiting: HTTP 410 Gone: moved away",
    )
    assert len(receiver.requests) == 1
    with store.read() as reader:
        assert reader.disabled_receivers() == {"desk": "HTTP 410 Gone: moved away"}


def test_a_dead_letter_is_seen_and_can_be_sent_again(store, clock, desk, receiver):
    receiver.default = (500, {}, b"out of order")
    put(store, an_alert())
    for _ in SCHEDULE:
        clock.now = only(store).next_attempt
        report = deliver(store, desk, clock)
    assert report.dead == 1
    (warning,) = report.warnings()
    assert warning.startswith("receiver 'desk': given up after 10 attempts; the last: HTTP 500 ")
    assert warning.endswith(": out of order")
    assert len(receiver.requests) == len(SCHEDULE)
    assert clock.now - NOW > 3 * 86_400
    with store.read() as reader:
        (dead,) = reader.deliveries(state=DeliveryState.DEAD)
    assert "out of order" in dead.error
    receiver.default = 200
    with store.write() as writer:
        assert writer.revive([dead.id], clock.now) == 1
    assert deliver(store, desk, clock).delivered == 1
    assert set(receiver.ids()) == {an_alert().id}
    assert len({request.body for request in receiver.requests}) == 1


def start(url, hook, now, end="well"):
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, url, hook, str(now), end],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout.readline() == "ready\n"
    return child


def test_killed_between_sending_and_recording_it_is_sent_again_under_the_same_id(
    store, url, clock, desk, receiver
):
    put(store, an_alert(1), an_alert(2, "jp-kr/ai"))
    with start(url, receiver.url, NOW, "kill") as child:
        child.communicate("\n")
        assert child.returncode == -signal.SIGKILL
    receiver.wait_for(1)
    assert deliver(store, desk, clock).attempted == 0  # the lease of the dead still runs
    clock.now += 300
    assert deliver(store, desk, clock).delivered == 2
    assert 3 <= len(receiver.requests) <= 4
    assert set(receiver.ids()) == {an_alert(1).id, an_alert(2, "jp-kr/ai").id}
    assert len({request.body for request in receiver.requests}) == 2


def test_two_deliverers_at_once_never_send_the_same_delivery(store, url, receiver):
    alerts = [an_alert(n, f"jp-kr/c{n % 10}") for n in range(60)]
    put(store, *alerts)
    children = [start(url, receiver.url, NOW) for _ in range(2)]
    for child in children:
        child.stdin.write("\n")
        child.stdin.flush()
    shares = [int(child.communicate()[0]) for child in children]
    assert min(shares) > 0, "both had to do something, or nothing was shown"
    assert set(receiver.most_at_once.values()) == {1}
    with store.read() as reader:
        left = reader.deliveries(state=DeliveryState.PENDING)
    clock = Clock()
    clock.now += 60  # what the one held back because the other was sending an older one
    deliver(store, {"desk": WebhookReceiver("desk", receiver.url, guard=HERE)}, clock)
    assert sum(shares) + len(left) == 60
    assert len(receiver.ids()) == len(set(receiver.ids())) == 60
    for commitment in {alert.commitment for alert in alerts}:
        came = [json.loads(r.body)["data"] for r in receiver.requests]
        own = [data["details"]["n"] for data in came if data["commitment"] == commitment]
        assert own == sorted(own)


TORMENT = [
    "hang",
    "drop",
    "half_head",
    "half_body",
    "drip_head",
    "drip_body",
    "flood",
    "die",
    (429, {"Retry-After": "120"}, b"slow down"),
    (503, {"Retry-After": "60"}, b""),
    (500, {}, b"x" * 3_000_000),
    (302, {"Location": "http://169.254.169.254/"}, b""),
]


def test_after_every_torment_each_alert_has_arrived_under_its_one_id_and_in_order(
    store, clock, desk, receiver
):
    alerts = [an_alert(n, f"jp-kr/c{n % 8}") for n in range(48)]
    put(store, *alerts)
    receiver.answer(*TORMENT, *[500] * 20, *TORMENT)
    for _ in range(60):  # an hour and more of trouble, in fake time
        deliver(store, desk, clock)
        with store.read() as reader:
            left = reader.deliveries(state=DeliveryState.PENDING)
        if not left:
            break
        clock.now = max(clock.now + 60, min(d.next_attempt for d in left))
    with store.read() as reader:
        rows = reader.deliveries()
    assert {row.state for row in rows} == {DeliveryState.DELIVERED}
    assert set(receiver.ids()) == {alert.id for alert in alerts}
    # what was repeated came with the same bytes, and nothing overtook what was before it
    assert len({r.body for r in receiver.requests}) == len(alerts)
    for commitment in {alert.commitment for alert in alerts}:
        came = [json.loads(r.body)["data"] for r in receiver.requests]
        own = [data["details"]["n"] for data in came if data["commitment"] == commitment]
        assert own == sorted(own)
