"""One attempt against a real HTTP server, however it behaves."""

import base64
import gzip
import json
import logging
import socket
import ssl
import subprocess
import threading
from functools import partial
from time import monotonic

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from monitor import __version__
from monitor.domain.alert import Alert, AlertKind, Phase
from monitor.domain.delivery import Dead, Delivered, Delivery, DeliveryState, Outbound, Retry
from monitor.domain.message import Message
from monitor.errors import ConfigError
from monitor.notify import http, pool, webhook
from monitor.notify.guard import Guard
from monitor.notify.http import KEPT
from monitor.notify.payload import encode
from monitor.notify.retry import Attempt

NOW = 1_771_460_000
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OTHER_SECRET = "whsec_" + base64.b64encode(bytes(range(1, 33))).decode()
SHORT = 0.3
"""Seconds that a test gives a server that will not answer in time."""
TOKEN = "T0AB12/B0CD34/xyzzy-PLUGH"

ALERT = Alert(
    id="a_5d41402abc4b2a76b9719d91",
    kind=AlertKind.STALLED,
    phase=Phase.OPENED,
    at=1_771_459_200,
    agreement="jp-kr",
    commitment="jp-kr/clean-energy",
    transition="t_1",
    severity="warning",
    labels=(),
    message="에너지 has stalled",
    body={"status": "stalled"},
    recorded=1_771_460_000,
)
MESSAGE = Message(ALERT.id, "desk", (ALERT,))

WebhookReceiver = partial(webhook.WebhookReceiver, guard=Guard(private=True))
"""The tests' receivers are on this machine."""


def outbound(attempts=0):
    return Outbound(Delivery(1, ALERT.id, "desk", DeliveryState.PENDING, attempts, NOW, NOW), ALERT)


def send(receiver, timeout=5.0, **options):
    return WebhookReceiver("desk", receiver.url, timeout=timeout, **options).send(MESSAGE, NOW)


def test_an_alert_is_posted_as_cloudevents_json(receiver):
    assert send(receiver, headers={"Authorization": "Bearer abcdef"}).status == 200
    (request,) = receiver.requests
    assert (request.method, request.path) == ("POST", "/hook")
    assert request.body == encode(ALERT)
    assert request.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert request.headers["user-agent"] == f"commitment-monitor/{__version__}"
    assert request.headers["authorization"] == "Bearer abcdef"
    assert request.headers["webhook-id"] == ALERT.id
    assert request.headers["webhook-timestamp"] == str(NOW)
    assert "webhook-signature" not in request.headers


