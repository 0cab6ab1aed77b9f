"""The register: a rulebook in short, which a run leaves for those who only ask how things stand.

Parsing and building a rulebook is most of what such a question costs. The register is true of files
whose bytes it was made of, and only read for those.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from monitor.domain.basis import Basis
from monitor.domain.register import Entry, Listed, Register, Silence

if TYPE_CHECKING:
    from monitor.services.ports import Engine, Reader, Writer

_BODY, _ORIGIN = "register", "register-of"
_FORM = 1
"""Of the text that is stored; another is not read."""


def register_of(engine: Engine) -> Register:
    """The register of the rulebook that an engine has."""
    askers: dict[str, tuple[str, ...]] = {}
    for asker, asked in engine.asks.items():
        for key in asked:
            askers[key] = (*askers.get(key, ()), asker)
    return Register(
        engine.origin,
        engine.fingerprint,
        tuple(
            Listed(a.id, a.source, Silence(a.coverage.assumed, a.coverage.grace))
            for a in engine.rulebook.agreements
        ),
        {
            key: Entry(key, c.id, c.agreement, c.title, c.basis, c.start, c.zone)
            for key, c in engine.commitments.items()
        },
        askers,
    )


def note(writer: Writer, engine: Engine) -> None:
    """Leave the register of this rulebook, unless it is there already."""
    if not engine.origin or writer.meta(_ORIGIN) == _stamp(engine.origin):
        return
    found = register_of(engine)
    body = [found.fingerprint, found.agreements, list(found.commitments.values()), found.askers]
    writer.set_meta(_BODY, json.dumps(body, ensure_ascii=False, separators=(",", ":")))
    writer.set_meta(_ORIGIN, _stamp(engine.origin))


def noted(reader: Reader, origin: str) -> Register | None:
    """The register that was left of a rulebook of this origin; None: it was of another."""
    text = reader.meta(_BODY) if reader.meta(_ORIGIN) == _stamp(origin) else None
    if text is None:
        return None
    fingerprint, agreements, commitments, askers = json.loads(text)
    basis = {member.value: member for member in Basis}
    return Register(
        origin,
        fingerprint,
        tuple(Listed(id_, document, Silence(*silence)) for id_, document, silence in agreements),
        {
            key: Entry(key, id_, agreement, title, basis[word], start, zone)
            for key, id_, agreement, title, word, start, zone in commitments
        },
        {key: tuple(keys) for key, keys in askers.items()},
    )


def _stamp(origin: str) -> str:
    return f"{_FORM} {origin}"
