"""An update: one dated, citable report about the world."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

    from monitor.domain.time import Instant, Occurred

KINDS = (
    "announcement",
    "statement",
    "meeting",
    "agreement",
    "legislation",
    "funding",
    "implementation",
    "measurement",
    "delay",
    "dispute",
    "suspension",
    "reversal",
    "withdrawal",
    "leadership_change",
)
"""What an update can be; an agreement may declare more."""


class Update(NamedTuple):
    """One report.

    `occurred` is when it happened in the world, `recorded` when the monitor learned of it: two
    clocks, never mixed. Topics and parties are lower-case and upper-case respectively, sorted.
    """

    id: str
    occurred: Occurred
    recorded: Instant
    kind: str
    title: str
    topics: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    source: str = ""
    url: str = ""
    text: str = ""
    agreement: str | None = None
    commitment: str | None = None
    milestone: str | None = None
    indicator: str | None = None
    value: Decimal | None = None
    unit: str | None = None
    supersedes: str | None = None
    retracts: str | None = None


def content_id(update: Update) -> str:
    """An id made of what the update says, without when it was recorded.

    The same report read twice, from whatever file and in whatever order of keys, is one update.
    """
    content = [
        update.occurred.text,
        *update[3:14],
        None if update.value is None else str(update.value.normalize()),
        *update[15:],
    ]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return "u_" + hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
