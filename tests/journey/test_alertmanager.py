"""A real Alertmanager of Prometheus: our alerts appear in it, end in it, and are silenced by it."""

import json
from urllib.request import Request, urlopen

import pytest

from monitor.bootstrap import system_clock
from monitor.domain.alert import AlertKind, Phase
from monitor.domain.message import MessageReason
from monitor.domain.time import DAY
from monitor.notify.payload import rfc3339
from monitor.receiver_settings import AlertmanagerSettings
from monitor.receivers import make_receiver


@pytest.fixture(scope="module")
def servers(support):
    return support("servers")


@pytest.fixture(scope="module")
def manager(servers, tmp_path_factory):
    """Where it is, such as http://127.0.0.1:9093."""
    program = servers.needed("prometheus-alertmanager", "prometheus-alertmanager")
    folder = tmp_path_factory.mktemp("alertmanager")
    config = folder / "alertmanager.yml"
    config.write_text("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
    port = servers.free_port()
    command = [
        program,
        f"--config.file={config}",
        f"--storage.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]
    with servers.serving(command, port, folder / "log"):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def desk(manager, direct):
    return make_receiver(
        AlertmanagerSettings(name="am", type="alertmanager", url=manager, allow_private=True)
    )


@pytest.fixture
def messages(support):
    return support("messages")


@pytest.fixture
def now():
    return system_clock()  # a server of its own has a clock of its own


def ask(manager, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"{manager}/api/v2/{path}", data, {"content-type": "application/json"})
    with urlopen(request, timeout=10) as answer:
        return json.load(answer)


def known(manager, commitment):
    return [
        alert for alert in ask(manager, "alerts") if alert["labels"].get("commitment") == commitment
    ]


def test_a_condition_appears_and_its_resolution_ends_it(manager, desk, messages, now):
    opening = messages.an_alert(1, at=now - 3 * DAY, severity="critical")
    assert desk.send(messages.message(opening), now).status == 200
    (alert,) = known(manager, opening.commitment)
    assert alert["status"]["state"] == "active"
    assert alert["labels"]["alertname"] == "CommitmentStalled"
    assert alert["startsAt"].startswith(rfc3339(opening.at)[:19])
    assert alert["endsAt"] > rfc3339(now + 3000 * DAY)
    assert alert["annotations"]["severity"] == "critical"
    assert "on track → stalled" in alert["annotations"]["description"]
    assert alert["generatorURL"] == "https://news.example/a"
    ending = messages.an_alert(
        1, phase=Phase.RESOLVED, at=now - 60, severity="info", labels=(), opening=opening.id
    )
    assert desk.send(messages.message(ending), now).status == 200
    assert known(manager, opening.commitment) == []


def test_the_same_again_is_the_same_alert_and_a_later_stall_a_new_one(manager, desk, messages, now):
    opening = messages.an_alert(2, at=now - 3 * DAY)
    reminder = messages.message(opening, reason=MessageReason.REMINDER, identity="m_2")
    for message in (messages.message(opening), messages.message(opening), reminder):
        assert desk.send(message, now).status == 200
    (first,) = known(manager, opening.commitment)
    ending = messages.an_alert(2, phase=Phase.RESOLVED, at=now - DAY, opening=opening.id)
    assert desk.send(messages.message(ending), now).status == 200
    assert known(manager, opening.commitment) == []
    again = messages.an_alert(2, at=now - 60)
    assert desk.send(messages.message(again), now).status == 200
    (second,) = known(manager, opening.commitment)
    assert second["fingerprint"] == first["fingerprint"]
    assert second["status"]["state"] == "active"


def test_a_silence_of_alertmanager_holds_for_our_alerts(manager, desk, messages, now):
    opening = messages.an_alert(3, at=now - DAY)
    matcher = {"name": "commitment", "value": opening.commitment, "isRegex": False, "isEqual": True}
    silence = {
        "matchers": [matcher],
        "startsAt": rfc3339(now - 10),
        "endsAt": rfc3339(now + 3600),
        "createdBy": "desk",
        "comment": "we know",
    }
    identity = ask(manager, "silences", silence)["silenceID"]
    assert desk.send(messages.message(opening), now).status == 200
    (alert,) = known(manager, opening.commitment)
    assert alert["status"] == {"inhibitedBy": [], "silencedBy": [identity], "state": "suppressed"}


def test_a_message_of_many_is_many_alerts_and_events_are_told_apart(manager, desk, messages, now):
    alerts = [messages.an_alert(n, at=now - 60, agreement="many") for n in range(158)]
    events = [
        messages.an_alert(5, id=f"a_{n}", kind=AlertKind.ADVANCED, phase=Phase.ONCE, at=now - n)
        for n in (1, 2)
    ]
    assert desk.send(messages.message(*alerts, *events, identity="m_many"), now).status == 200
    found = ask(manager, "alerts")
    assert sum(a["labels"]["agreement"] == "many" for a in found) == 158
    assert {a["labels"].get("alert") for a in found} >= {"a_1", "a_2"}


def test_what_it_refuses_is_told(manager, direct, messages, now):
    wrong = make_receiver(
        AlertmanagerSettings(
            name="am", type="alertmanager", url=f"{manager}/nowhere", allow_private=True
        )
    )
    assert wrong.send(messages.message(), now).status == 404
