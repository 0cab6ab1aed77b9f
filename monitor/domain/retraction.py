"""Which updates count no longer, because others take them back.

An update takes back what it `retracts` and what it `supersedes`, whenever it says that happened:
what counts is that it is known. So an answer depends on which updates are known, and on nothing
else: not on the order in which they came.

- One takes back another only if its source is as strong or stronger (a lower tier, or the same): a
  rumour does not retract the official record.
- One that only retracts says nothing about the world: it is no evidence itself.
- One that is taken back itself takes nothing back: retracting a retraction restores what it took.
- Of several that supersede the same update only one counts: of the strongest source, then of the
  latest occurrence, then of the greatest id. It takes the place of the others as well.
- Updates that take back one another in a circle, and what only they take back, all count.

This is the grounded reading of Dung's argumentation frameworks (Artificial Intelligence 77, 1995):
in if everything that attacks it is out, out if something that attacks it is in.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from monitor.domain.update import Update


def targets(update: Update) -> tuple[str, ...]:
    """The ids that an update takes back, or would."""
    return tuple(i for i in (update.retracts, update.supersedes) if i and i != update.id)


def is_evidence(update: Update) -> bool:
    """Whether an update says something about the world, and not only about another update."""
    return update.retracts is None or update.supersedes is not None


def may_take_back(taker: Update, other: Update, tier: Callable[[Update], int]) -> bool:
    """Whether the source of one is as strong as that of the other, or stronger."""
    return tier(taker) <= tier(other)


def taken_back(
    reports: Iterable[Update], tier: Callable[[Update], int], zone: str
) -> dict[str, Update]:
    """Those of `reports` that do not count, by id, each with the update that takes its place.

    Args:
        reports: everything that takes back one of them, or is taken back by one of them, included.
        tier: the strength of a source in the agreement concerned; 1 is the strongest.
        zone: in which dates are read.
    """
    work = _Reading({u.id: u for u in reports}, tier, zone)
    work.run()
    return work.out


class _Reading:
    """Who is in and who is out, beginning with those whom nobody attacks."""

    def __init__(
        self, known: Mapping[str, Update], tier: Callable[[Update], int], zone: str
    ) -> None:
        self.known, self.tier, self.zone = known, tier, zone
        self.out: dict[str, Update] = {}
        self._in: set[str] = set()
        self._victims: dict[str, list[str]] = defaultdict(list)
        self._takers: dict[str, list[str]] = defaultdict(list)
        self._waits: dict[str, int] = defaultdict(int)
        self._rivals: dict[str, deque[str]] = {}
        self._replaces: dict[str, str] = {}
        for update in known.values():
            for target in targets(update):
                other = known.get(target)
                if other is not None and may_take_back(update, other, tier):
                    self._victims[update.id].append(target)
                    self._takers[target].append(update.id)
                    self._waits[target] += 1
        self._line_up()

    def _line_up(self) -> None:
        """Those that may supersede one update, the strongest first; each waits for the others."""
        lines: dict[str, list[Update]] = defaultdict(list)
        for update in self.known.values():
            replaced = update.supersedes
            if replaced is None or replaced == update.id:
                continue
            other = self.known.get(replaced)
            if other is None or may_take_back(update, other, self.tier):
                lines[replaced].append(update)
        for replaced, line in lines.items():
            line.sort(key=self._strength, reverse=True)
            self._rivals[replaced] = deque(update.id for update in line)
            self._replaces.update((update.id, replaced) for update in line)
            for update in line[1:]:
                self._waits[update.id] += 1

    def _strength(self, update: Update) -> tuple[int, int, str]:
        return -self.tier(update), update.occurred.start(self.zone), update.id

    def run(self) -> None:
        """Decide all that can be decided; what is left goes round in a circle."""
        free = deque(identity for identity in self.known if not self._waits[identity])
        while free:
            identity = free.popleft()
            if identity in self.out or identity in self._in:
                continue
            self._in.add(identity)
            for loser in (*self._victims[identity], *self._beaten_by(identity)):
                if loser not in self.out and loser not in self._in:
                    self.out[loser] = self.known[identity]
                    free.extend(self._freed_by(loser))
        for loser, winner in self.out.items():
            able = [self.known[i] for i in self._takers[loser] if i in self._in]
            self.out[loser] = max((winner, *able), key=self._strength)

    def _beaten_by(self, identity: str) -> list[str]:
        line = self._rivals.get(self._replaces.get(identity, ""), ())
        return [other for other in line if other != identity]

    def _freed_by(self, loser: str) -> Iterator[str]:
        """Whom the loser held back, and who now waits for nobody else."""
        for victim in self._victims[loser]:
            self._waits[victim] -= 1
            if not self._waits[victim]:
                yield victim
        line = self._rivals.get(self._replaces.get(loser, ""))
        if line and line[0] == loser:
            while line and line[0] in self.out:
                line.popleft()
            if line:
                self._waits[line[0]] -= 1
                if not self._waits[line[0]]:
                    yield line[0]
