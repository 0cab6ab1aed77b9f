"""LAW 4, exhaustively: die before every single statement of a rich day, run again, compare.

A day is a `run` that meets other rules, late news and time that has passed; an `ingest` with a
retraction, a duplicate and a contradiction; and a `deliver` to a receiver that stumbles. Killed
before any statement, and before and after any commit, each leaves what a second try makes into the
same day that was never disturbed.
"""

import json
import shutil

import pytest
from ledger import engine_of
from making import AT_RISK, advance, agreement, commitment, day, looked, on, rule, rulebook, update

from monitor.domain.assessment import Level
from monitor.domain.condition import Silence, StatusTest
from monitor.domain.delivery import Delivered, DeliveryState, Retry
from monitor.domain.time import DAY, HOUR
from monitor.domain.update import KINDS
from monitor.services.assessment.options import Options
from monitor.services.delivery.deliver import deliver
from monitor.services.evidence.collect import Collected
from monitor.services.ingest import take_in
from monitor.services.run import run
from monitor.sources.feed import FileSource
from monitor.store import open_store
from monitor.store.session import Session

RUN = Options(introduce=True, receivers=("desk", "wire"))
LATER = Options(receivers=("desk", "wire"))


def book(level):
    """Two commitments and one that asks about the first; the rule `up` is what is edited."""
    up = rule("up", on("agreement"), advance(level))
    risk = rule("risk", on("dispute"), AT_RISK, dwell=3 * DAY)
    still = rule("still", Silence(15 * DAY), AT_RISK)
    asks = rule("asks", StatusTest("g0/c0", level_at_least=1), advance(Level.LIMITED))
    made = (commitment(up, risk), commitment(still, name="c1"), commitment(asks, name="c2"))
    return rulebook(agreement(*made, assumed=False, grace=DAY))


class Killed(BaseException):
    """The process died here."""


class Reaper:
    """Kills before the statement whose number comes up."""

    def __init__(self, monkeypatch):
        self.left = None
        for name in ("rows", "run", "many", "commit"):
            self._watch(monkeypatch, name)

    def _watch(self, monkeypatch, name):
        original = getattr(Session, name)

        def watched(session, *args):
            self._tick()
            done = original(session, *args)
            if name == "commit":
                self._tick()
            return done

        monkeypatch.setattr(Session, name, watched)

    def _tick(self):
        if self.left is not None:
            if self.left == 0:
                raise Killed
            self.left -= 1

    def survives(self, number, work):
        """Whether `work` comes to its end before statement `number` does."""
        self.left = number
        try:
            work()
        except Killed:
            return False
        finally:
            self.left = None
        return True


class Desk:
    """Says no to the first attempt at about every third alert, and notes what arrived."""

    timeout = 5.0

    def __init__(self):
        self.got = []

    def deliver(self, outbound, now):
        if outbound.delivery.attempts == 0 and int(outbound.alert.id[-1], 16) % 3 == 0:
            return Retry(now + HOUR, "HTTP 503", 503)
        self.got.append(outbound.alert.id)
        return Delivered(now, 200)


class World:
    """A database file, and everything that is done to it."""

    def __init__(self, path, feed):
        self.path, self.feed = path, feed
        self.store = open_store(f"sqlite:///{path}")
        self.desks = {"desk": Desk(), "wire": Desk()}

    def run(self, level, now):
        source = FileSource("feed", self.feed)
        engine = engine_of(book(level))
        clock = lambda: day(now)  # noqa: E731
        run(
            self.store, engine, [source], self.desks, clock, RUN, kinds=KINDS, zone="UTC"
        )  # fmt: skip

    def ingest(self, now):
        first = update(11, "agreement", "They agree", source="Ministry")
        reports = [
            first,
            update(13, "dispute", "Quarrel, told late", source="Ministry"),
            update(9, "funding", "They agree no more", source="Ministry", retracts=first.id),
            first._replace(title="Something else"),
        ]
        recorded = [report._replace(recorded=day(now)) for report in reports]
        rows = [looked(0, 24, recorded=day(now))]
        collected = [Collected("hand", recorded, rows, [], ())]
        engine = engine_of(book(Level.SUBSTANTIAL))
        take_in(self.store, engine, collected, day(now), LATER, command="ingest")

    def deliver(self, now):
        deliver(self.store, self.desks, lambda: day(now))

    def contents(self):
        with self.store.read() as reader:
            return (
                reader.states(),
                reader.transitions(withdrawn=True),
                sorted(reader.alerts()),
                sorted((d.alert, d.receiver, d.state) for d in reader.deliveries()),
                list(reader.all_updates()),
                reader.coverage(),
                [reader.meta(key) for key in ("now", "rules", "watch")],
            )


