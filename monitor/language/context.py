"""What is known about a file while a piece of it is being read.

Gathered leniently from the raw data first, so that one fault does not hide another: an unknown
kind is reported even where the commitment around it has a misspelt key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from monitor.domain.time import Occurred, parse_occurred
from monitor.domain.update import KINDS
from monitor.domain.zones import load_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import ValidationInfo

NO_IDS: frozenset[str] = frozenset()


@dataclass(slots=True)
class Context:
    """`milestones` and `indicators` are those of the commitment being read.

    They are None where a profile is read, whose rules serve many commitments; so are `parties`.
    `any_milestones`, `any_indicators` and `any_parties` are those of the whole file.
    """

    kinds: Mapping[str, None] = field(default_factory=lambda: dict.fromkeys(KINDS))
    profiles: Mapping[str, None] = field(default_factory=dict)
    zone: str = "UTC"
    date: Occurred | None = None
    milestones: frozenset[str] | None = None
    indicators: frozenset[str] | None = None
    any_milestones: frozenset[str] | None = None
    any_indicators: frozenset[str] | None = None
    parties: frozenset[str] | None = None
    any_parties: frozenset[str] = NO_IDS
    header_parties: frozenset[str] = NO_IDS
    weights: Mapping[str, None] = field(default_factory=dict)

    def enter(self, commitment: Any) -> None:
        """From here on `commitment` is read."""
        self.milestones = _ids(commitment, "milestones")
        self.indicators = _ids(commitment, "indicators")
        own = commitment.get("parties") if isinstance(commitment, dict) else None
        self.parties = self.header_parties if own is None else _parties(own)


def context_of(info: ValidationInfo) -> Context | None:
    """The context of a validation, or None where a value is read by itself."""
    context = info.context
    return context if isinstance(context, Context) else None


def gather(data: Mapping[str, Any], built_in: Iterable[str]) -> Context:
    """Look through a raw file."""
    commitments = data.get("commitments")
    commitments = commitments if isinstance(commitments, list) else []
    kinds = data.get("kinds")
    own = data.get("profiles")
    parties = [_parties(holder.get("parties")) for holder in (data, *_mappings(commitments))]
    return Context(
        kinds=dict.fromkeys((*KINDS, *_words(kinds))),
        profiles=dict.fromkeys((*_words(own), *built_in)),
        zone=_zone(data.get("timezone")),
        date=_date(data.get("date")),
        any_milestones=NO_IDS.union(*(_ids(c, "milestones") for c in commitments)),
        any_indicators=NO_IDS.union(*(_ids(c, "indicators") for c in commitments)),
        any_parties=NO_IDS.union(*parties),
        header_parties=parties[0],
        weights=dict.fromkeys(_words(data.get("weights"))),
    )


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [v for v in value if isinstance(v, str)] if isinstance(value, (list, dict)) else []


def _mappings(values: list[Any]) -> list[dict[str, Any]]:
    return [value for value in values if isinstance(value, dict)]


def _parties(value: Any) -> frozenset[str]:
    return frozenset(word.strip().upper() for word in _words(value))


def _ids(commitment: Any, key: str) -> frozenset[str]:
    items = commitment.get(key) if isinstance(commitment, dict) else None
    if not isinstance(items, list):
        return NO_IDS
    ids = (item.get("id") for item in items if isinstance(item, dict))
    return frozenset(i for i in ids if isinstance(i, str))


def _zone(value: Any) -> str:
    if not isinstance(value, str):
        return "UTC"
    try:
        load_zone(value)
    except ValueError:
        return "UTC"
    return value


def _date(value: Any) -> Occurred | None:
    if isinstance(value, int):
        value = f"{value:04d}"
    try:
        return parse_occurred(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None