def test_the_official_library_verifies_the_signature_and_refuses_another_secret(
    receiver, library_clock
):
    library_clock(NOW)
    send(receiver, secrets=SECRET)
    (request,) = receiver.requests
    said = Webhook(SECRET).verify(request.body, request.headers)
    assert said == json.loads(request.body)
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER_SECRET).verify(request.body, request.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(request.body + b" ", request.headers)


def test_a_retry_has_the_same_id_and_bytes_and_a_timestamp_of_its_own(receiver, library_clock):
    library_clock(NOW)
    desk = WebhookReceiver("desk", receiver.url, SECRET)
    receiver.answer(500)
    desk.send(MESSAGE, NOW - 60)
    desk.send(MESSAGE, NOW)
    first, second = receiver.requests
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    for request in (first, second):
        Webhook(SECRET).verify(request.body, request.headers)


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_is_a_success(receiver, status):
    receiver.answer(status)
    assert send(receiver).status == status


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_a_failure_is_told_with_what_the_receiver_said(receiver, status):
    receiver.answer((status, {}, b"no such\n\tchannel\x00\x1b[31m \xff\xe2\x80\xae."))
    attempt = send(receiver)
    assert attempt.status == status
    assert attempt.error.startswith(f"HTTP {status} ")
    assert attempt.error.endswith(": no such channel [31m � .")


def test_an_unheard_of_status_is_told_by_its_number(receiver):
    receiver.answer(599)
    assert send(receiver) == Attempt(599, "HTTP 599")


def test_retry_after_is_handed_on(receiver):
    receiver.answer((429, {"Retry-After": "120"}, b"slow down"))
    assert send(receiver) == Attempt(429, "HTTP 429 Too Many Requests: slow down", "120")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused_and_says_where_it_leads(receiver, status):
    receiver.answer((status, {"Location": f"{receiver.url}/elsewhere?token=hush"}, b""))
    attempt = send(receiver)
    assert attempt.status == status
    assert "redirects are not followed (this one leads to 127.0.0.1)" in attempt.error
    assert "hush" not in attempt.error
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("headers", [{}, {"Location": "/other"}])
def test_a_redirect_to_nowhere_is_a_failure_like_any_other(receiver, headers):
    receiver.answer((302, headers, b""))
    assert send(receiver).error == (
        "HTTP 302 Found: redirects are not followed; put the final URL into the configuration"
    )


def test_a_redirect_that_cannot_be_read_is_a_failure_like_any_other(receiver):
    receiver.answer((302, {"Location": "http://[::1"}, b""))
    attempt = send(receiver)
    assert attempt.status == 302
    assert "[::1" not in attempt.error


def test_a_server_that_never_answers_is_given_up_in_time(receiver):
    receiver.answer("hang")
    begun = monotonic()
    attempt = send(receiver, timeout=SHORT)
    assert monotonic() - begun < 5 * SHORT
    assert attempt.status is None
    assert attempt.error == f"no answer from http://127.0.0.1:{receiver.port} within 0.3 s"


def test_headers_that_come_byte_by_byte_do_not_stretch_the_time(receiver):
    receiver.answer("drip_head")
    begun = monotonic()
    attempt = send(receiver, timeout=SHORT)
    assert monotonic() - begun < 5 * SHORT
    assert attempt.status is None
    assert "within 0.3 s" in attempt.error


def test_a_body_that_comes_byte_by_byte_does_not_stretch_the_time(receiver):
    receiver.answer("drip_body")
    begun = monotonic()
    attempt = send(receiver, timeout=SHORT)
    assert monotonic() - begun < 5 * SHORT
    assert attempt.status == 500
    assert attempt.error.startswith("HTTP 500 Internal Server Error: slow.")


@pytest.mark.parametrize("how", ["drop", "half_head"])
def test_a_connection_that_breaks_before_the_answer_is_a_failure(receiver, how):
    receiver.answer(how)
    attempt = send(receiver)
    assert attempt.status is None
    assert attempt.error.startswith(f"no answer from http://127.0.0.1:{receiver.port}: ")


def test_a_connection_that_breaks_after_the_status_leaves_the_status(receiver):
    receiver.answer("half_body")
    assert send(receiver) == Attempt(500, "HTTP 500 Internal Server Error: only so mu")


def test_of_a_huge_answer_only_the_beginning_is_read(receiver):
    receiver.answer((500, {}, b"x" * 30_000_000), (200, {}, b"x" * 30_000_000), "flood")
    expected = "HTTP 500 Internal Server Error: " + "x" * KEPT
    assert send(receiver).error == expected
    assert send(receiver).status == 200
    begun = monotonic()
    assert send(receiver, timeout=10).error == expected
    assert monotonic() - begun < 5, "it read on until the time was up"


def test_a_compressed_answer_is_neither_asked_for_nor_unpacked(receiver):
    bomb = gzip.compress(b"boom" * 1_000_000)
    receiver.answer((500, {"Content-Encoding": "gzip"}, bomb))
    assert "boom" not in send(receiver).error
    assert receiver.requests[0].headers["accept-encoding"] == "identity"


def test_a_host_that_does_not_take_calls_is_given_up_sooner_than_one_that_thinks(
    direct, monkeypatch
):
    monkeypatch.setattr(http, "CONNECT_TIMEOUT", 0.2)
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for caller in (first, second):  # they fill the queue, and the next one is not heard
            caller.setblocking(False)
            caller.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}"
        begun = monotonic()
        attempt = WebhookReceiver("desk", url + "/x", timeout=10).send(MESSAGE, NOW)
        assert monotonic() - begun < 5
    assert attempt == Attempt(None, f"no connection to {url} within 0.2 s")


def test_nobody_at_home_is_told_by_the_systems_word(direct):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        attempt = WebhookReceiver("desk", f"http://127.0.0.1:{port}/x").send(MESSAGE, NOW)
    assert attempt == Attempt(None, f"no connection to http://127.0.0.1:{port}: Connection refused")


def test_a_name_that_does_not_exist_is_no_connection(direct):
    attempt = WebhookReceiver("desk", "http://no-such-host.invalid/x").send(MESSAGE, NOW)
    assert attempt.status is None
    assert attempt.error.startswith("no connection to http://no-such-host.invalid: ")


