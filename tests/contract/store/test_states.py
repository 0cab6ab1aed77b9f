"""The evaluation cache."""

from __future__ import annotations

from monitor.domain.derivation import Checkpoint


def test_a_state_comes_back_as_it_was_and_is_replaced_as_a_whole(store, make):
    first = make.state(introduced=5, due_clock=7, due_watched=9, payload=b"", standing="[]")
    second = make.state(rules="rules-2", payload=bytes(range(256)), standing='{"a":"三"}')
    with store.write() as w:
        w.save_states([first])
        assert w.states() == {"g/c": first}
        w.save_states([second])
        w.save_states([])
    with store.read() as r:
        assert r.states() == {"g/c": second}


def test_of_two_states_of_one_commitment_in_a_batch_the_last_stays(store, make):
    with store.write() as w:
        w.save_states([make.state(rules="old"), make.state(rules="new")])
        assert w.states()["g/c"].rules == "new"


def test_states_are_found_by_commitment_and_come_in_the_order_of_their_keys(store, make):
    with store.write() as w:
        w.save_states([make.state(key) for key in ("g/b", "h/a", "g/a")])
    with store.read() as r:
        assert list(r.states()) == ["g/a", "g/b", "h/a"]
        assert list(r.states(["h/a", "g/unknown", "g/a"])) == ["g/a", "h/a"]
        assert r.states([]) == {}


def test_what_the_calendar_makes_due_is_due_at_that_very_instant(store, make):
    with store.write() as w:
        w.save_states(
            [make.state("g/a", due_clock=10), make.state("g/b", due_clock=11), make.state("g/c")]
        )
    with store.read() as r:
        assert r.due(9, {}) == []
        assert r.due(10, {}) == ["g/a"]
        assert r.due(11, {}) == ["g/a", "g/b"]


def test_what_silence_makes_due_waits_until_coverage_of_its_agreement_has_come_so_far(store, make):
    with store.write() as w:
        w.save_states([make.state("g/a", due_watched=10), make.state("h/a", due_watched=10)])
    with store.read() as r:
        assert r.due(100, {}) == []
        assert r.due(100, {"g": 9, "h": 10}) == ["h/a"]
        assert r.due(100, {"g": 10, "h": 10}) == ["g/a", "h/a"]
        assert r.due(9, {"g": 100, "h": 100}) == []
        assert r.due(100, {"unknown": 100}) == []


def test_a_commitment_due_twice_is_named_once(store, make):
    with store.write() as w:
        w.save_states([make.state("g/a", due_clock=10, due_watched=10)])
        assert w.due(10, {"g": 10}) == ["g/a"]


def test_a_commitment_that_is_due_no_longer_is_not_named(store, make):
    with store.write() as w:
        w.save_states([make.state("g/a", due_clock=10, due_watched=10)])
        w.save_states([make.state("g/a")])
        assert w.due(100, {"g": 100}) == []


def test_checkpoints_are_kept_by_commitment_in_order(store):
    old, young = Checkpoint(10, "a"), Checkpoint(20, "b")
    with store.write() as w:
        w.add_checkpoints("g/c", [young, old])
        w.add_checkpoints("g/d", [old])
    with store.write() as w:
        w.add_checkpoints("g/c", [Checkpoint(20, "again"), Checkpoint(30, "c")])
        w.drop_checkpoints("g/c", [10, 11])
        w.clear_checkpoints(["g/d", "g/unknown"])
    with store.read() as r:
        assert r.checkpoints("g/c") == [Checkpoint(20, "again"), Checkpoint(30, "c")]
        assert r.checkpoints("g/d") == []
        assert r.checkpoints("g/unknown") == []
