"""An update: one dated, citable report about the world."""

from __future__ import annotations

import hashlib
from json.encoder import encode_basestring
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
    # The compact JSON text of [occurred, *fields 3 to 17, and 18 if it is there], put together by
    # hand: it is on the way of every update without an id, and json.dumps would take half of that.
    quote = encode_basestring
    topics, parties = map(quote, update.topics), map(quote, update.parties)
    text = (
        f"[{quote(update.occurred.text)},{quote(update.kind)},{quote(update.title)},"
        f"[{','.join(topics)}],[{','.join(parties)}],"
        f"{quote(update.source)},{quote(update.url)},{quote(update.text)}"
    )
    if update[10:] == _NOTHING_MORE:
        text += ",null,null,null,null,null,null,null,null]"
    else:
        value = None if update.value is None else str(update.value.normalize())
        rest: tuple[str | None, ...] = (*update[10:14], value, *update[15:18])
        if update.moves_to is not None:
            rest = (*rest, update.moves_to.text)
        text += "".join("," + ("null" if part is None else quote(part)) for part in rest) + "]"
    return "u_" + hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


_NOTHING_MORE = (None,) * 9
