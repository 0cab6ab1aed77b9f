"""Evidence without what was taken back: asked of the store, by what was known at an instant."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.retraction import may_take_back, taken_back, targets
from monitor.domain.time import LATEST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from monitor.domain.time import Instant
    from monitor.domain.update import Update
    from monitor.services.ports import Engine, Reader

Row = tuple["Instant", "Update"]
_PART = 500


class Retractions:
    """Which evidence counts. What nobody takes back costs one look into an index."""

    def __init__(self, reader: Reader, engine: Engine, known_at: Instant = LATEST) -> None:
        self._reader, self._engine, self._known_at = reader, engine, known_at
        self._zones = {a.id: a.zone for a in engine.rulebook.agreements}

    def counting(self, key: str, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows of a commitment's evidence that were not taken back."""
        out = self.out(self._engine.commitments[key].agreement, [update for _, update in rows])
        return [row for row in rows if row[1].id not in out] if out else rows

    def reading(self, key: str, rows: Iterable[Row]) -> Iterable[Row]:
        """The same, read as it is asked for."""
        return self._in_parts(key, iter(rows)) if self._reader.has_takers() else rows

    def _in_parts(self, key: str, rows: Iterator[Row]) -> Iterator[Row]:
        while part := list(islice(rows, _PART)):
            yield from self.counting(key, part)

    def out(self, agreement: str, updates: Collection[Update]) -> Mapping[str, Update]:
        """Those of `updates` that do not count, by id, each with what takes its place."""
        family = self.family(updates)
        if not family:
            return {}
        gone = self.among(agreement, family.values())
        return {update.id: gone[update.id] for update in updates if update.id in gone}

    def among(self, agreement: str, family: Iterable[Update]) -> dict[str, Update]:
        """As `out`, of a whole family."""
        tier = partial(self._engine.tier, agreement)
        return taken_back(family, tier, self._zones[agreement])

    def family(self, updates: Collection[Update]) -> dict[str, Update]:
        """What takes these back or is taken back by them, and so on; {} where nothing is."""
        if not self._reader.has_takers():
            return {}
        known = {update.id: update for update in updates}
        linked = {i for update in updates for i in targets(update)}
        takers = self._takers({*known, *linked})
        if not takers:
            return {}
        related: dict[str, Update] = {}
        asked = {*known, *linked}
        fresh = takers
        while fresh:
            related.update((update.id, update) for update in fresh)
            ids = {i for u in fresh for i in (u.id, *targets(u))}
            for identity in ids & known.keys():
                related[identity] = known[identity]
            missing = ids - related.keys()
            found = self._known(self._reader.updates(sorted(missing)).values()) if missing else []
            related.update((update.id, update) for update in found)
            ids.update(i for update in found for i in targets(update))
            fresh = [u for u in self._takers(ids - asked) if u.id not in related]
            fresh += [u for u in found if targets(u)]
            asked |= ids
        return related

    def _takers(self, ids: Collection[str]) -> list[Update]:
        return self._known(self._reader.takers(sorted(ids)))

    def _known(self, updates: Iterable[Update]) -> list[Update]:
        return [update for update in updates if update.recorded <= self._known_at]


class Claim(NamedTuple):
    """An update that would take another back, and why it does not (None: it does).

    `verb` is "retracts" or "supersedes"; `target` is None where it is not known yet.
    """

    update: Update
    verb: str
    identity: str
    target: Update | None
    hindrance: str | None


class Rewriting(NamedTuple):
    """What new updates do to evidence that was known.

    `spans` are, by commitment, the first and the last instant at which old evidence is gone or
    back. `gone` are
    ids, by agreement, of what does not count. `causes` are, by commitment, the updates that made
    the difference. `claims` are what the new ones say of others.
    """

    spans: Mapping[str, tuple[Instant, Instant]] = {}
    gone: Mapping[str, Mapping[str, Update]] = {}
    causes: Mapping[str, Sequence[Update]] = {}
    claims: Sequence[Claim] = ()


def rewriting(reader: Reader, engine: Engine, new: Sequence[Update]) -> Rewriting:
    """What updates that have just been stored take back, or bring back, or find taken back."""
    retractions = Retractions(reader, engine)
    family = retractions.family(new)
    if not family:
        return Rewriting()
    fresh = {update.id for update in new}
    before = [update for update in family.values() if update.id not in fresh]
    gone: dict[str, dict[str, Update]] = {}
    was_gone: dict[str, dict[str, Update]] = {}
    spans: dict[str, tuple[Instant, Instant]] = {}
    causes: dict[str, dict[str, Update]] = {}
    for update in family.values():
        for key, at in engine.route(update):
            agreement = engine.commitments[key].agreement
            if agreement not in gone:
                gone[agreement] = retractions.among(agreement, family.values())
                was_gone[agreement] = retractions.among(agreement, before)
            now, then = gone[agreement].get(update.id), was_gone[agreement].get(update.id)
            if update.id in fresh or (now is None) is (then is None):
                continue
            first, last = spans.get(key, (at, at))
            spans[key] = min(at, first), max(at, last)
            cause = now or gone[agreement].get(then.id if then else "")
            if cause is not None:
                causes.setdefault(key, {})[cause.id] = cause
    claims = [c for u in new if u.id in family for c in _claims(u, family, engine, gone)]
    return Rewriting(spans, gone, {key: list(by.values()) for key, by in causes.items()}, claims)


def _claims(
    update: Update,
    family: Mapping[str, Update],
    engine: Engine,
    gone: Mapping[str, Mapping[str, Update]],
) -> Iterable[Claim]:
    for verb, identity in (("retracts", update.retracts), ("supersedes", update.supersedes)):
        if identity is None or identity == update.id:
            continue
        target = family.get(identity)
        yield Claim(update, verb, identity, target, _hindrance(update, target, engine, gone))


def _hindrance(
    update: Update,
    target: Update | None,
    engine: Engine,
    gone: Mapping[str, Mapping[str, Update]],
) -> str | None:
    """Why an update does not take another back, in words; None where it does, or where it may."""
    if target is None:
        return "that is not known yet; it takes effect when it comes"
    for agreement in gone:
        if not may_take_back(update, target, partial(engine.tier, agreement)):
            return (
                f"its source is of tier {engine.tier(agreement, update)}, and what is of tier "
                f"{engine.tier(agreement, target)} stays until a source as strong takes it back"
            )
        taker = gone[agreement].get(update.id)
        if taker is not None:
            return f"{taker.id} has taken its place"
        if target.id not in gone[agreement]:
            return "they take back one another in a circle, so that all of them count"
    return None
