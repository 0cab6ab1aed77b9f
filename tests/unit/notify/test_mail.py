"""Mail, composed and taken by a real server."""

import socket
import ssl
import subprocess
from email import message_from_bytes, policy
from time import monotonic

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from monitor.domain.alert import Phase
from monitor.domain.message import MessageReason
from monitor.errors import ConfigError
from monitor.notify import pool
from monitor.notify.guard import Guard
from monitor.notify.mail import Mailbox, compose
from monitor.notify.smtp import MailSender
from monitor.notify.wording import Wording

NOW = 1_771_460_000
BOX = Mailbox("127.0.0.1", "Monitor <monitor@example.org>", ["desk@example.org"], tls="none")
HERE = Guard(private=True)


@pytest.fixture(scope="session")
def messages(support):
    return support("messages")


class Postbox:
    """What aiosmtpd is to do with mail: keep it, or answer as it is told."""

    def __init__(self):
        self.mails = []
        self.answers = []
        self.bad = ()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.bad:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.secure = session.ssl is not None
        return "250 taken"


@pytest.fixture
def serve():
    running = []

    def start(**options):
        postbox = Postbox()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        controller = Controller(postbox, hostname="127.0.0.1", port=port, **options)
        controller.start()
        running.append(controller)
        return postbox, port

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    key, file = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    command += " -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run(
        [*command.split(), "-keyout", key, "-out", file], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key)
    pool.tls.cache_clear()
    yield context, file
    pool.tls.cache_clear()


def sender(port, guard=HERE, timeout=5.0, **changes):
    return MailSender("desk", BOX._replace(port=port, **changes), Wording(), timeout, guard)


def test_a_mail_arrives_with_all_that_a_reader_needs(serve, messages):
    postbox, port = serve()
    assert sender(port).send(messages.message(), NOW).status == 250
    (mail,) = postbox.mails
    assert mail["Subject"].startswith("Clean energy 0: stalled")
    assert mail["To"] == "desk@example.org"
    plain = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    for text in (plain, html):
        assert "on track → stalled" in text
        assert "strengthen cooperation in areas such as clean energy" in text
        assert "slipping (rules/jp-kr.yaml:12)" in text
        assert "https://news.example/a" in text


def test_the_id_of_a_mail_is_the_messages_and_a_resolution_answers_its_opening(messages):
    opening = messages.an_alert()
    ending = messages.an_alert(1, phase=Phase.RESOLVED, opening=opening.id)
    first = compose(messages.message(opening), Wording(), BOX, NOW)
    again = compose(messages.message(opening), Wording(), BOX, NOW + 60)
    last = compose(messages.message(ending), Wording(), BOX, NOW)
    assert first["Message-ID"] == again["Message-ID"] == f"<{opening.id}@example.org>"
    assert last["In-Reply-To"] == last["References"] == first["Message-ID"]
    reminder = messages.message(opening, reason=MessageReason.REMINDER, identity="m_9")
    mail = compose(reminder, Wording(), BOX, NOW)
    assert (mail["Message-ID"], mail["In-Reply-To"]) == ("<m_9@example.org>", first["Message-ID"])


def test_a_mail_of_many_is_a_table_of_all(messages):
    mail = compose(messages.many(158), Wording(), BOX, NOW)
    assert mail["Subject"] == "158 alerts: 158 stalled"
    html = mail.get_body(("html",)).get_content()
    assert html.count("<tr>") == 158
    assert mail["In-Reply-To"] is None


@pytest.mark.parametrize(
    "evil", ["a\r\nBcc: evil@example.org", "a\nBcc: x", "a\rBcc: x", "a\x00\x0bb"]
)
def test_nothing_that_an_update_says_begins_a_header(serve, messages, evil):
    postbox, port = serve()
    assert sender(port).send(messages.message(messages.hostile(evil)), NOW).status == 250
    (mail,) = postbox.mails
    assert mail["Bcc"] is None
    assert "Bcc" in mail["Subject"] or "b" in mail["Subject"]


def test_html_shows_what_an_update_says_as_it_is(messages):
    message = messages.message(messages.hostile("<script>alert('x')</script>"))
    html = compose(message, Wording(), BOX, NOW).get_body(("html",)).get_content()
    assert "<script" not in html
    assert "href='https://&lt;script" in html


