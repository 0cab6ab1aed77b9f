"""Notices, suppressions, silences and acknowledgements: what is kept, and what is found again."""

from __future__ import annotations

import pytest

from monitor.domain.alert import Phase
from monitor.domain.message import Message, MessageReason
from monitor.domain.notice import Ack, Notice, NoticeState, Silence, Suppression, Why
from monitor.errors import StoreError

HELD, MUTED, SENT = NoticeState.HELD, NoticeState.MUTED, NoticeState.SENT


def notice(alert="a", receiver="desk", state=HELD, **more):
    usual = Notice(
        alert, receiver, state, "routes", "g", MessageReason.DIGEST, {"kind": ["stalled"]}, 5
    )
    return usual._replace(**more)


def silence(**more):
    usual = Silence(0, ("kind=stalled",), 10, 20, "", "UTC", "me", "because", 9)
    return usual._replace(**more)


@pytest.fixture
def filled(store, make):
    with store.write() as w:
        w.add_alerts([make.alert(name) for name in ("b", "a", "c")])
    return store


def test_a_notice_comes_out_as_it_went_in_and_later_as_it_was_changed(filled):
    whole = notice(
        wake=7, held="digest", follows=True, muted_by="b", formed=6, delivery=3, repeat=8,
        escalate=9, level=2,
    )  # fmt: skip
    with filled.write() as w:
        assert not w.has_notices()
        w.save_notices([whole, notice("b", "wire")])
        assert w.notices(["a", "b"]) == [whole, notice("b", "wire")]
        w.save_notices([whole._replace(state=SENT, wake=None)])
    with filled.read() as r:
        assert r.notices(["a", "gone"]) == [whole._replace(state=SENT, wake=None)]
        assert r.has_notices()


def test_a_notice_of_an_alert_that_is_not_stored_is_refused(filled):
    with pytest.raises(StoreError), filled.write() as w:
        w.save_notices([notice("gone")])


def test_what_wakes_does_so_in_the_order_in_which_the_alerts_were_stored(filled):
    rows = [notice("a", wake=10), notice("b", wake=9), notice("c", wake=11)]
    with filled.write() as w:
        w.save_notices([*rows, notice("b", "wire", SENT)])
        assert (w.wakes(8), w.waking(8)) == (False, [])
        assert w.wakes(9)
        assert [n.alert for n in w.waking(10)] == ["b", "a"]
        assert [n.alert for n in w.held(limit=2)] == ["b", "a"]


def test_a_group_knows_when_it_is_due_and_when_it_was_told(filled):
    with filled.write() as w:
        assert w.group("desk", "g") == (None, None)
        w.save_notices(
            [notice("a", wake=10), notice("b", wake=9), notice("c", state=SENT, formed=4)]
        )
        w.save_notices([notice("c", "wire", wake=1, formed=99)])
        assert w.group("desk", "g") == (9, 4)


def test_what_an_alert_mutes_wakes_when_it_is_over(filled):
    with filled.write() as w:
        w.save_notices([notice("a", state=MUTED, muted_by="b"), notice("c", muted_by="b")])
        assert w.wake_muted(["b", "gone"], 12) == 1
        assert [n.alert for n in w.waking(12)] == ["a"]


def test_who_was_sent_an_alert_is_known_in_whatever_message_it_was(filled, make):
    alerts = [make.alert("a"), make.alert("b")]
    with filled.write() as w:
        w.enqueue([("a", "wire")], 1)
        group = w.add_message(Message("m", "desk", tuple(alerts)), 1)
        assert w.told_to(["a", "b", "c"]) == {"a": {"wire", "desk"}, "b": {"desk"}}
        assert [d.receiver for d in w.deliveries_of("a")] == ["wire", "desk"]
        assert [d.id for d in w.deliveries_of("b")] == [group]


def test_suppressions_are_kept_in_order_and_found_by_alert(filled):
    one = Suppression("a", "desk", 5, Why.SILENCE, "silence 1", 20)
    other = Suppression("b", "", 6, Why.NOBODY, "routes")
    with filled.write() as w:
        w.add_suppressions([one, other])
        assert w.suppressions() == [other, one]
        assert w.suppressions("a") == [one]
        assert w.suppressions(limit=1) == [other]


def test_silences_keep_both_clocks_and_are_found_while_they_are_not_over(filled):
    weekly = silence(since=0, until=None, recurring="sat-sun", zone="Asia/Tokyo")
    with filled.write() as w:
        first, second = w.add_silence(silence()), w.add_silence(weekly)
        assert [s.id for s in w.silences(5)] == [first, second]
        assert w.silences(20) == [weekly._replace(id=second)]
        assert w.expire_silence(second, 30, "you") == 1
        assert w.expire_silence(second, 31, "you") == 0
        assert w.expire_silence(first, 31, "you") == 0
        assert w.silences(30) == []
        assert w.silences() == [
            silence(id=first),
            weekly._replace(id=second, expired=30, expired_by="you"),
        ]


def test_the_first_acknowledgement_is_the_one_that_counts(filled):
    with filled.write() as w:
        w.add_ack(Ack("a", 5, "me", "seen"))
        w.add_ack(Ack("a", 6, "you", "too"))
        assert w.acks(["a", "b"]) == {"a": Ack("a", 5, "me", "seen")}


def test_commitments_with_conditions_are_known_by_agreement(store, make):
    with store.write() as w:
        w.add_alerts(
            [
                make.alert("a", phase=Phase.OPENED, commitment="g/x"),
                make.alert("b", phase=Phase.OPENED, commitment="h/y", agreement="h"),
                make.alert("c", commitment="g/z"),
            ]
        )
        assert w.alerted(None) == ["g/x", "h/y"]
        assert w.alerted("h") == ["h/y"]
