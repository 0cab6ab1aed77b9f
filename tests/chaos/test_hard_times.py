"""Kills, a clock that jumps, a disk that fills up and receivers that fail, all at once.

With routes, groups and a silence: at the end the history is that of one undisturbed run, every
alert was delivered to whom it goes or its suppression is on record, and each was told to each
receiver first under one id.
"""

import json
import os
import random
import sqlite3
import subprocess
from collections import Counter, defaultdict
from contextlib import contextmanager

import pytest
from pact import RULEBOOK, finish, report, start, when

CONFIG = """
rules: [pact.yaml]
store: sqlite:///store/pact.db
sources: [{{name: feed, file: feed.jsonl}}]
receivers:
  - {{name: desk, url: '{url}/desk', timeout: 5, allow_private: true}}
  - {{name: boss, url: '{url}/boss', timeout: 5, allow_private: true}}
routes:
  receiver: desk
  routes:
    - {{matchers: {{kind: stalled}}, receiver: [desk, boss]}}
    - {{matchers: {{kind: at_risk}}, group_by: [agreement], wait: 2d, interval: 3d}}
    - {{matchers: {{kind: setback}}, receiver: []}}
"""
DISK = "4m"
"""Of the small disk; a store of this size has some 500 kB."""


class House:
    """A folder with a configuration, a feed and a store in a folder of its own."""

    def __init__(self, folder, url):
        self.folder, self.store = folder, folder / "store"
        self.store.mkdir(parents=True)
        (folder / "pact.yaml").write_text(RULEBOOK)
        (folder / "monitor.yaml").write_text(CONFIG.format(url=url))
        (folder / "feed.jsonl").write_text("")

    def start(self, *words):
        return start(self.folder, *words)

    def do(self, *words):
        return finish(self.start(*words))

    def run(self, day):
        return self.do("run", "--now", when(day))

    def rows(self, sql):
        with sqlite3.connect(self.store / "pact.db") as connection:
            return connection.execute(sql).fetchall()

    def standing(self):
        return sorted(self.rows("SELECT id FROM transitions WHERE withdrawn IS NULL"))


def torment(house, receiver, rng, rounds, *, disk):
    """So many rounds in which something goes wrong; the day that was reached, and what went wrong."""
    house.run(0)
    house.do(
        *("silence", "add", "--matcher", "commitment=pact/c1", "--by", "me", "--reason", "calm"),
        *("--from", when(10), "--until", when(20), "--now", when(0)),
    )
    day, met = 0, Counter()
    ballast = house.store / "ballast"
    while sum(met.values()) < rounds or (disk and not met["disk was full"]):
        day += rng.randrange(1, 5)
        with (house.folder / "feed.jsonl").open("a") as feed:
            feed.writelines(json.dumps(report(rng, day)) + "\n" for _ in range(rng.randrange(4)))
        receiver.answer(*rng.choices((200, 500, "drop"), k=3))
        clock = day + rng.choice((0, 0, -1, -9, -30, 3))
        met["clock went back"] += clock < day
        day = max(day, clock)
        if full := disk and rng.random() < 0.5:
            fill(ballast, rng.choice((0, 0, 20_000, 60_000)))
        run = house.start("run", "--now", when(max(clock, 0)))
        try:  # when it is killed is left to chance: that is the test
            _, err = run.communicate(timeout=60 if full else rng.uniform(0.2, 4))
        except subprocess.TimeoutExpired:
            run.kill()
            run.communicate()
            met["killed"] += 1
        else:
            assert run.returncode == 0 or (full and run.returncode == 3), err
            assert "Traceback" not in err
            met["disk was full"] += run.returncode == 3
        ballast.unlink(missing_ok=True)
    receiver.recover()
    return day, met


def fill(ballast, left):
    """Take the disk, all but so many bytes; a run then stops wherever these are used up."""
    free = os.statvfs(ballast.parent)
    size = max(free.f_bavail * free.f_frsize - left, 0)
    try:
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(size, 1))
    except OSError:
        ballast.unlink(missing_ok=True)


