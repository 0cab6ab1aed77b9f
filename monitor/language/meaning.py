"""A hash of what a rulebook means: equal for two files that say the same in different ways."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from monitor.domain.commitment import Rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.domain.commitment import Agreement

_ATOMS = frozenset({str, int, bool, type(None)})


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
    """What JSON can hold. An enum is its value, a dataclass a list that begins with its name."""
    kind = type(value)
    if kind is tuple:
        return [part if type(part) in _ATOMS else _plain(part, rules) for part in value]
    if kind is Decimal:
        return f"{value:f}"
    if kind is Rule:
        known = rules.get(id(value))
        if known is None:
            known = hashlib.sha256(_json(_parts(value, rules), rules)).hexdigest()
            rules[id(value)] = known
        return known
    return _parts(value, rules) if is_dataclass(value) else _plain_other(value, rules)


def _plain_other(value: Any, rules: dict[int, str]) -> Any:
    """Enums are strings or numbers already; the rest are named tuples."""
    return [_plain(part, rules) for part in value] if isinstance(value, tuple) else value


def _parts(value: Any, rules: dict[int, str]) -> list[Any]:
    kind: type = type(value)
    found = _getter(kind)(value)
    return [
        kind.__name__,
        *(part if type(part) in _ATOMS else _plain(part, rules) for part in found),
    ]


@cache
def _getter(kind: type) -> Callable[[Any], tuple[Any, ...]]:
    names = [f.name for f in fields(kind) if f.compare]
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda value: (get(value),)