def test_starttls_verifies_the_name_and_a_password_goes_only_over_it(
    serve, messages, certificate, monkeypatch
):
    seen = []

    def check(server, session, envelope, mechanism, data):
        seen.append((data.login, data.password))
        return AuthResult(success=data.password == b"hush-hush", handled=False)

    context, file = certificate
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    postbox, port = serve(tls_context=context, require_starttls=True, authenticator=check)
    login = {"username": "desk", "password": "hush-hush", "tls": "starttls"}
    assert sender(port, host="localhost", **login).send(messages.message(), NOW).status == 250
    assert postbox.secure
    assert seen == [(b"desk", b"hush-hush")]
    wrong = sender(port, host="127.0.0.1", **login).send(messages.message(), NOW)
    assert wrong.status is None
    assert "certificate verify failed" in wrong.error
    assert len(postbox.mails) == 1
    refused = sender(port, host="localhost", **{**login, "password": "wrong-hush"})
    attempt = refused.send(messages.message(), NOW)
    assert attempt.status == 535
    assert "hush" not in attempt.error


def test_a_certificate_that_nobody_vouches_for_gets_no_mail(serve, messages, certificate):
    postbox, port = serve(tls_context=certificate[0])
    attempt = sender(port, host="localhost", tls="starttls").send(messages.message(), NOW)
    assert "certificate verify failed" in attempt.error
    assert postbox.mails == []


def test_a_server_without_starttls_gets_no_mail_in_clear(serve, messages):
    postbox, port = serve()
    attempt = sender(port, tls="starttls").send(messages.message(), NOW)
    assert attempt.status is None
    assert "STARTTLS" in attempt.error
    assert postbox.mails == []


@pytest.mark.parametrize(
    ("answer", "status"), [("451 try later", 451), ("552 mailbox is full", 552)]
)
def test_a_refusal_is_told_with_its_code(serve, messages, answer, status):
    postbox, port = serve()
    postbox.answers.append(answer)
    attempt = sender(port).send(messages.message(), NOW)
    assert attempt.status == status
    assert attempt.error == f"SMTP {status}: refused: {answer[4:]}"
    assert sender(port).send(messages.message(), NOW).status == 250


def test_a_recipient_that_is_not_accepted_is_told(serve, messages):
    postbox, port = serve()
    postbox.bad = ("gone@example.org",)
    some = sender(port, to=["desk@example.org", "gone@example.org"])
    attempt = some.send(messages.message(), NOW)
    assert (attempt.status, attempt.said) == (250, "not accepted: gone@example.org")
    none = sender(port, to=["gone@example.org"]).send(messages.message(), NOW)
    assert none.status == 550
    assert "no recipient is accepted: no such user" in none.error


def test_a_server_on_this_machine_is_refused_unless_it_is_permitted(serve, messages):
    postbox, port = serve()
    for host in ("127.0.0.1", "localhost", "0x7f.1"):
        attempt = sender(port, Guard(), host=host).send(messages.message(), NOW)
        assert attempt.error.startswith(f"not connected to smtp://{host}:{port}: ")
        assert "`allow_private: true`" in attempt.error
    assert postbox.mails == []


def test_a_server_that_never_comes_to_an_end_is_given_up_in_time(messages):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = monotonic()
        attempt = sender(silent.getsockname()[1], timeout=0.3).send(messages.message(), NOW)
        assert monotonic() - begun < 3
    assert attempt.status is None
    assert "within 0.3 s" in attempt.error


def test_nobody_at_home_is_told_by_the_systems_word(messages):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        attempt = sender(closed.getsockname()[1]).send(messages.message(), NOW)
    assert "Connection refused" in attempt.error


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"to": ["nobody"]}, "to: 'nobody' is no mail address"),
        ({"to": ["a@b\r\nBcc: x@y"]}, "is no mail address"),
        ({"sender": "x"}, "from: 'x' is no mail address"),
        ({"username": "u", "password": "p"}, "tls: none would send the password in clear"),
        ({"tls": "ssl", "username": "u"}, "username and a password belong together"),
    ],
)
def test_a_wrong_setting_is_refused(changes, fault):
    with pytest.raises(ConfigError, match=fault):
        MailSender("desk", BOX._replace(**changes), Wording(), 5, HERE)