def recovered(house, day):
    """All is well again: what was given up is retried, and a run every few days clears the rest."""
    for _ in range(40):
        day += 6
        house.run(day)
        if house.rows("SELECT id FROM deliveries WHERE state = 'dead'"):
            house.do("deliveries", "retry", "--all", "--now", when(day))
        waiting = house.rows("SELECT count(*) FROM deliveries WHERE state <> 'delivered'")
        held = house.rows("SELECT count(*) FROM notices WHERE state IN ('held', 'muted')")
        if waiting == held == [(0,)] and day > 21:
            break
    return day


def accounts(house):
    """{what became of it: how many} of every alert for everybody whom it concerns."""
    found = Counter()
    suppressed = set(house.rows("SELECT alert, receiver FROM suppressions"))
    nobody = {alert for alert, _ in suppressed}
    states = dict(house.rows("SELECT id, state FROM deliveries"))
    known = defaultdict(list)
    for alert, receiver, state, delivery in house.rows(
        "SELECT alert, receiver, state, delivery FROM notices"
    ):
        known[alert].append(receiver)
        if state == "sent":
            assert states[delivery] == "delivered", (alert, receiver)
        elif state == "dropped":
            assert (alert, receiver) in suppressed, (alert, receiver)
        else:
            assert state == "told", (alert, receiver, state)
        found[state] += 1
    for (alert,) in house.rows("SELECT id FROM alerts"):
        assert alert in known or alert in nobody, alert
    return found


def first_told(receiver):
    """{(receiver, alert id): message ids} of what arrived."""
    found = defaultdict(set)
    for request in receiver.requests:
        event = json.loads(request.body)
        several = event["data"].get("alerts")
        assert event["type"] != "monitor.message.reminder"
        for alert in [event["id"]] if several is None else [one["id"] for one in several]:
            found[request.path, alert].add(event["id"])
    return found


def judge(house, receiver, undisturbed, day, met, capsys):
    """Nothing is missing, nothing is told under two ids; the figures are printed."""
    (undisturbed.folder / "feed.jsonl").write_text((house.folder / "feed.jsonl").read_text())
    undisturbed.run(day)
    assert house.standing() == undisturbed.standing()
    found = accounts(house)
    told = first_told(receiver)
    assert {pair: ids for pair, ids in told.items() if len(ids) > 1} == {}
    sent = {
        (f"/hook/{name}", alert)
        for alert, name in house.rows("SELECT alert, receiver FROM notices WHERE state = 'sent'")
    }
    assert set(told) == sent
    (alerts,) = house.rows("SELECT count(*) FROM alerts")[0]
    assert found["sent"] > 5
    with capsys.disabled():
        wrong = ", ".join(f"{what} {count} times" for what, count in sorted(met.items()))
        print(  # noqa: T201 - the figures are what it is for
            f"\n{wrong}; {len(house.standing())} transitions, {alerts} alerts:"
            f" {found['sent']} told, {found['told']} told by a correction,"
            f" {found['dropped']} suppressed, 0 missing;"
            f" {len(receiver.requests)} requests, 0 alerts under two ids"
        )


LONG = [pytest.param(200, 2, marks=pytest.mark.long)]


@pytest.mark.parametrize(("rounds", "seed"), [(6, 1), *LONG])
def test_a_clock_that_jumps_and_kills_lose_nothing(tmp_path, receiver, capsys, rounds, seed):
    house = House(tmp_path / "tormented", receiver.url)
    day, met = torment(house, receiver, random.Random(seed), rounds, disk=False)
    day = recovered(house, day)
    quiet = House(tmp_path / "undisturbed", "http://127.0.0.1:9")
    judge(house, receiver, quiet, day, met, capsys)


@contextmanager
def small_disk(folder):
    """A disk of its own that is soon full. Skipped where it may not be mounted."""
    folder.mkdir(parents=True)
    options = ["-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    try:
        done = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command to make a small disk with")
    if done.returncode != 0:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize(("rounds", "seed"), [(6, 3), *LONG])
def test_a_disk_that_fills_up_loses_nothing(tmp_path, receiver, capsys, rounds, seed):
    with small_disk(tmp_path / "tormented"):
        house = House(tmp_path / "tormented" / "house", receiver.url)
        day, met = torment(house, receiver, random.Random(seed), rounds, disk=True)
        day = recovered(house, day)
        quiet = House(tmp_path / "undisturbed", "http://127.0.0.1:9")
        judge(house, receiver, quiet, day, met, capsys)
