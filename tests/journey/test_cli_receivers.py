"""`monitor receivers` and `monitor alerts preview`, as a person uses them."""

import json

import pytest
from typer.testing import CliRunner

from monitor.cli.app import app

NOW = "2026-02-28"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MONITOR_CONFIG", raising=False)

    def run(*words, receivers=None, code=0):
        if receivers is not None:
            (tmp_path / "monitor.yaml").write_text(f"receivers:\n{receivers}", encoding="utf-8")
        result = CliRunner().invoke(app, words)
        assert result.exit_code == code, result.output + repr(result.exception)
        return result.stdout

    return run


def test_a_test_message_goes_to_the_receiver_and_nowhere_else(run, receiver, tmp_path):
    config = f"  - {{name: desk, url: '{receiver.url}', allow_private: true}}\n"
    receiver.answer((200, {}, b"thank you"))
    assert run("receivers", "test", "desk", receivers=config) == "desk took it: 200 thank you\n"
    body = json.loads(receiver.requests[0].body)
    assert body["type"] == "monitor.message.test"
    assert list(tmp_path.iterdir()) == [tmp_path / "monitor.yaml"], "nothing was stored"


def test_what_a_receiver_answers_to_a_test_is_told(run, receiver):
    config = f"  - {{name: desk, type: slack, url: '{receiver.url}', allow_private: true}}\n"
    receiver.default = (404, {}, b"no_service")
    out = run("receivers", "test", "desk", receivers=config, code=1)
    assert out == "desk did not take it: HTTP 404 Not Found: no_service\n"
    told = json.loads(run("receivers", "test", "desk", "-o", "json", code=1))
    assert (told["arrived"], told["status"]) == (False, 404)
    assert json.loads(receiver.requests[0].body)["text"].startswith("Test, nothing has happened: ")


def test_a_refused_address_is_told_with_the_key_that_permits_it(run, receiver):
    config = f"  - {{name: desk, url: '{receiver.url}'}}\n"
    out = run("receivers", "test", "desk", receivers=config, code=1)
    assert "127.0.0.1 is not a public address (loopback); `allow_private: true`" in out
    assert receiver.requests == []


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("slack", "/hook"),
        ("teams", "/hook"),
        ("discord", "/hook"),
        ("ntfy", "/hook"),
        ("alertmanager", "/hook/api/v2/alerts"),
    ],
)
def test_every_type_that_is_posted_can_be_tried(run, receiver, kind, path):
    more = ", topic: desk" if kind == "ntfy" else ""
    config = f"  - {{name: d, type: {kind}, url: '{receiver.url}', allow_private: true{more}}}\n"
    assert run("receivers", "test", "d", receivers=config) == "d took it: 200\n"
    (request,) = receiver.requests
    assert request.path == path
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.body)


def test_the_list_shows_no_secret_and_what_is_wrong(run, monkeypatch):
    monkeypatch.setenv("HOOK", "https://hooks.slack.com/services/T0/B0/hush-hush")
    monkeypatch.delenv("GONE", raising=False)
    config = (
        "  - {name: chat, type: slack, url_env: HOOK, language: ko}\n"
        "  - {name: mail, type: email, host: mx.example.org, from: a@example.org, to: [b@example.org]}\n"
        "  - {name: lost, url_env: GONE}\n"
        "  - {name: odd, type: apprise, url_env: HOOK}\n"
    )
    out = run("receivers", "list", receivers=config, code=1)
    assert "hush" not in out
    assert "https://hooks.slack.com" in out
    rows = {
        r["name"]: r
        for r in json.loads(run("receivers", "list", "-o", "json", code=1))["receivers"]
    }
    assert rows["chat"]["language"] == "ko"
    assert rows["mail"]["address"] == "smtp://mx.example.org:587"
    assert "the variable GONE is not set" in rows["lost"]["fault"]
    assert "cannot look at" in rows["odd"]["fault"]


def test_a_receiver_that_nobody_configured_is_no_receiver(run):
    config = "  - {name: desk, url: 'https://x.example'}\n"
    result = run("receivers", "test", "dsek", receivers=config, code=1)
    assert result == ""


def test_a_preview_is_what_would_be_sent_without_its_secrets(run, tmp_path):
    config = (
        "  - {name: phone, type: ntfy, url: 'https://ntfy.sh', topic: hush-hush, language: ja}\n"
    )
    body = json.loads(run("alerts", "preview", "--receiver", "phone", receivers=config))
    assert body["topic"] == "***"
    assert "進展なく停滞" in body["title"]
    (tmp_path / "own.txt").write_text("{{ alerts[0].headline }}!", encoding="utf-8")
    body = json.loads(
        run("alerts", "preview", "--receiver", "phone", "--template", "own.txt", "--language", "en")
    )
    assert body["message"].endswith("!")
    assert "A night ferry: stalled" in run("alerts", "preview")


def test_a_preview_of_a_stored_alert_tells_that_one(run, tmp_path, support):
    from monitor.store import open_store

    messages = support("messages")
    alert = messages.an_alert(3)
    with open_store(f"sqlite:///{tmp_path}/monitor.db").write() as writer:
        writer.add_alerts([alert])
    assert "Clean energy 3" in run("alerts", "preview", receivers="  []\n")
    assert "Clean energy 3" in run("alerts", "preview", "--alert", alert.id)
    run("alerts", "preview", "--alert", "a_none", code=1)


def test_a_template_that_is_none_is_told(run):
    config = (
        "  - {name: s, type: slack, url: 'https://x.example', template: {body: '{{ x.__y__ }}'}}\n"
    )
    run("alerts", "preview", "--receiver", "s", receivers=config, code=1)
