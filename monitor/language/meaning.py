"""A hash of what a rulebook means: equal for two files that say the same in different ways."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from monitor.domain.commitment import Rule

if TYPE_CHECKING:
    from monitor.domain.commitment import Agreement


def agreement_hash(agreement: Agreement) -> str:
    """16 hex digits of SHA-256 over everything but places in files.

    Rules that many commitments share are digested once.
    """
    rules: dict[int, str] = {}
    total = hashlib.sha256(_json(replace(agreement, commitments=(), hash="", file=""), rules))
    for commitment in agreement.commitments:
        total.update(_json(commitment, rules))
    return total.hexdigest()[:16]


def rulebook_hash(agreements: tuple[Agreement, ...]) -> str:
    """The same whatever the order in which files are found."""
    parts = sorted(f"{a.id}:{a.hash}" for a in agreements)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _json(value: Any, rules: dict[int, str]) -> bytes:
    plain = _plain(value, rules)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: Any, rules: dict[int, str]) -> Any:
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, tuple):
        return [_plain(part, rules) for part in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Rule):
        known = rules.get(id(value))
        if known is None:
            known = hashlib.sha256(_json(_parts(value, rules), rules)).hexdigest()
            rules[id(value)] = known
        return known
    return _parts(value, rules)


def _parts(value: Any, rules: dict[int, str]) -> Any:
    if not is_dataclass(value):
        return value
    kind: type = type(value)
    return (kind.__name__, *(_plain(getattr(value, name), rules) for name in _names(kind)))


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind) if f.compare)
