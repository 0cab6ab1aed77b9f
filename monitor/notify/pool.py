"""The connections to one receiver, straight or through the proxy that the environment names."""

from __future__ import annotations

import socket
import ssl
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

if TYPE_CHECKING:
    import httpcore

    from monitor.notify.address import Address
    from monitor.notify.guard import Guard

IDLE = 5.0
"""Seconds that a connection is kept unused: servers close theirs from 5 seconds on."""
CONNECTIONS = 64
"""To one receiver at one time: more than the sender has threads for one."""


def make_pool(backend: httpcore.NetworkBackend, proxy: str | None) -> httpcore.ConnectionPool:
    """Keeps connections that the backend makes.

    Raises:
        ValueError: the proxy cannot be used.
    """
    import httpcore  # noqa: PLC0415

    if proxy is None:
        return httpcore.ConnectionPool(
            ssl_context=tls(),
            max_connections=CONNECTIONS,
            keepalive_expiry=IDLE,
            network_backend=backend,
        )
    parts = urlsplit(proxy)
    if parts.scheme not in ("http", "https"):
        raise ValueError(f"a proxy of the kind {parts.scheme or '?'}:// cannot be used")
    auth = None
    if parts.username is not None:
        auth = unquote(parts.username), unquote(parts.password or "")
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return httpcore.HTTPProxy(
        f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else ""),
        proxy_auth=auth,
        ssl_context=tls(),
        max_connections=CONNECTIONS,
        keepalive_expiry=IDLE,
        network_backend=backend,
    )


def proxy_for(address: Address) -> str | None:
    """The proxy that the environment names for an address."""
    host = address.parts.hostname or ""
    proxies = getproxies()
    if proxy_bypass(host):
        return None
    proxy = proxies.get(address.parts.scheme) or proxies.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def literal_refusal(host: str, guard: Guard) -> str | None:
    """What can be judged of a host without looking it up, in whatever form a number is written."""
    if host.rstrip(".").lower() == "localhost" or host.lower().endswith(".localhost"):
        host = "127.0.0.1"
    try:
        return guard.refusal(host if ":" in host else socket.inet_ntoa(socket.inet_aton(host)))
    except OSError:
        return None


@lru_cache(maxsize=1)
def tls() -> ssl.SSLContext:
    """Verifies certificates. Reading them takes longer than an attempt: once per process."""
    import httpx  # noqa: PLC0415

    return httpx.create_ssl_context()
