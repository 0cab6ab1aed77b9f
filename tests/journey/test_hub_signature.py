"""adnanh/webhook, a small server that many put before their scripts, verifies our HMAC itself.

It knows `X-Hub-Signature-256`, the HMAC of the body alone, and nothing of Standard Webhooks, whose
signature covers the id and the time as well: hence `hub_secret`.
"""

import json

import pytest

from monitor.notify.guard import Guard
from monitor.notify.webhook import WebhookReceiver

NOW = 1_771_460_000
SECRET = "a secret that two know"


@pytest.fixture(scope="module")
def hook(support, tmp_path_factory):
    """The URL of a hook that answers with the id of the event, if the signature is right."""
    servers = support("servers")
    program = servers.needed("webhook", "webhook")
    folder = tmp_path_factory.mktemp("webhook")
    hooks = folder / "hooks.json"
    match = {
        "type": "payload-hmac-sha256",
        "secret": SECRET,
        "parameter": {"source": "header", "name": "X-Hub-Signature-256"},
    }
    hooks.write_text(
        json.dumps(
            [
                {
                    "id": "desk",
                    "execute-command": "/bin/echo",
                    "pass-arguments-to-command": [{"source": "payload", "name": "id"}],
                    "include-command-output-in-response": True,
                    "trigger-rule": {"match": match},
                    "trigger-rule-mismatch-http-response-code": 403,
                }
            ]
        )
    )
    port = servers.free_port()
    command = [program, "-hooks", str(hooks), "-ip", "127.0.0.1", "-port", str(port)]
    with servers.serving(command, port, folder / "log"):
        yield f"http://127.0.0.1:{port}/hooks/desk"


@pytest.fixture
def send(hook, direct, support):
    def send(secret):
        messages = support("messages")
        desk = WebhookReceiver("desk", hook, guard=Guard(private=True), hub_secret=secret)
        return desk.send(messages.message(), NOW), messages.an_alert().id

    return send


def test_the_right_signature_opens_the_hook(send):
    attempt, identity = send(SECRET)
    assert (attempt.status, attempt.said) == (200, identity)


@pytest.mark.parametrize("secret", ["another secret", None])
def test_another_signature_or_none_does_not(send, secret):
    attempt, _ = send(secret)
    assert attempt.status != 200
    assert SECRET not in attempt.error
