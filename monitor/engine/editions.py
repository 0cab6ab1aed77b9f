"""The edition of a commitment's rules: everything its hash is made of, in parts with names."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from monitor.domain.edition import Edition, RuleEdition
from monitor.domain.time import format_date, format_duration
from monitor.engine.version import ENGINE_VERSION

if TYPE_CHECKING:
    from monitor.domain.commitment import Agreement, Commitment, CoveragePolicy

_CLOCKS = ("quiet", "stalled", "dormant", "due_soon", "dwell")


def edition(commitment: Commitment, agreement: Agreement, name: str) -> Edition:
    """The edition that `name`, the hash of a compiled commitment, stands for."""
    c = commitment
    clocks = {key: getattr(c.thresholds, key) for key in _CLOCKS}
    return Edition(
        name,
        c.title,
        {r.id: RuleEdition(_hash(r), str(r.where) if r.where.file else "") for r in c.rules},
        {
            "profile": c.profile or "none",
            **{key: format_duration(value) if value else "none" for key, value in clocks.items()},
            "tier": str(c.tier),
            "deadline": "none" if c.deadline is None else c.deadline.text,
            "date": format_date(c.start, c.zone),
            "timezone": c.zone,
            "rated": "true" if c.rated else "false",
            "coverage": _policy(agreement.coverage),
            "about": f"#{_hash(c.about)}",
            "superseded": f"#{_hash(c.superseded)}",
            "milestones": f"#{_hash(c.milestones)}",
            "indicators": f"#{_hash(c.indicators)}",
            "parties": f"#{_hash((c.parties, c.weights))}",
            "sources": f"#{_hash(agreement.sources)}",
            "engine": ENGINE_VERSION,
        },
    )


def _policy(policy: CoveragePolicy) -> str:
    if policy.assumed:
        return "assumed"
    return f"grace {format_duration(policy.grace)}" if policy.grace else "as recorded"


def _hash(part: object) -> str:
    """Of what a value says; where it stands in a file is no part of that."""
    return hashlib.blake2b(repr(part).encode(), digest_size=8).hexdigest()
