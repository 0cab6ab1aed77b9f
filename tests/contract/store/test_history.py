"""Transitions and alerts."""

from __future__ import annotations

import pytest

from monitor.domain.assessment import Level
from monitor.domain.derivation import Change
from monitor.errors import InputError


def at(rows):
    return [(row.transition.commitment, row.transition.at) for row in rows]


def test_transitions_are_ordered_by_commitment_instant_and_recording(store, make):
    rows = [
        make.transition("h/a", 5),
        make.transition("g/c", 20),
        make.transition("g/c", 10, level=Level.LIMITED, recorded=200),
        make.transition("g/c", 10, level=Level.SUBSTANTIAL, recorded=100),
    ]
    with store.write() as w:
        w.add_transitions(rows)
        w.add_transitions([])
    with store.read() as r:
        assert r.transitions() == [rows[3], rows[2], rows[1], rows[0]]


def test_transitions_are_found_by_commitment_and_by_when_they_happened(store, make):
    with store.write() as w:
        w.add_transitions([make.transition(c, t) for c in ("g/c", "h/a") for t in (10, 20)])
    with store.read() as r:
        assert at(r.transitions(["h/a", "g/unknown"])) == [("h/a", 10), ("h/a", 20)]
        assert at(r.transitions(since=20)) == [("g/c", 20), ("h/a", 20)]
        assert at(r.transitions(["g/c"], since=11)) == [("g/c", 20)]
        assert r.transitions([]) == []


def test_a_fact_stands_once_however_often_it_is_added(store, make):
    row = make.transition()
    with store.write() as w:
        w.add_transitions([row, row])
        w.add_transitions([row._replace(recorded=999, announced=False)])
        assert w.transitions(withdrawn=True) == [row]


def test_a_withdrawn_transition_stands_no_longer_but_stood_then(store, make):
    row = make.transition(recorded=100)
    with store.write() as w:
        w.add_transitions([row])
        w.withdraw_transitions([row.transition, make.transition("g/unknown", 7).transition], 200)
    gone = row._replace(withdrawn=200)
    with store.read() as r:
        assert r.transitions() == []
        assert r.transitions(known_at=99) == []
        assert r.transitions(known_at=100) == [gone]
        assert r.transitions(known_at=199) == [gone]
        assert r.transitions(known_at=200) == []
        assert r.transitions(withdrawn=True) == [gone]
        assert r.transitions(withdrawn=True, known_at=99) == []


def test_the_changes_that_stand_are_the_transitions_without_their_reasons(store, make):
    rows = [make.transition("h/a", 5), make.transition("h/a", 3), make.transition("h/b", 4)]
    with store.write() as w:
        w.add_transitions([*rows, make.transition("h/a", 7)])
        w.withdraw_transitions([make.transition("h/a", 7).transition], 9)
    with store.read() as r:
        standing = [row.transition._replace(reasons=()) for row in r.transitions(["h/a"])]
        assert r.standing_changes("h/a") == standing
        assert [change.at for change in standing] == [3, 5]
        assert r.standing_changes("unheard") == []


def test_changes_of_several_are_read_in_order_of_time_from_an_instant_on(store, make):
    rows = [make.transition("h/a", 5), make.transition("h/a", 3), make.transition("h/b", 4)]
    gone = make.transition("h/b", 6)
    with store.write() as w:
        w.add_transitions([*rows, gone, make.transition("h/c", 4)])
        w.withdraw_transitions([gone.transition], 9)
    after = rows[0].transition.after
    with store.read() as r:
        assert list(r.read_changes(["h/b", "h/a", "unheard"])) == [
            Change(3, "h/a", after),
            Change(4, "h/b", after),
            Change(5, "h/a", after),
        ]
        assert [c.at for c in r.read_changes(["h/a", "h/b"], 4)] == [4, 5]
        assert list(r.read_changes(["h/a"], 6)) == []


