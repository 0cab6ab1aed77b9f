"""An update: one dated, citable report about the world."""

from __future__ import annotations

import hashlib
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any, NamedTuple

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
    clocks, never mixed. `moves_to` is the date to which a deadline (or that of `milestone`) was
    moved. Topics and parties are lower-case and upper-case respectively, sorted.
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
    moves_to: Occurred | None = None


def content_id(update: Update) -> str:
    """An id made of what the update says, without when it was recorded.

    The same report read twice, from whatever file and in whatever order of keys, is one update.
    """
    return id_of_content(update[1:])


def id_of_content(fields: tuple[Any, ...]) -> str:
    """The same of an update that has no id yet: of its other fields."""
    # The compact JSON text of [occurred, *fields 3 to 17, and 18 if it is there], put together by
    # hand: it is on the way of every update without an id, and json.dumps would take half of that.
    quote = encode_basestring
    (occurred, _), _, kind, title, topics, parties, source, url, text, *rest, moved = fields
    told = (
        f"[{quote(occurred)},{quote(kind)},{quote(title)},[{','.join(map(quote, topics))}],"
        f"[{','.join(map(quote, parties)) if parties else ''}],"
        f"{quote(source)},{quote(url)},{quote(text)}"
    )
    if rest == _NOTHING_MORE:
        told += ",null,null,null,null,null,null,null,null"
    else:
        value = rest[4]
        rest[4] = None if value is None else str(value.normalize())
        told += "".join("," + ("null" if part is None else quote(part)) for part in rest)
    if moved is not None:
        told += "," + quote(moved.text)
    return id_of_text(f"{told}]".encode())


def id_of_text(text: bytes) -> str:
    """An id made of the JSON that `id_of_content` speaks of."""
    return "u_" + hashlib.blake2b(text, digest_size=12).hexdigest()


_NOTHING_MORE = [None] * 8
