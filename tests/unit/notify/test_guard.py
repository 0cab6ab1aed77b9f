"""Which addresses a receiver may have, in whatever form they are written."""

import socket
import ssl
import subprocess
from functools import partial

import pytest

from monitor.domain.alert import Alert, AlertKind, Phase
from monitor.domain.message import Message
from monitor.errors import ConfigError
from monitor.notify import pool, webhook
from monitor.notify.guard import Guard, networks

NOW = 1_771_460_000
ALERT = Alert(
    "a_1", AlertKind.STALLED, Phase.OPENED, NOW, "g", "g/c", None, "info", (), "text", {}, NOW
)
MESSAGE = Message("a_1", "desk", (ALERT,))
Receiver = partial(webhook.WebhookReceiver, "desk", timeout=5)

REFUSED = [
    ("127.0.0.1", "loopback"),
    ("127.1.2.3", "loopback"),
    ("0.0.0.0", "this machine"),
    ("10.1.2.3", "private"),
    ("172.16.0.1", "private"),
    ("172.31.255.255", "private"),
    ("192.168.1.1", "private"),
    ("169.254.1.1", "link-local"),
    ("169.254.169.254", "metadata"),
    ("168.63.129.16", "metadata"),
    ("100.64.0.1", "CGNAT"),
    ("100.100.100.200", "metadata"),
    ("224.0.0.1", "multicast"),
    ("255.255.255.255", "broadcast"),
    ("240.0.0.1", "reserved"),
    ("198.18.0.1", "benchmarks"),
    ("192.0.2.1", "documentation"),
    ("::", "this machine"),
    ("::1", "loopback"),
    ("fc00::1", "private"),
    ("fd00:ec2::254", "metadata"),
    ("fe80::1", "link-local"),
    ("fe80::1%eth0", "link-local"),
    ("fec0::1", "private"),
    ("ff02::1", "multicast"),
    ("::ffff:127.0.0.1", "that is 127.0.0.1"),
    ("::ffff:a9fe:a9fe", "that is 169.254.169.254"),
    ("::127.0.0.1", "obsolete"),
    ("64:ff9b::10.0.0.1", "that is 10.0.0.1"),
    ("64:ff9b:1::1", "NAT64"),
    ("2002:7f00:1::", "6to4"),
    ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "Teredo"),
    ("2001:db8::1", "documentation"),
    ("2600::5efe:10.0.0.1", "that is 10.0.0.1"),
    ("4000::1", "reserved"),
    ("no address", "is no address"),
]


@pytest.mark.parametrize(("address", "kind"), REFUSED)
def test_an_address_that_is_not_public_is_refused_with_its_reason(address, kind):
    assert kind in Guard().refusal(address)


@pytest.mark.parametrize(
    "address",
    [
        "93.184.216.34",
        "1.1.1.1",
        "172.32.0.1",
        "100.128.0.1",
        "2606:4700::1111",
        "::ffff:1.1.1.1",
        "64:ff9b::1.1.1.1",
    ],
)
def test_a_public_address_is_permitted(address):
    assert Guard().refusal(address) is None


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "::1", "fd12::1", "::ffff:10.0.0.1"])
def test_private_addresses_can_be_permitted(address):
    assert "`allow_private: true`" in Guard().refusal(address)
    assert Guard(private=True).refusal(address) is None


@pytest.mark.parametrize("address", ["169.254.169.254", "::ffff:169.254.169.254", "224.0.0.1"])
def test_metadata_services_are_permitted_only_by_their_address(address):
    refusal = Guard(private=True).refusal(address)
    assert "allow_private" not in refusal
    assert "`allow: [" in refusal
    assert Guard(networks=networks([address], "x")).refusal(address) is None


def test_a_network_permits_its_addresses_and_no_others():
    guard = Guard(networks=networks(["10.0.0.0/8", "fd00::/8"], "x"))
    assert guard.refusal("10.2.3.4") is None
    assert guard.refusal("::ffff:10.2.3.4") is None
    assert guard.refusal("fd00::7") is None
    assert guard.refusal("192.168.0.1")
    assert guard.refusal("1.1.1.1") is None


