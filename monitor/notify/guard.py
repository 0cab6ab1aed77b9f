"""Which addresses a receiver may have: the guard against server-side request forgery.

Whoever can write a URL into the configuration, or change what a name resolves to, could make the
monitor knock at doors that only this machine can reach. So an address is looked at when it is
connected to, after the name was looked up, in whatever form it was written: 127.0.0.1, 2130706433,
0x7f.1, ::ffff:7f00:1 and a name that answers differently each time all come here as addresses.

Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and what amended
it); metadata services by the documentation of AWS, Azure, Google, Oracle and Alibaba Cloud.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_METADATA = "a cloud metadata service"
_NEVER = {_METADATA, "multicast", "broadcast"}
"""`allow_private` does not open these: whoever means them writes the address into `allow`."""

_SPECIAL: tuple[tuple[Network, str], ...] = tuple(
    (ipaddress.ip_network(text), what)
    for text, what in (
        ("169.254.169.254/32", _METADATA),
        ("168.63.129.16/32", _METADATA),
        ("192.0.0.192/32", _METADATA),
        ("100.100.100.200/32", _METADATA),
        ("fd00:ec2::254/128", _METADATA),
        ("fd20:ce::254/128", _METADATA),
        ("255.255.255.255/32", "broadcast"),
        ("0.0.0.0/8", "this machine"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by a carrier (CGNAT)"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "for documentation"),
        ("192.88.99.0/24", "reserved"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "for benchmarks"),
        ("198.51.100.0/24", "for documentation"),
        ("203.0.113.0/24", "for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "this machine"),
        ("::1/128", "loopback"),
        ("::/96", "an obsolete IPv4-compatible form"),
        ("64:ff9b:1::/48", "private (NAT64)"),
        ("100::/64", "a black hole"),
        ("2001::/32", "a Teredo tunnel"),
        ("2001::/23", "reserved"),
        ("2001:db8::/32", "for documentation"),
        ("2002::/16", "a 6to4 tunnel"),
        ("3fff::/20", "for documentation"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "private"),
        ("ff00::/8", "multicast"),
    )
)
"""The first that contains an address says what it is."""

_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)


@dataclass(frozen=True, slots=True)
class Guard:
    """What a receiver may be connected to.

    `private`: also private, loopback and link-local addresses. `networks`: also these.
    """

    private: bool = False
    networks: tuple[Network, ...] = ()

    def refusal(self, address: str) -> str | None:
        """Why not to connect to a numeric address, as a sentence; None: it may be done."""
        try:
            ip = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return f"{address} is no address"
        inner = _unwrapped(ip)
        if any(one in network for one in (ip, inner) for network in self.networks):
            return None
        kind = _kind(inner)
        if kind is None or (self.private and kind not in _NEVER):
            return None
        if kind in _NEVER:
            key = f"`allow: [{inner}]`"
        else:
            key = "`allow_private: true`, or `allow` with its network,"
        return f"{_shown(ip, inner)} is {_article(kind)}; {key} at this receiver would permit it"


def networks(texts: Iterable[str], owner: str) -> tuple[Network, ...]:
    """Read the networks of `allow`.

    Raises:
        ConfigError: one of them is none.
    """
    found = []
    for text in texts:
        try:
            found.append(ipaddress.ip_network(text, strict=False))
        except ValueError:
            raise ConfigError(
                f"{owner}: allow: {text!r} is no network", hint="write it as 10.0.0.0/8"
            ) from None
    return tuple(found)


def _unwrapped(ip: Address) -> Address:
    """The IPv4 address that an IPv6 form stands for and leads to."""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return ip.ipv4_mapped
        last = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if ip in _NAT64:
            return last
        if (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP:
            return last
    return ip


def _kind(ip: Address) -> str | None:
    for network, what in _SPECIAL:
        if ip in network:
            return what
    if isinstance(ip, ipaddress.IPv6Address) and ip not in _PUBLIC_V6:
        return "reserved"
    return None


def _article(kind: str) -> str:
    return kind if kind.startswith(("a ", "an ")) else f"not a public address ({kind})"


def _shown(ip: Address, inner: Address) -> str:
    return str(ip) if ip == inner else f"{ip} (that is {inner})"
