"""What the store says to `monitor doctor`, one fault at a time."""

from types import SimpleNamespace

import pytest

from monitor.domain.commitment import Agreement, CoveragePolicy, Rulebook
from monitor.domain.coverage import Coverage
from monitor.domain.delivery import Delivery, DeliveryState
from monitor.domain.records import Run
from monitor.domain.time import DAY, parse_occurred
from monitor.services.doctor import (
    AHEAD,
    Verdict,
    check_coverage,
    check_receivers,
    check_records,
)

NOW = 1_780_000_000
PLAIN = CoveragePolicy()


def an_agreement(policy=PLAIN):
    return Agreement("a", "A", parse_occurred("2026"), "UTC", (), coverage=policy)


def a_delivery(receiver, state):
    return Delivery(1, "a_1", receiver, state, 1, NOW, NOW)


class Reader(SimpleNamespace):
    """A store that answers as it is told."""

    def __init__(self, **told):
        super().__init__(**{"notes": {}, "rows": (), "sent": (), "gone": {}, "run": None, **told})

    def counts(self):
        return {"updates": 1200}

    def meta(self, key):
        return self.notes.get(key)

    def last_run(self):
        return self.run

    def watched(self):
        return self.rows

    def reaches(self):
        return sorted(self.rows, key=lambda row: -row.until)

    def deliveries(self, *, state):
        return [d for d in self.sent if d.state is state]

    def disabled_receivers(self):
        return self.gone


def records(**reader):
    return {check.subject: check for check in check_records(Reader(**reader), NOW, "UTC")}


def test_a_store_that_never_ran_says_what_to_run():
    found = records()
    assert found["records"].text.startswith("updates 1,200, commitments 0")
    assert found["last run"].verdict is Verdict.WARN
    assert "clock" not in found


@pytest.mark.parametrize(
    ("reached", "verdict"),
    [(NOW, Verdict.OK), (NOW + AHEAD, Verdict.OK), (NOW + AHEAD + 1, Verdict.FAIL)],
)
def test_a_clock_that_went_back_is_a_failure_and_a_slow_one_is_not(reached, verdict):
    assert records(notes={"now": str(reached)})["clock"].verdict is verdict


def test_the_last_run_names_the_command_that_brought_news():
    found = records(notes={"now": str(NOW)}, run=Run("ingest", NOW - DAY, 1, 2, 3))
    assert "the last news with `ingest`, 2026-05-2" in found["last run"].text


def coverage(*rows, policy=PLAIN, now=NOW):
    rulebook = Rulebook((an_agreement(policy),))
    (check,) = check_coverage(Reader(rows=rows), rulebook, now)
    return check


def test_coverage_that_is_assumed_needs_no_source():
    assert coverage(policy=CoveragePolicy(assumed=True)).verdict is Verdict.OK


def test_coverage_that_nobody_gave_is_warned_of():
    assert coverage().verdict is Verdict.WARN


def test_coverage_that_goes_on_is_well_and_names_its_sources():
    check = coverage(Coverage("feed", None, NOW + DAY, NOW))
    assert check.verdict is Verdict.OK
    assert check.text == "feed until 2026-05-29"


def test_coverage_that_has_ended_is_counted_in_days():
    check = coverage(Coverage("feed", None, NOW - 3 * DAY, NOW))
    assert check.verdict is Verdict.WARN
    assert check.text.startswith("ended 3 days ago: feed until 2026-05-25")


def test_coverage_within_its_grace_has_not_ended():
    policy = CoveragePolicy(grace=4 * DAY)
    assert coverage(Coverage("feed", None, NOW - 3 * DAY, NOW), policy=policy).verdict is Verdict.OK


def test_coverage_of_many_sources_names_those_that_reach_furthest():
    rows = [Coverage(f"s{n}", None, NOW + n * DAY, NOW) for n in range(5)]
    text = coverage(*rows).text
    assert text.startswith("s4 until ")
    assert text.endswith(", and 2 more")


def test_coverage_of_another_agreement_does_not_count():
    assert coverage(Coverage("feed", None, NOW + DAY, NOW, "other")).verdict is Verdict.WARN


def receivers(*configured, signed=None, **reader):
    found = check_receivers(Reader(**reader), configured, signed or {})
    return {check.subject: check for check in found}


def test_a_receiver_with_nothing_waiting_is_well_and_says_whether_it_is_signed():
    found = receivers("desk", "open", "chat", signed={"desk": True, "open": False})
    assert found["receiver desk"].text == "signed; 0 waiting, 0 given up"
    assert found["receiver open"].text.startswith("not signed; ")
    assert found["receiver chat"].text == "0 waiting, 0 given up"


@pytest.mark.parametrize(
    ("state", "words"),
    [(DeliveryState.PENDING, "monitor deliver"), (DeliveryState.DEAD, "--state dead")],
)
def test_a_receiver_with_something_left_over_is_warned_of(state, words):
    check = receivers("desk", sent=[a_delivery("desk", state)])["receiver desk"]
    assert check.verdict is Verdict.WARN
    assert words in check.advice


def test_a_disabled_receiver_is_a_failure():
    check = receivers("desk", gone={"desk": "410 Gone"})["receiver desk"]
    assert check.verdict is Verdict.FAIL
    assert "410 Gone" in check.text


def test_what_waits_for_nobody_is_told_of():
    check = receivers(sent=[a_delivery("old", DeliveryState.PENDING)])["receiver old"]
    assert check.text == "not configured, 1 waiting"
