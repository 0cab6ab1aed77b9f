"""Updates to rows and back: the busiest of what is stored. What goes in comes out equal."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from monitor.domain.time import Occurred, Precision, parse_occurred
from monitor.domain.update import Update
from monitor.store.codec import to_json
from monitor.store.dialect import nul_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.store.session import Row

# To look a member up here costs a fifth of asking its class.
_PRECISIONS = {precision.value: precision for precision in Precision}


@lru_cache(maxsize=16_384)
def encode_names(names: tuple[str, ...]) -> str:
    return to_json(names)


@lru_cache(maxsize=16_384)
def decode_names(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


@lru_cache(maxsize=65_536)
def _occurred(text: str, precision: str) -> Occurred:
    return Occurred(text, _PRECISIONS[precision])


UPDATE_COLUMNS = (
    *("id", "occurred", "precision", "recorded", "kind", "title", "topics", "parties", "source"),
    *("url", "text", "agreement", "commitment", "milestone", "indicator", "value", "unit"),
    *("supersedes", "retracts", "moves_to"),
)
"""In the order of the fields of `Update`, `occurred` being two."""

_TEXTS = [itemgetter(i) for i in (0, 4, 5, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18, 19)]
"""The columns of a row that hold text as it came."""

_BRIEF_TEXTS = 6
"""Those of them that are among the first `BRIEF`."""

_NOTHING = [None] * 9
"""What is after the first `BRIEF` in most updates."""


BRIEF = 11
"""How many of the columns most updates fill; the others are null in them."""


def encode_updates(updates: Sequence[Update], first: int) -> tuple[list[Row], list[Row]]:
    """One row each, in the order of `UPDATE_COLUMNS`, then its number, counted from `first`.

    Those that fill only the first `BRIEF` columns come by themselves, as rows of these: to hand
    nine nulls to SQLite takes as long as all the rest of a row. Written as comprehensions, and
    checked by column, because every update passes here: field by field it took three times as long.

    Raises:
        InputError: a text contains NUL, which PostgreSQL refuses and SQLite's functions cut.
    """
    # fmt: off
    brief = [
        (
            id_, occurred, precision._value_, recorded, kind, title, encode_names(topics),
            encode_names(parties), source, url, text, seq,
        )
        for seq, (
            id_, (occurred, precision), recorded, kind, title, topics, parties, source, url, text,
            *rest,
        ) in enumerate(updates, first)
        if rest == _NOTHING
    ]
    full = [] if len(brief) == len(updates) else [
        (
            id_, occurred, precision._value_, recorded, kind, title, encode_names(topics),
            encode_names(parties), source, url, text, *rest[:4],
            None if rest[4] is None else str(rest[4]), *rest[5:],
            None if moves_to is None else moves_to.text, seq,
        )
        for seq, (
            id_, (occurred, precision), recorded, kind, title, topics, parties, source, url, text,
            *rest, moves_to,
        ) in enumerate(updates, first)
        if moves_to is not None or rest != _NOTHING[:-1]
    ]
    # fmt: on
    for rows, columns in ((brief, _TEXTS[:_BRIEF_TEXTS]), (full, _TEXTS)):
        for column in columns:
            if "\0" in "".join(filter(None, map(column, rows))):
                raise nul_error()
    return brief, full


# fmt: off
def decode_update(row: Row) -> Update:
    """The update of a row that begins with `UPDATE_COLUMNS`."""
    (
        id_, occurred, precision, recorded, kind, title, topics, parties, source, url, text,
        agreement, commitment, milestone, indicator, value, unit, supersedes, retracts,
        moves_to,
    ) = row[:20]
    # Made as a bare tuple, as `_make` does, without the call: history is read by the million.
    return tuple.__new__(Update, (
        id_, _occurred(occurred, precision), recorded, kind, title, decode_names(topics),
        decode_names(parties), source, url, text, agreement, commitment, milestone, indicator,
        None if value is None else Decimal(value), unit, supersedes, retracts,
        None if moves_to is None else parse_occurred(moves_to),
    ))
# fmt: on
