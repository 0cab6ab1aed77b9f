"""The body of a webhook: a CloudEvents event, the same bytes every time."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.alert import Alert, AlertKind, Phase, alert_id
from monitor.domain.message import Message, MessageReason
from monitor.domain.time import EARLIEST, LATEST
from monitor.notify.payload import encode, event

AT = int(datetime(2026, 2, 19, tzinfo=UTC).timestamp())


def an_alert(**changes):
    alert = Alert(
        id=alert_id("jp-kr/clean-energy", "stalled", "opened"),
        kind=AlertKind.STALLED,
        phase=Phase.OPENED,
        at=AT,
        agreement="jp-kr",
        commitment="jp-kr/clean-energy",
        transition="t_1",
        severity="warning",
        labels=(("theme", "energy"), ("desk", "asia")),
        message="에너지: nothing has moved for 180 days",
        body={"status": "stalled", "reasons": [{"rule": None, "days": 180}]},
        recorded=AT + 3600,
    )
    return alert._replace(**changes)


def test_an_alert_becomes_a_cloudevents_event():
    assert json.loads(encode(an_alert())) == {
        "specversion": "1.0",
        "id": an_alert().id,
        "source": "/monitor/jp-kr",
        "type": "monitor.alert.stalled.opened",
        "subject": "jp-kr/clean-energy",
        "time": "2026-02-19T00:00:00Z",
        "datacontenttype": "application/json",
        "data": {
            "version": 1,
            "kind": "stalled",
            "phase": "opened",
            "message": "에너지: nothing has moved for 180 days",
            "severity": "warning",
            "labels": {"theme": "energy", "desk": "asia"},
            "agreement": "jp-kr",
            "commitment": "jp-kr/clean-energy",
            "at": "2026-02-19T00:00:00Z",
            "recorded": "2026-02-19T01:00:00Z",
            "found_late": False,
            "opening": None,
            "details": {"status": "stalled", "reasons": [{"rule": None, "days": 180}]},
        },
    }


def test_a_resolution_names_the_alert_that_it_closes():
    resolved = an_alert(id="a_2", phase=Phase.RESOLVED, opening="a_1", found_late=True)
    data = event(resolved)["data"]
    assert (data["opening"], data["phase"], data["found_late"]) == ("a_1", "resolved", True)


def test_an_alert_about_a_whole_agreement_has_no_subject():
    summary = event(an_alert(kind=AlertKind.SUMMARY, phase=Phase.ONCE, commitment=None))
    assert "subject" not in summary
    assert summary["data"]["commitment"] is None


def test_an_agreement_of_any_name_gives_a_source_that_is_a_uri_reference():
    assert event(an_alert(agreement="a b/ü"))["source"] == "/monitor/a%20b%2F%C3%BC"


def test_the_bytes_do_not_depend_on_the_order_in_which_the_body_was_put_together():
    one = an_alert(body={"a": 1, "b": {"c": 2, "d": 3}})
    other = an_alert(body={"b": {"d": 3, "c": 2}, "a": 1})
    assert encode(one) == encode(other)


def test_a_lone_surrogate_does_not_keep_an_alert_from_arriving():
    assert json.loads(encode(an_alert(message="bad \ud800 letter")))["data"]["message"] == (
        "bad ? letter"
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1, 2}])
def test_a_body_that_json_cannot_say_is_refused(value):
    with pytest.raises(ValueError, match="JSON"):
        encode(an_alert(body={"value": value}))


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # Surrogates are left out here: what becomes of them has its own test.
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    body=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), json_values),
    at=st.integers(EARLIEST, LATEST),
    kind=st.sampled_from(AlertKind),
    phase=st.sampled_from(Phase),
)
def test_any_body_comes_out_as_it_went_in_and_twice_the_same(body, at, kind, phase):
    alert = an_alert(body=body, at=at, kind=kind, phase=phase)
    sent = encode(alert)
    assert sent == encode(alert._replace(body=json.loads(json.dumps(body))))
    said = json.loads(sent)
    assert said["data"]["details"] == body
    assert datetime.fromisoformat(said["time"]).timestamp() == at
    assert said["time"].endswith("Z")
    assert said["type"] == f"monitor.alert.{kind}.{phase}"


def test_a_message_that_tells_one_alert_for_the_first_time_is_that_alerts_event():
    assert encode(Message(an_alert().id, "desk", (an_alert(),))) == encode(an_alert())


def test_a_message_of_several_alerts_is_an_event_of_its_own():
    older, newer = an_alert(id="a_1"), an_alert(id="a_2", at=AT + 86_400)
    told = json.loads(encode(Message("m_1", "desk", (older, newer), MessageReason.DIGEST)))
    assert (told["id"], told["type"], told["source"], told["time"]) == (
        "m_1",
        "monitor.message.digest",
        "/monitor",
        "2026-02-20T00:00:00Z",
    )
    assert "subject" not in told
    assert (told["data"]["version"], told["data"]["reason"]) == (1, "digest")
    assert told["data"]["alerts"] == [
        {"id": a.id, "type": "monitor.alert.stalled.opened", **event(a)["data"]}
        for a in (older, newer)
    ]


def test_an_alert_that_is_told_again_is_told_under_the_id_of_the_reminder():
    told = json.loads(encode(Message("m_2", "desk", (an_alert(),), MessageReason.REMINDER)))
    assert (told["id"], told["type"]) == ("m_2", "monitor.message.reminder")
