"""Lints about who is looking: sources too weak to move anything, topics that nobody reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.commitment import EVENTS
from monitor.domain.condition import Count, OnUpdate, PartyCount, Sequence, atoms
from monitor.language.faults import did_you_mean
from monitor.language.lints.note import info, names, warning

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from monitor.domain.commitment import Agreement, Commitment, Rule
    from monitor.domain.condition import Atom, UpdatePattern
    from monitor.language.document import Document
    from monitor.language.draft import Reading
    from monitor.language.faults import Fault

UNLISTED = 3
"""The tier of a source in no group."""


def lint_watching(reading: Reading, topics_seen: Collection[str] | None) -> Iterator[Fault]:
    agreement, document = reading.agreement, reading.document
    if agreement is None or document is None:
        return
    yield from _too_weak(agreement, document)
    if topics_seen is not None:
        yield from _never_seen(agreement, document, topics_seen)


def _too_weak(agreement: Agreement, document: Document) -> Iterator[Fault]:
    """Where no source is of a commitment's tier, no update can move its level."""
    strongest = min((group.tier for group in agreement.sources), default=UNLISTED)
    weak: dict[int, list[str]] = {}
    for commitment in agreement.commitments:
        if commitment.rated and commitment.tier < strongest:
            moving = [rule for rule in commitment.rules if rule.then.kind in EVENTS]
            if moving and not any(_admits(rule, strongest, commitment) for rule in moving):
                weak.setdefault(commitment.tier, []).append(commitment.id)
    for tier, ids in sorted(weak.items()):
        message = f"no source of tier {tier} or better is listed: no update can move {names(ids)}"
        hint = "list sources under sources:, or write tier: 3"
        path = ("sources",) if agreement.sources else ()
        yield warning(document, path, "nobody-watching", message, hint, key=True)


def _admits(rule: Rule, strongest: int, commitment: Commitment) -> bool:
    """Whether a rule can hold with sources of tier `strongest` at best."""
    found = [pattern for atom in atoms(rule.when) for pattern in _patterns(atom)]
    if not found:
        return True
    return any((p.tier or commitment.tier) >= strongest for p in found)


def _patterns(atom: Atom) -> tuple[UpdatePattern, ...]:
    if isinstance(atom, (OnUpdate, Count, PartyCount)):
        return (atom.update,)
    return atom.steps if isinstance(atom, Sequence) else ()


def _never_seen(
    agreement: Agreement, document: Document, topics_seen: Collection[str]
) -> Iterator[Fault]:
    seen = dict.fromkeys(sorted(topics_seen))
    for index, commitment in enumerate(agreement.commitments):
        topics = commitment.about.topics
        path = ("commitments", index, "about", "topics")
        missing = [topic for topic in topics if topic not in seen]
        if topics and len(missing) == len(topics):
            what = f"the topic '{topics[0]}'" if len(topics) == 1 else "any of its topics"
            message = f"no update ever had {what}: nobody watches '{commitment.id}'"
            hint = did_you_mean(topics[0], seen)
            yield warning(document, path, "topics-never-seen", message, hint)
            continue
        for topic in missing:
            hint = did_you_mean(topic, seen.keys() - set(topics))
            if hint:
                message = f"no update ever had the topic '{topic}'"
                yield info(document, path, "topic-never-seen", message, hint)
