"""Costs that must follow what is asked for, not what is stored."""

from __future__ import annotations

import pytest

from monitor.domain.alert import Alert, AlertKind, Phase
from monitor.domain.message import MessageReason
from monitor.domain.notice import Notice, NoticeState
from monitor.domain.records import StoredState
from monitor.domain.routing import everybody
from monitor.services.alerts.dispatch import dispatch
from monitor.store.evidence import ANY_TAKERS, TAKERS
from monitor.store.history import WITHDRAW
from monitor.store.notices import WAKES, WAKING
from monitor.store.outbox import CLAIM
from monitor.store.states import DUE_CLOCK, DUE_WATCHED

MANY = 100_000


@pytest.fixture
def alert():
    return Alert(
        "a", AlertKind.STALLED, Phase.OPENED, 1, "g", "g/c", None, "warning", (), "m", {}, 2
    )


def plan(reader, sql: str, *parameters: object) -> list[str]:
    return [row[3] for row in reader.rows(f"EXPLAIN QUERY PLAN {sql}", *parameters)]


@pytest.fixture
def crowded(store):
    """A hundred thousand commitments of which three are due at instant 10."""
    states = [
        StoredState(
            f"g{n % 100}/c{n}",
            f"g{n % 100}",
            "r",
            None,
            1000 + n,
            1000 + n,
            b"x",
            "{}",
            f"g{n % 100}",
        )
        for n in range(MANY)
    ]
    states[5] = states[5]._replace(due_clock=10)
    states[50_000] = states[50_000]._replace(due_clock=9)
    states[99_999] = states[99_999]._replace(due_watched=10)
    with store.write() as w:
        w.save_states(states)
    return store


def test_what_is_due_is_found_by_index(store):
    with store.read() as r:
        assert plan(r, DUE_CLOCK, 1) == [
            "SEARCH s USING COVERING INDEX ix_states_due_clock (due_clock<?)",
            "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)",
        ]
        assert plan(r, DUE_WATCHED, '{"g": 1}') == [
            "SCAN w VIRTUAL TABLE INDEX 1:",
            "SEARCH s USING COVERING INDEX ix_states_watch_due_watched (watch=? AND due_watched<?)",
            "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)",
        ]


def test_the_work_to_find_what_is_due_follows_what_is_due(crowded):
    """Counted in the steps of SQLite's own machine, which no other load on the computer changes."""
    with crowded.read() as r:
        driver = r._connection
        steps = [0]

        def count():
            steps[0] += 1

        driver.set_progress_handler(count, 100)
        watched = {f"g{n}": 10 for n in range(100)}
        assert r.due(10, watched) == ["g0/c50000", "g5/c5", "g99/c99999"]
        few, steps[0] = steps[0], 0
        assert len(r.due(10**9, {})) == MANY
        driver.set_progress_handler(None, 0)
        assert few * 100 < 5000
        assert steps[0] > 100 * few


def test_a_claim_looks_only_at_what_waits_and_is_due(store):
    with store.write() as w:
        steps = plan(w, CLAIM, 1, 1, 1, 1, 1)
    assert (
        "SEARCH deliveries USING INDEX ix_deliveries_state_next_attempt (state=? AND next_attempt<?)"
        in steps
    )
    assert not any("TEMP B-TREE" in step for step in steps)


def test_evidence_of_a_commitment_is_read_from_one_place(store):
    sql = "SELECT at, seq FROM evidence WHERE commitment = ? AND at >= ? ORDER BY at"
    with store.read() as r:
        assert plan(r, sql, 1, 1) == ["SEARCH evidence USING PRIMARY KEY (commitment=? AND at>?)"]


def test_the_newest_alerts_are_read_without_sorting_them_all(store):
    newest = "ORDER BY recorded DESC, at DESC, seq DESC LIMIT 5"
    with store.read() as r:
        for where in ("", "WHERE commitment = 'g/c'"):
            steps = plan(r, f"SELECT id FROM alerts {where} {newest}")
            assert len(steps) == 1
            assert "USING INDEX ix_alerts" in steps[0]