def test_a_name_lookup_that_hangs_does_not_stretch_the_time(direct, monkeypatch):
    let_go = threading.Event()

    def never(*args, **kwargs):
        let_go.wait(10)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    begun = monotonic()
    try:
        attempt = WebhookReceiver("desk", "http://slow.example/x", timeout=SHORT).send(MESSAGE, NOW)
        assert monotonic() - begun < 5 * SHORT
    finally:
        let_go.set()
    assert attempt.status is None
    assert "http://slow.example within 0.3 s" in attempt.error


def test_a_host_that_no_name_may_be_is_a_failed_attempt(direct):
    attempt = WebhookReceiver("desk", "http://" + "a" * 300 + ".example/x").send(MESSAGE, NOW)
    assert attempt.status is None


@pytest.fixture
def self_signed(tmp_path):
    """A server's TLS context with a certificate that nobody vouches for, and its file."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    command += " -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    files = ["-keyout", key, "-out", certificate]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    pool.tls.cache_clear()
    yield context, certificate
    pool.tls.cache_clear()


def test_a_certificate_that_nobody_vouches_for_is_refused(direct, support, self_signed):
    with support("receiver").Receiver(self_signed[0]) as receiver:
        attempt = send(receiver)
    assert attempt.status is None
    assert "certificate verify failed" in attempt.error
    assert receiver.requests == []


def test_a_certificate_of_ones_own_authority_is_accepted_by_ssl_cert_file(
    direct, support, self_signed, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(self_signed[1]))
    with support("receiver").Receiver(self_signed[0]) as receiver:
        assert send(receiver).status == 200


def test_user_and_password_of_the_url_are_basic_authentication(receiver):
    url = receiver.url.replace("http://", "http://watch:p%40ss@")
    WebhookReceiver("desk", url).send(MESSAGE, NOW)
    expected = "Basic " + base64.b64encode(b"watch:p@ss").decode()
    assert receiver.requests[0].headers["authorization"] == expected


def test_a_receivers_own_content_type_wins(receiver):
    send(receiver, headers={"Content-Type": "application/json"})
    assert receiver.requests[0].headers["content-type"] == "application/json"


SECRETS = [TOKEN, "B0CD34", "xyzzy-PLUGH", "q-hush", "p@ss-hush", "p%40ss-hush", "hdr-hush"]
SECRETS += [SECRET, SECRET[6:], base64.b64encode(b"watch:p@ss-hush").decode()]


def secretive(receiver, **options):
    url = f"http://watch:p%40ss-hush@127.0.0.1:{receiver.port}/services/{TOKEN}?token=q-hush"
    return WebhookReceiver("desk", url, SECRET, {"X-Key": "Bearer hdr-hush"}, **options)


@pytest.mark.parametrize("secret", SECRETS)
def test_an_answer_that_repeats_a_secret_is_not_passed_on(receiver, secret):
    for status in (302, 500):
        said = f"Cannot POST /services/{TOKEN}: {secret}".encode()
        receiver.answer((status, {"Location": f"http://{secret}.example/"}, said))
        attempt = secretive(receiver).send(MESSAGE, NOW)
        assert attempt.status == status
        assert not [s for s in SECRETS if s.lower() in attempt.error.lower()]


def test_a_token_is_known_again_when_the_answer_writes_it_unescaped(receiver):
    receiver.answer((404, {}, "no hook at Kéy-9 here".encode()))
    url = receiver.url.replace("/hook", "/K%C3%A9y-9")
    attempt = WebhookReceiver("desk", url).send(MESSAGE, NOW)
    assert attempt.error == "HTTP 404 Not Found: no hook at *** here"


@pytest.mark.parametrize("left", range(4, 12))
def test_a_secret_that_the_end_of_reading_cuts_in_two_is_not_passed_on(receiver, left):
    receiver.answer((500, {}, b"." * (KEPT - left) + b"xyzzy-PLUGH"))
    attempt = secretive(receiver).send(MESSAGE, NOW)
    assert "xyz" not in attempt.error


@pytest.mark.parametrize("how", ["hang", "drop", "half_head", "half_body", "drip_body"])
def test_no_failure_shows_a_secret(receiver, how):
    receiver.answer(how)
    attempt = secretive(receiver, timeout=SHORT).send(MESSAGE, NOW)
    assert attempt.error
    assert not [s for s in SECRETS if s in attempt.error]


def test_no_log_shows_a_secret(receiver, caplog):
    caplog.set_level(logging.DEBUG)
    assert secretive(receiver).send(MESSAGE, NOW).status == 200
    assert not [s for s in SECRETS if s in caplog.text]


def test_a_receiver_shows_only_its_name_and_origin():
    desk = WebhookReceiver("desk", f"https://u:p@hooks.example:8443/{TOKEN}?q=1", SECRET)
    assert repr(desk) == "WebhookReceiver('desk', 'https://hooks.example:8443')"
    assert repr(WebhookReceiver("v6", "http://[::1]/x")) == "WebhookReceiver('v6', 'http://[::1]')"


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("ftp://example.org/hush", "neither http:// nor https://"),
        ("file:///etc/hush", "neither http:// nor https://"),
        ("hooks.example.org/hush", "neither http:// nor https://"),
        ("", "neither http:// nor https://"),
        ("https:///hush", "names no host"),
        ("https://user:hush@", "names no host"),
        ("https://example.org:99999/hush", "cannot be read"),
        ("https://example.org:hush/", "cannot be read"),
        ("https://[::1/hush", "cannot be read"),
        ("https://example.org/hu sh", "space or a control character"),
        ("https://example.org/hush\r\nx: y", "space or a control character"),
    ],
)
def test_a_url_that_is_none_is_refused_without_being_shown(url, fault):
    with pytest.raises(ConfigError) as caught:
        WebhookReceiver("desk", url)
    assert caught.value.message.startswith("receiver 'desk': the URL ")
    assert fault in caught.value.message
    assert "hush" not in caught.value.message
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("headers", "fault"),
    [
        ({"Webhook-Id": "hush"}, "'Webhook-Id' is set by the monitor itself"),
        ({"Host": "hush"}, "'Host' is set by the monitor itself"),
        ({"Content-Length": "hush"}, "is set by the monitor itself"),
        ({"X Y": "hush"}, "is not a header's name"),
        ({"": "hush"}, "is not a header's name"),
        ({"X-Key": "hush\r\nX-Other: 1"}, "other than printable ASCII"),
        ({"X-Key": "hüsh"}, "other than printable ASCII"),
        ({"X-Key": "hush", "x-key": "hush"}, "is given twice"),
    ],
)
def test_a_header_that_cannot_be_sent_is_refused_without_its_value(headers, fault):
    with pytest.raises(ConfigError) as caught:
        WebhookReceiver("desk", "https://example.org", headers=headers)
    assert caught.value.message.startswith("receiver 'desk': the header ")
    assert fault in caught.value.message
    assert "sh" not in caught.value.message.replace("'", " ").split()


@pytest.mark.parametrize("timeout", [0, -1, 121, float("nan"), float("inf")])
def test_a_timeout_that_makes_no_sense_is_refused(timeout):
    with pytest.raises(ConfigError, match="receiver 'desk': a timeout of"):
        WebhookReceiver("desk", "https://example.org", timeout=timeout)


def test_an_alert_that_is_not_json_is_a_failed_attempt_and_nothing_is_sent(receiver):
    desk = WebhookReceiver("desk", receiver.url)
    attempt = desk.send(MESSAGE._replace(alerts=(ALERT._replace(body={"x": float("nan")}),)), NOW)
    assert attempt.status is None
    assert "JSON" in attempt.error
    assert receiver.requests == []


def test_an_attempt_becomes_an_outcome_that_counts_it(receiver):
    desk = WebhookReceiver("desk", receiver.url)
    receiver.answer(500, 500, 410)
    assert isinstance(desk.deliver(outbound(attempts=8), NOW), Retry)
    assert isinstance(desk.deliver(outbound(attempts=9), NOW), Dead)
    assert desk.deliver(outbound(), NOW) == Dead("HTTP 410 Gone", 410, gone=True)
    assert desk.deliver(outbound(), NOW) == Delivered(NOW, 200)


def test_a_receiver_that_asks_for_quiet_is_left_alone_until_then(receiver):
    desk = WebhookReceiver("desk", receiver.url)
    receiver.answer((503, {"Retry-After": "3600"}, b""))
    assert desk.deliver(outbound(), NOW).at == NOW + 3600
    quiet = desk.deliver(outbound(), NOW + 3599)
    assert (quiet.at, quiet.attempted) == (NOW + 3600, False)
    assert len(receiver.requests) == 1
    assert isinstance(desk.deliver(outbound(), NOW + 3600), Delivered)