DAYS = {
    "run": lambda world: world.run(Level.SUBSTANTIAL, 21),
    "ingest": lambda world: world.ingest(25),
    "deliver": lambda world: world.deliver(26),
}
"""What is done on each day, in this order."""


def prepared(folder, until):
    """A world on the eve of a day."""
    feed = folder / "feed.ndjson"
    world = World(folder / "eve.db", feed)
    reports = [(2, "meeting"), (8, "agreement"), (10, "dispute")]
    feed.write_text("")
    world.run(Level.LIMITED, 1)
    lines = [
        {
            "occurred_at": f"2025-01-{n:02}",
            "kind": kind,
            "title": f"{kind} {n}",
            "source": "Ministry",
        }
        for n, kind in reports
    ]
    feed.write_text("".join(json.dumps(line) + "\n" for line in lines[:2]))
    world.run(Level.LIMITED, 9)
    feed.write_text("".join(json.dumps(line) + "\n" for line in lines))
    for name, work in DAYS.items():
        if name == until:
            break
        work(world)
    world.store.close()
    return world


def copied(world, path):
    for old in world.path.parent.glob(f"{path.name}*"):
        old.unlink()
    for suffix in ("", "-wal"):
        part = world.path.with_name(world.path.name + suffix)
        if part.exists():
            shutil.copy(part, path.with_name(path.name + suffix))
    return World(path, world.feed)


PATIENCE = 12
"""Days until all is sent: alerts of one commitment go in order, and each may stumble once."""


def settled(world):
    """What a lease still holds is sent when it has run out, and what waits for it after that."""
    for now in range(27, 27 + PATIENCE):
        world.deliver(now)
    with world.store.read() as reader:
        assert {d.state for d in reader.deliveries()} == {DeliveryState.DELIVERED}
    return world.contents()


@pytest.mark.parametrize("name", list(DAYS))
def test_dying_before_any_statement_and_running_again_gives_the_undisturbed_day(
    name, tmp_path, monkeypatch
):
    eve = prepared(tmp_path, name)
    undisturbed = copied(eve, tmp_path / "undisturbed.db")
    DAYS[name](undisturbed)
    expected = settled(undisturbed)
    undisturbed.store.close()
    reaper = Reaper(monkeypatch)
    number = 0
    while True:
        world = copied(eve, tmp_path / "world.db")
        if reaper.survives(number, lambda world=world: DAYS[name](world)):
            break
        world.store.close()
        again = World(world.path, world.feed)
        again.desks = world.desks  # the receivers did not die
        DAYS[name](again)
        assert settled(again) == expected, f"killed before statement {number}"
        for desk, calm in zip(world.desks.values(), undisturbed.desks.values(), strict=True):
            assert set(desk.got) == set(calm.got), f"killed before statement {number}"
        again.store.close()
        number += 1
    assert number > {"run": 60, "ingest": 40, "deliver": 8}[name]


def test_the_day_is_as_rich_as_it_says(tmp_path):
    world = prepared(tmp_path, "never")
    _, transitions, alerts, deliveries, updates, coverage, _ = world.contents()
    kinds = {alert.kind.value for alert in alerts}
    assert {"summary", "advanced", "at_risk", "rules_changed", "correction"} <= kinds
    assert any(row.withdrawn is not None for row in transitions)
    assert any(update.retracts for update in updates)
    assert len(coverage) > 1
    assert {state for _, _, state in deliveries} == {DeliveryState.DELIVERED, DeliveryState.PENDING}
    assert {state for _, _, state in settled(world)[3]} == {DeliveryState.DELIVERED}
