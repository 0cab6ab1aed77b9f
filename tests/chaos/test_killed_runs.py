"""kill -9 at random instants: nothing is lost, and no fact goes out under two ids (law 4)."""

import json
import random
import sqlite3
import subprocess

import pytest
from pact import RULEBOOK, finish, report, start, when

SPEAKS_FOR = """
    SELECT told.id, correction.id FROM alerts told
    JOIN alerts correction ON correction.transition = told.transition
    WHERE correction.kind = 'correction' AND told.kind <> 'correction'
"""
"""What a late report put in the place of something announced is told by the correction of that."""


def write_project(folder, url=None):
    folder.mkdir()
    (folder / "pact.yaml").write_text(RULEBOOK)
    receivers = (
        f"receivers: [{{name: desk, url: {url}, timeout: 5, allow_private: true}}]\n" if url else ""
    )
    (folder / "monitor.yaml").write_text(
        "rules: [pact.yaml]\nstore: sqlite:///pact.db\n"
        f"sources: [{{name: feed, file: feed.jsonl}}]\n{receivers}"
    )
    (folder / "feed.jsonl").write_text("")


def start_run(folder, day):
    return start(folder, "run", "--now", when(day))


def rows(folder, sql):
    with sqlite3.connect(folder / "pact.db") as connection:
        return connection.execute(sql).fetchall()


def standing(folder):
    """Every transition that stands: what the history is, however it came about."""
    return sorted(i for (i,) in rows(folder, "SELECT id FROM transitions WHERE withdrawn IS NULL"))


def torment(tmp_path, receiver, kills, seed):
    rng = random.Random(seed)
    folder = tmp_path / "killed"
    write_project(folder, receiver.url)
    finish(start_run(folder, 0))
    day, killed = 0, 0
    while killed < kills:
        day += rng.randrange(1, 8)
        with (folder / "feed.jsonl").open("a") as feed:
            feed.writelines(json.dumps(report(rng, day)) + "\n" for _ in range(rng.randrange(4)))
        receiver.answer(*rng.choices((200, 500, "drop"), k=3))
        run = start_run(folder, day)
        try:  # when it is killed is left to chance: that is the test
            run.communicate(timeout=rng.uniform(0.0, 1.6))
        except subprocess.TimeoutExpired:
            run.kill()
            run.communicate()
        killed += run.returncode == -9
    receiver.recover()
    return folder, recover(folder, day)


def recover(folder, day):
    """The receiver is well again: what was given up is retried, and a run a day clears the rest."""
    for _ in range(30):
        day += 1
        finish(start_run(folder, day))
        # due on the days of this story, which are long gone by the clock
        finish(start(folder, "deliveries", "retry", "--all", "--now", when(day)))
        if rows(folder, "SELECT DISTINCT state FROM deliveries") == [("delivered",)]:
            break
    return day


@pytest.mark.parametrize(
    ("kills", "seed"),
    [(8, 1), pytest.param(200, 2, marks=pytest.mark.long)],
)
def test_killed_runs_lose_nothing_and_say_nothing_under_two_ids(tmp_path, receiver, kills, seed):
    folder, day = torment(tmp_path, receiver, kills, seed)

    undisturbed = tmp_path / "undisturbed"
    write_project(undisturbed)
    (undisturbed / "feed.jsonl").write_text((folder / "feed.jsonl").read_text())
    finish(start_run(undisturbed, day))
    assert standing(folder) == standing(undisturbed)

    written = {i for (i,) in rows(folder, "SELECT id FROM alerts")}
    assert rows(folder, "SELECT DISTINCT state FROM deliveries") == [("delivered",)]
    heard = set(receiver.ids())
    assert len(rows(folder, "SELECT id FROM deliveries")) == len(heard)
    assert heard <= written
    speaks_for = dict(rows(folder, SPEAKS_FOR))
    assert {speaks_for[alert] for alert in written - heard} <= heard

    facts = {}
    for request in receiver.requests:
        event = json.loads(request.body)
        fact = (event["type"], event.get("subject"), event["time"])
        if "correction" not in event["type"]:
            facts.setdefault(fact, set()).add(event["id"])
    assert all(len(ids) == 1 for ids in facts.values())
    assert len(facts) > kills / 4
    assert finish(start_run(folder, day)) == ""


def test_a_second_run_gives_way_to_the_first_and_a_dead_one_to_nobody(tmp_path, receiver):
    folder = tmp_path / "two"
    write_project(folder, receiver.url)
    receiver.answer("hang")
    first = start_run(folder, 0)
    receiver.wait_for(1)  # the first run now waits for its receiver, and holds the lock
    second = start_run(folder, 0)
    out, err = second.communicate(timeout=60)
    assert (second.returncode, out, err) == (0, "", "")
    first.kill()
    first.communicate()
    third = start_run(folder, 40)
    out, err = third.communicate(timeout=60)
    assert third.returncode == 0, err
    assert "stalled" in out
