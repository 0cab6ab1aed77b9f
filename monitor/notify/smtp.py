"""Mail, sent through an SMTP server whose address the guard has judged."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from email.errors import MessageError
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from monitor.errors import ConfigError
from monitor.notify.address import Redactor
from monitor.notify.guard import Guard
from monitor.notify.http import KEPT, check_timeout, reason_of
from monitor.notify.mail import Mailbox, compose, one_line
from monitor.notify.pool import tls
from monitor.notify.retry import Attempt

if TYPE_CHECKING:
    from email.message import EmailMessage

    from monitor.domain.message import Message
    from monitor.domain.time import Instant
    from monitor.notify.connect import Timer
    from monitor.notify.wording import Wording

PORTS = {"starttls": 587, "ssl": 465, "none": 25}
ACCEPTED = 250


class MailSender:
    """Sends messages as mail.

    Args:
        name: of the receiver.
        mailbox: where from and where to.
        wording: in whose words.
        timeout: seconds for a whole attempt.
        guard: says which addresses the server may have.

    Raises:
        ConfigError: an address or a setting is wrong.
    """

    def __init__(
        self, name: str, mailbox: Mailbox, wording: Wording, timeout: float, guard: Guard
    ) -> None:
        owner = f"receiver {name!r}"
        self.timeout = check_timeout(timeout, owner)
        for key, addresses in (("from", [mailbox.sender]), ("to", mailbox.to)):
            for address in addresses:
                _check_address(address, f"{owner}: {key}")
        if mailbox.username is not None and mailbox.tls == "none":
            raise ConfigError(
                f"{owner}: tls: none would send the password in clear",
                hint="use starttls or ssl, or leave out username",
            )
        if (mailbox.username is None) != (mailbox.password is None):
            raise ConfigError(f"{owner}: username and a password belong together")
        port = mailbox.port or PORTS[mailbox.tls]
        self._box = mailbox._replace(port=port)
        self._wording = wording
        self._guard = guard
        self._redactor = Redactor(None, {}, [mailbox.password] if mailbox.password else [])
        self.shown = f"smtp://{mailbox.host}:{port}"

    def send(self, message: Message, now: Instant) -> Attempt:
        """Make one attempt. Never raises for what the other side does."""
        try:
            mail = compose(message, self._wording, self._box, now)
        except (ValueError, MessageError) as error:
            return Attempt(None, self._redactor.clean(str(error)))
        try:
            refused = self._post(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            return self._refused(code, answer, "no recipient is accepted")
        except smtplib.SMTPResponseException as error:
            return self._refused(error.smtp_code, error.smtp_error, "refused")
        except (OSError, smtplib.SMTPException, ValueError) as error:
            return Attempt(None, self._failure(error))
        said = f"not accepted: {', '.join(sorted(refused))}" if refused else ""
        return Attempt(ACCEPTED, said=said)

    def preview(self, message: Message, now: Instant) -> str:
        """Subject and plain text."""
        mail = compose(message, self._wording, self._box, now)
        body = mail.get_body(("plain",))
        return f"{mail['Subject']}\n\n{body.get_content() if body else ''}".rstrip()

    def _post(self, mail: EmailMessage) -> dict[str, Any]:
        from monitor.notify.connect import Timer  # noqa: PLC0415 - only for who sends

        timer = Timer()
        timer.begin(self.timeout)
        kind = _SecureSmtp if self._box.tls == "ssl" else _PlainSmtp
        smtp = kind(self._guard, timer, self.timeout)
        # Each line of an answer may come in time and the whole never end: then the line is cut.
        watch = threading.Timer(self.timeout, smtp.hang_up)
        watch.daemon = True
        watch.start()
        try:
            smtp.connect(self._box.host, self._box.port or 0)
            if self._box.tls == "starttls":
                smtp.starttls(context=tls())
            if self._box.username is not None and self._box.password is not None:
                smtp.login(self._box.username, self._box.password)
            refused = smtp.send_message(mail)
        except (smtplib.SMTPServerDisconnected, OSError):
            if timer.over:
                raise TimeoutError from None
            raise
        else:
            with suppress(OSError, smtplib.SMTPException):  # it has taken the mail
                smtp.quit()
            return refused
        finally:
            watch.cancel()
            smtp.close()

    def _refused(self, code: int, said: bytes | str, what: str) -> Attempt:
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        return Attempt(code, f"SMTP {code}: {what}: {self._redactor.clean(text)[:KEPT]}")

    def _failure(self, error: Exception) -> str:
        from httpcore import ConnectTimeout  # noqa: PLC0415

        from monitor.notify.connect import Refused  # noqa: PLC0415

        if isinstance(error, UnreachableError) and isinstance(error.__cause__, Refused):
            return f"not connected to {self.shown}: {error.__cause__}"
        if isinstance(error, (TimeoutError, ConnectTimeout)):
            return f"no answer from {self.shown} within {self.timeout:g} s"
        reason = self._redactor.clean(reason_of(error))[:KEPT]
        return f"no mail through {self.shown}: {reason}"


class UnreachableError(OSError):
    """No address of the server can be connected to; the cause says why."""


class _PlainSmtp(smtplib.SMTP):
    """Connects to an address that the guard has judged; TLS is told the name."""

    def __init__(self, guard: Guard, timer: Timer, timeout: float) -> None:
        self._guard, self._timer = guard, timer
        super().__init__(timeout=timeout, local_hostname="localhost")
        self._host = ""  # until connect() sets it

    def connect(self, host: str = "localhost", port: int = 0, *_: Any) -> tuple[int, bytes]:
        self._host = host  # the name that starttls() verifies
        return super().connect(host, port)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        import httpcore  # noqa: PLC0415

        from monitor.notify.connect import permitted  # noqa: PLC0415

        del timeout
        try:
            addresses = permitted(host, port, self._guard, self._timer)
        except httpcore.TimeoutException:
            raise TimeoutError from None
        except httpcore.ConnectError as error:
            raise UnreachableError(str(error)) from error
        failure: OSError = TimeoutError()
        for address in addresses:
            try:
                return socket.create_connection((address, port), self._timer.left())
            except OSError as error:
                failure = error
        raise failure

    def hang_up(self) -> None:
        """Cut the line, from whichever thread."""
        if (line := self.sock) is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class _SecureSmtp(_PlainSmtp):
    """TLS from the first byte."""

    def _get_socket(self, host: str, port: int, timeout: float) -> ssl.SSLSocket:
        line = super()._get_socket(host, port, timeout)
        try:
            return tls().wrap_socket(line, server_hostname=host)
        except BaseException:
            line.close()
            raise


def _check_address(text: str, owner: str) -> None:
    name, address = parseaddr(text)
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or not text.isprintable() or not address.isascii():
        raise ConfigError(
            f"{owner}: {one_line(text)!r} is no mail address",
            hint="write it as desk@example.org, or Desk <desk@example.org>",
        )
    del name
