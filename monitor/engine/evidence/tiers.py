"""Who says it decides how much it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.domain.commitment import SourceGroup
    from monitor.domain.update import Update

UNKNOWN_TIER = 3
_KEPT = 65_536


class Grader:
    """The tier of an update's source, by host of its address and by name; the stronger one wins.

    A host matches itself and its subdomains. A name matches as a whole, or followed by something
    in parentheses: "Yonhap (English)" is Yonhap, "Yonhap via somebody" is somebody's copy.
    """

    def __init__(self, groups: tuple[SourceGroup, ...]) -> None:
        self._hosts = {host.lower(): g.tier for g in reversed(groups) for host in g.hosts}
        self._names = {name.casefold(): g.tier for g in reversed(groups) for name in g.names}
        self._best_host = min(self._hosts.values(), default=UNKNOWN_TIER)
        self._by_source: dict[str, int] = {}
        self._by_host: dict[str, int] = {}

    def tier(self, update: Update) -> int:
        """1 (official record) to 3 (anything unknown)."""
        by_name = self._by_source.get(update.source)
        if by_name is None:
            by_name = self._grade_name(update.source)
            _keep(self._by_source, update.source, by_name)
        if by_name <= self._best_host or not update.url:
            return by_name
        host = host_of(update.url)
        by_host = self._by_host.get(host)
        if by_host is None:
            by_host = self._grade_host(host)
            _keep(self._by_host, host, by_host)
        return min(by_name, by_host)

    def _grade_name(self, source: str) -> int:
        folded = source.casefold()
        return min(
            (
                tier
                for name, tier in self._names.items()
                if folded == name or folded.startswith(f"{name} (")
            ),
            default=UNKNOWN_TIER,
        )

    def _grade_host(self, host: str) -> int:
        labels = host.split(".")
        return min(
            (self._hosts.get(".".join(labels[i:]), UNKNOWN_TIER) for i in range(len(labels))),
            default=UNKNOWN_TIER,
        )


def host_of(url: str) -> str:
    """The host of an http address, lower-case, without user and port; "" where there is none."""
    parts = url.split("/", 3)
    if len(parts) < 3 or parts[1]:
        return ""
    return parts[2].rpartition("@")[2].partition(":")[0].lower()


def _keep(cache: dict[str, int], key: str, value: int) -> None:
    if len(cache) >= _KEPT:
        cache.clear()
    cache[key] = value