def test_what_is_no_network_is_refused():
    with pytest.raises(ConfigError, match=r"allow: '10[.]0[.]0[.]0/99' is no network"):
        networks(["10.0.0.0/99"], "receiver 'desk'")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "0",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "example.org@127.0.0.1",
        "%31%32%37.0.0.1",
        "127。0。0。1",
    ],
)
def test_no_form_of_this_machines_address_reaches_it(receiver, host):
    attempt = Receiver(f"http://{host}:{receiver.port}/hook").send(MESSAGE, NOW)
    assert attempt.status is None
    assert receiver.requests == []


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "localhost"])
def test_a_refusal_names_the_address_and_the_key(receiver, host):
    attempt = Receiver(f"http://{host}:{receiver.port}/hush-hush-hush-99").send(MESSAGE, NOW)
    assert attempt.error.startswith(f"not connected to http://{host}:{receiver.port}: ")
    assert "is not a public address (loopback); `allow_private: true`" in attempt.error
    assert "hush" not in attempt.error


class Names:
    """A resolver that says each time what it was told to say next."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def __call__(self, host, port, *args, **kwargs):
        if host == "127.0.0.1":  # the system's own way of connecting to a number
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
        self.asked.append(host)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in answer]


@pytest.fixture
def names(monkeypatch, direct):
    def say(*answers):
        resolver = Names(*answers)
        monkeypatch.setattr("monitor.notify.connect.socket.getaddrinfo", resolver)
        return resolver

    return say


def test_the_address_that_was_judged_is_the_one_connected_to(receiver, names):
    # Public when it is asked first, this machine from then on: a second question would be the hole.
    resolver = names(["127.0.0.1"], ["169.254.169.254"])
    desk = Receiver(f"http://hooks.example:{receiver.port}/x", guard=Guard(private=True))
    assert desk.send(MESSAGE, NOW).status == 200
    assert resolver.asked == ["hooks.example"]
    assert receiver.requests[0].headers["host"] == f"hooks.example:{receiver.port}"


def test_a_name_that_changes_its_mind_is_judged_anew_at_every_connection(receiver, names):
    resolver = names(["127.0.0.1"], ["10.0.0.1"])
    receiver.answer((200, {"Connection": "close"}, b""))
    desk = Receiver(
        f"http://hooks.example:{receiver.port}/x", guard=Guard(networks=networks(["127.0.0.1"], ""))
    )
    assert desk.send(MESSAGE, NOW).status == 200
    again = desk.send(MESSAGE, NOW)
    assert again.status is None
    assert "10.0.0.1 is not a public address (private)" in again.error
    assert resolver.asked == ["hooks.example", "hooks.example"]


def test_tls_is_verified_against_the_name_and_not_the_address(
    support, names, tmp_path, monkeypatch
):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    command += " -subj /CN=hooks.example -addext subjectAltName=DNS:hooks.example"
    files = ["-keyout", key, "-out", certificate]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    asked = []
    context.sni_callback = lambda connection, name, _: asked.append(name)
    names(["127.0.0.1"])
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    pool.tls.cache_clear()
    try:
        with support("receiver").Receiver(context) as server:
            here = partial(Receiver, guard=Guard(private=True))
            told = here(f"https://hooks.example:{server.port}/x").send(MESSAGE, NOW)
            other = here(f"https://other.example:{server.port}/x").send(MESSAGE, NOW)
            number = here(f"https://127.0.0.1:{server.port}/x").send(MESSAGE, NOW)
    finally:
        pool.tls.cache_clear()
    assert told.status == 200
    assert asked[0] == "hooks.example"
    for attempt in (other, number):
        assert attempt.status is None
        assert "certificate verify failed" in attempt.error
    assert len(server.requests) == 1


def test_of_several_addresses_only_the_permitted_ones_are_tried(receiver, names):
    names(["169.254.169.254", "10.0.0.1", "127.0.0.1"])
    guard = Guard(networks=networks(["127.0.0.0/8"], ""))
    desk = Receiver(f"http://hooks.example:{receiver.port}/x", guard=guard)
    assert desk.send(MESSAGE, NOW).status == 200


def test_behind_a_proxy_the_numbers_are_judged_and_the_names_are_the_proxys(receiver, monkeypatch):
    monkeypatch.setenv("http_proxy", receiver.url.removesuffix("/hook"))
    monkeypatch.delenv("no_proxy", raising=False)
    assert Receiver("http://hooks.example/x").send(MESSAGE, NOW).status == 200
    assert receiver.requests[0].path == "http://hooks.example/x"
    for host in ("10.0.0.1", "0x7f.1", "localhost", "[::1]"):
        assert "allow_private" in Receiver(f"http://{host}/x").send(MESSAGE, NOW).error
    assert len(receiver.requests) == 1
