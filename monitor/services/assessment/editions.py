"""The editions of the rules that histories were derived under, as the store remembers them."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from monitor.domain.edition import Edition, RuleEdition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.services.ports import Engine, Reader, Writer

_EDITION, _RULES = "edition:", "ruleset:"


def remember(writer: Writer, engine: Engine, keys: Iterable[str]) -> None:
    """Keep the present editions of these commitments; rules that many share are kept once."""
    written: set[str] = set()
    for key in keys:
        edition = engine.edition(key)
        rules = json.dumps(edition.rules, ensure_ascii=False)
        name = hashlib.blake2b(rules.encode(), digest_size=8).hexdigest()
        if name not in written:
            written.add(name)
            writer.set_meta(_RULES + name, rules)
        body = json.dumps([edition.title, name, edition.terms], ensure_ascii=False)
        writer.set_meta(_EDITION + edition.hash, body)


def recall(reader: Reader, name: str) -> Edition | None:
    """The edition with this hash; None where a store is older than its editions."""
    text = reader.meta(_EDITION + name)
    if text is None:
        return None
    title, rules, terms = json.loads(text)
    shared = json.loads(reader.meta(_RULES + rules) or "{}")
    return Edition(name, title, {k: RuleEdition(*v) for k, v in shared.items()}, terms)
