"""Where a webhook goes, and what of that must never be printed.

The path of a webhook URL is often the whole secret (Slack, Discord and Teams put a token there),
so texts only ever show scheme and host.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from monitor.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

RESERVED = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "user-agent", "accept-encoding"}
)
"""Headers that belong to the connection; `webhook-*` belong to the signature."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_SHORTEST_SECRET = 3
"""Shorter texts are no secrets, and blotting them out would blot out every sentence."""


class Address(NamedTuple):
    """A checked URL: the whole of it to connect to, `shown` to speak of."""

    url: str
    shown: str
    parts: SplitResult


def parse_address(url: str, owner: str) -> Address:
    """Check a receiver's URL.

    Raises:
        ConfigError: not an absolute http or https URL. The text shows no part of the URL, because
            a mistyped one may hold its secret anywhere.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refusal(owner, "cannot be read") from None
    if not url.isprintable() or " " in url:
        raise _refusal(owner, "has a space or a control character in it")
    if parts.scheme not in ("http", "https"):
        raise _refusal(owner, "is neither http:// nor https://")
    if not parts.hostname:
        raise _refusal(owner, "names no host")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    origin = f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")
    return Address(url, origin, parts)


def _refusal(owner: str, fault: str) -> ConfigError:
    return ConfigError(
        f"{owner}: the URL {fault}", hint="write it in full, such as https://example.org/hook"
    )


def check_headers(headers: Mapping[str, str], owner: str) -> dict[str, str]:
    """Check a receiver's own headers; their names come back in lower case.

    Raises:
        ConfigError: a name or a value that HTTP cannot carry, or a name that is not the user's to
            set. The text shows no value.
    """
    checked = {}
    for name, value in headers.items():
        lower = name.lower()
        fault = None
        if not _TOKEN.fullmatch(name):
            fault = "is not a header's name"
        elif lower in RESERVED or lower.startswith("webhook-"):
            fault = "is set by the monitor itself"
        elif not _PRINTABLE.fullmatch(value):
            fault = "has a value with other than printable ASCII characters"
        elif lower in checked:
            fault = "is given twice"
        if fault:
            raise ConfigError(
                f"{owner}: the header {name!r} {fault}", hint="remove it or correct it"
            )
        checked[lower] = value
    return checked


class Redactor:
    """Blots out what must not be printed.

    A receiver's answer is not ours: many servers repeat the path or the headers they were sent
    ("Cannot POST /services/T0/B0/…").
    """

    __slots__ = ("_pattern", "_secrets")

    def __init__(
        self, address: Address | None, headers: Mapping[str, str], secrets: Iterable[str] = ()
    ) -> None:
        found = set() if address is None else set(_of_url(address.parts))
        for value in headers.values():
            found |= {value, *value.split()}
        for secret in secrets:
            found |= {secret, secret.partition("_")[2]}
        found |= {unquote(text) for text in found}
        texts = [text for text in found if len(text) >= _SHORTEST_SECRET]
        self._secrets = sorted(texts, key=len, reverse=True)
        # In any case: a host name comes back in lower case.
        any_of_them = "|".join(map(re.escape, self._secrets))
        self._pattern = re.compile(any_of_them, re.IGNORECASE) if texts else None

    def __repr__(self) -> str:
        return "Redactor()"

    def clean(self, text: str) -> str:
        """One line of printable text without secrets."""
        if self._pattern is not None:
            text = self._cut_tail(self._pattern.sub("***", text))
        return " ".join("".join(c if c.isprintable() else " " for c in text).split())

    def _cut_tail(self, text: str) -> str:
        # Where reading stopped in the middle of a secret, its beginning is left standing.
        for secret in self._secrets:
            for length in range(len(secret) - 1, _SHORTEST_SECRET - 1, -1):
                if text.endswith(secret[:length]):
                    return text[:-length] + "***"
        return text


def _like_a_token(part: str) -> bool:
    # "hooks" and "services" are words that an answer may well use.
    return len(part) >= 16 or (len(part) >= 4 and not (part.isalpha() and part.islower()))


def _of_url(parts: SplitResult) -> Iterator[str]:
    yield parts.path
    yield from filter(_like_a_token, parts.path.split("/"))
    yield parts.query
    yield from (value for _, value in parse_qsl(parts.query))
    yield parts.fragment
    if parts.username is not None:
        user, password = unquote(parts.username), unquote(parts.password or "")
        yield from (parts.username, parts.password or "", user, password)
        yield base64.b64encode(f"{user}:{password}".encode()).decode()