def test_what_takes_an_update_back_is_found_by_index(store):
    with store.read() as r:
        steps = [step for step in plan(r, TAKERS, "[]", "[]") if "updates" in step or " u " in step]
        assert steps == [
            "SEARCH u USING INDEX ix_updates_retracts (retracts=?)",
            "SEARCH u USING INDEX ix_updates_supersedes (supersedes=?)",
        ]
        assert not [step for step in plan(r, ANY_TAKERS) if step == "SCAN updates"]


def test_what_wakes_is_found_by_index_however_much_is_open(store):
    with store.read() as r:
        assert plan(r, WAKES, 1) == [
            "SEARCH notices USING COVERING INDEX ix_notices_wake (wake>? AND wake<?)"
        ]
        assert plan(r, WAKING, 1)[0] == "SEARCH n USING INDEX ix_notices_wake (wake>? AND wake<?)"


def test_a_dispatch_with_nothing_due_does_not_look_at_what_is_open(store, alert):
    """Counted in the steps of SQLite's own machine: 20,000 open alerts that nobody acknowledged."""
    many = 20_000
    alerts = [alert._replace(id=f"a{n}") for n in range(many)]
    usual = Notice(
        "", "desk", NoticeState.SENT, "routes", "g", MessageReason.IMMEDIATE, {}, 5, wake=1000
    )
    with store.write() as w:
        w.add_alerts(alerts)
        w.save_notices([usual._replace(alert=f"a{n}", wake=1000 + n) for n in range(many)])
    with store.read() as r:
        steps = [0]

        def count():
            steps[0] += 1

        r._connection.set_progress_handler(count, 100)
        assert not r.wakes(999)
        few = steps[0]
        r._connection.set_progress_handler(None, 0)
    assert few <= 1
    policy = everybody(["desk"])
    assert dispatch(store, policy, 999) == 0


def test_the_history_of_a_commitment_is_found_by_index_whatever_is_asked_of_it(store, monkeypatch):
    asked = []
    with store.read() as r:
        rows = r.rows
        monkeypatch.setattr(r, "rows", lambda *given: asked.append(given) or rows(*given))
        r.transitions(["g/c"])
        r.transitions(["g/c"], known_at=5)
        r.transitions(["g/c"], since=1, until=9, withdrawn=True)
        r.standing_changes("g/c")
        list(r.read_changes(["g/c"], 3))
        monkeypatch.undo()
        assert len(asked) >= 4
        for statement in asked:
            steps = plan(r, *statement)
            assert any(" USING INDEX " in step for step in steps)
            assert not [step for step in steps if step in ("SCAN t", "SCAN transitions")], steps


def test_a_transition_is_withdrawn_by_index(store):
    with store.write() as w:
        assert plan(w, WITHDRAW, 1, 1, 1, "t") == [
            "SEARCH transitions USING INDEX uq_transitions_standing (commitment=? AND at=? AND id=?)"
        ]


@pytest.mark.parametrize("size", [300, 365, 660])
def test_states_that_grow_a_little_stay_where_they_are(store, size):
    """A page for each of the hundred, though all pages were full: none is split for it."""
    many, touched = 5_000, 100

    def save(numbers, size):
        rows = [(f"g/c{n:05}", "g", "r", None, None, None, b"x" * size, "{}") for n in numbers]
        with store.write() as w:
            w.save_states([StoredState(*row) for row in rows])

    def pages(size):
        with store.read() as r:
            r.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        save(range(0, many, many // touched), size)
        return store.path.with_name(f"{store.path.name}-wal").stat().st_size // (24 + 4096)

    save(range(many), size)
    for grown in (40, 20, 90, 128):
        assert touched <= pages(size + grown) < 1.1 * touched
    pages(size + 129)
    with store.read() as r:
        assert r.rows("SELECT length(room), count(*) FROM states GROUP BY 1") == [(128, many)]