def test_a_withdrawn_transition_may_stand_again_and_both_standings_are_kept(store, make):
    row = make.transition(recorded=100)
    again = row._replace(recorded=300, announced=False)
    with store.write() as w:
        w.add_transitions([row])
        w.withdraw_transitions([row.transition], 200)
        w.add_transitions([again])
        assert w.transitions() == [again]
        assert w.transitions(known_at=150) == [row._replace(withdrawn=200)]
        assert w.transitions(known_at=250) == []
        w.withdraw_transitions([row.transition], 400)
    with store.read() as r:
        assert r.transitions(withdrawn=True) == [
            row._replace(withdrawn=200),
            again._replace(withdrawn=400),
        ]


def test_what_was_withdrawn_already_keeps_its_instant(store, make):
    row = make.transition()
    with store.write() as w:
        w.add_transitions([row])
        w.withdraw_transitions([row.transition], 200)
        w.withdraw_transitions([row.transition], 300)
        assert w.transitions(withdrawn=True) == [row._replace(withdrawn=200)]


def test_an_alert_is_announced_once(store, make):
    a, b = make.alert("a"), make.alert("b")
    with store.write() as w:
        assert w.add_alerts([b, a, b._replace(message="again")]) == [b, a]
    with store.write() as w:
        assert w.add_alerts([a._replace(message="again")]) == []
        assert w.add_alerts([]) == []
    with store.read() as r:
        assert {alert.id: alert for alert in r.alerts()} == {"a": a, "b": b}


def test_alerts_come_newest_first(store, make):
    with store.write() as w:
        w.add_alerts(
            [
                make.alert("later cause", at=20, recorded=100),
                make.alert("first of two", at=10, recorded=100),
                make.alert("second of two", at=10, recorded=100),
                make.alert("later run", at=5, recorded=200, commitment="g/d"),
            ]
        )
    with store.read() as r:
        ordered = ["later run", "later cause", "second of two", "first of two"]
        assert [alert.id for alert in r.alerts()] == ordered
        assert [alert.id for alert in r.alerts(limit=2)] == ordered[:2]
        assert [alert.id for alert in r.alerts(limit=0)] == []
        assert [alert.id for alert in r.alerts(commitment="g/c", limit=1)] == ["later cause"]
        assert r.alerts(commitment="g/unknown") == []


def test_alerts_are_found_by_the_transition_they_announced_in_the_order_they_were_made(store, make):
    opened, resolved = make.alert("o", transition="t1"), make.alert("r", transition="t1", at=1)
    other, summary = (
        make.alert("x", transition="t2"),
        make.alert("s", transition=None, commitment=None),
    )
    with store.write() as w:
        w.add_alerts([opened, other, summary, resolved])
    with store.read() as r:
        assert r.alerts_named([opened.id, "unheard"]) == {opened.id: opened}
        assert r.alerts_named([]) == {}
        assert r.alerts(kind="no such kind") == []
        assert resolved in r.alerts(kind=resolved.kind, agreement=resolved.agreement)


def test_of_alerts_given_together_those_are_added_that_were_not_there_each_once(store, make):
    old, new, newer = make.alert("a1"), make.alert("a2"), make.alert("a3")
    with store.write() as w:
        assert w.add_alerts([old]) == [old]
        again = [newer, old._replace(message="said otherwise"), new, newer]
        assert w.add_alerts(again) == [newer, new]
        assert w.alerts_named(["a1", "a3"]) == {"a1": old, "a3": newer}


@pytest.mark.parametrize("field", ["id", "message", "opening"])
def test_an_alert_with_nul_is_refused(store, make, field):
    with pytest.raises(InputError, match="NUL"), store.write() as w:
        w.add_alerts([make.alert()._replace(**{field: "cut\0off"})])


def test_an_alert_with_half_a_character_in_its_body_is_refused(store, make):
    with pytest.raises(InputError, match="half a character"), store.write() as w:
        w.add_alerts([make.alert(body={"title": "\udc00"})])
    with store.read() as r:
        assert r.alerts() == []
