"""What a round of deliveries did, and what it leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What one call did, and what it leaves behind.

    `held` counts deliveries put off untried. `waiting` are all that are pending afterwards, by
    receiver; `disabled` are receivers that want nothing any more, with their reason; `errors` is
    the last thing that each receiver failed with. `configured` names the receivers there are.
    """

    delivered: int = 0
    retrying: int = 0
    dead: int = 0
    held: int = 0
    waiting: Mapping[str, int] = field(default_factory=dict)
    disabled: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    configured: frozenset[str] = frozenset()

    @property
    def attempted(self) -> int:
        return self.delivered + self.retrying + self.dead

    @property
    def unknown(self) -> Mapping[str, int]:
        """Receivers with alerts waiting that the configuration does not name."""
        return {n: count for n, count in self.waiting.items() if n not in self.configured}

    def warnings(self) -> tuple[str, ...]:
        """One printable line for each receiver that needs somebody's attention."""
        lines = [f"unknown receiver {n!r}, {count} waiting" for n, count in self.unknown.items()]
        for name in sorted(self.configured & self.disabled.keys()):
            count = self.waiting.get(name, 0)
            lines.append(f"receiver {name!r} is disabled, {count} waiting: {self.disabled[name]}")
        for name, error in sorted(self.errors.items()):
            if name not in self.disabled:
                lines.append(f"receiver {name!r}: {error}")
        return tuple(lines)
