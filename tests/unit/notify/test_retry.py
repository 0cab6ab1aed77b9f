"""When an attempt is made again, and when no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.delivery import Dead, Delivered, Retry
from monitor.domain.time import DAY, HOUR
from monitor.notify.retry import JITTER, LONGEST_WAIT, SCHEDULE, Attempt, delay, outcome

NOW = 784_111_777  # Sun, 06 Nov 1994 08:49:37 GMT
KEY = ("a_1", "desk")
FAILED = Attempt(500, "HTTP 500")


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_2xx_is_delivered(status):
    assert outcome(Attempt(status), 1, NOW, KEY) == Delivered(NOW, status)


def test_410_ends_it_and_disables_the_receiver():
    assert outcome(Attempt(410, "HTTP 410"), 1, NOW, KEY) == Dead("HTTP 410", 410, gone=True)


@pytest.mark.parametrize(
    "status", [None, 301, 302, 400, 401, 403, 404, 405, 413, 422, 429, 500, 502, 503, 599]
)
def test_every_other_failure_is_retried(status):
    verdict = outcome(Attempt(status, "why"), 1, NOW, KEY)
    assert isinstance(verdict, Retry)
    assert (verdict.status, verdict.error, verdict.attempted) == (status, "why", True)


def test_the_delays_follow_the_schedule_with_at_most_its_jitter():
    waits = [outcome(FAILED, attempts, NOW, KEY).at - NOW for attempts in range(1, len(SCHEDULE))]
    for wait, planned in zip(waits, SCHEDULE[1:], strict=True):
        assert planned <= wait <= planned * (1 + JITTER)


def test_the_tenth_failure_is_the_last():
    assert isinstance(outcome(FAILED, 9, NOW, KEY), Retry)
    assert outcome(FAILED, 10, NOW, KEY) == Dead(
        "given up after 10 attempts; the last: HTTP 500", 500
    )


def test_a_revived_delivery_has_one_more_attempt():
    assert isinstance(outcome(FAILED, 11, NOW, KEY), Dead)
    assert isinstance(outcome(Attempt(200), 11, NOW, KEY), Delivered)


def test_the_same_delivery_waits_for_the_same_instant_in_every_rerun():
    assert delay(4, KEY) == delay(4, ("a_1", "desk")) == 7584


def test_deliveries_that_failed_together_are_not_retried_together():
    waits = {delay(4, (f"a_{n}", "desk")) for n in range(50)}
    waits |= {delay(4, ("a_1", f"desk-{n}")) for n in range(50)}
    assert len(waits) > 80


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("3600", HOUR),
        (" 3600 ", HOUR),
        ("Sun, 06 Nov 1994 09:49:37 GMT", HOUR),
        ("Sunday, 06-Nov-94 09:49:37 GMT", HOUR),
        ("Sun Nov  6 09:49:37 1994", HOUR),
        ("999999", LONGEST_WAIT),
        ("9" * 5000, LONGEST_WAIT),
        ("Fri, 06 Nov 2099 09:49:37 GMT", LONGEST_WAIT),
    ],
)
def test_retry_after_is_heeded_up_to_a_day(status, header, wait):
    assert outcome(Attempt(status, "slow down", header), 1, NOW, KEY).at == NOW + wait
    assert LONGEST_WAIT == DAY


@pytest.mark.parametrize(
    "header", ["0", "1", "-5", "soon", "", "1.5", "٣٦٠٠", "Sun, 06 Nov 1994 00:00:00 GMT", "Sun, x"]
)
def test_a_retry_after_that_is_short_past_or_garbage_does_not_hurry_the_schedule(header):
    usual = outcome(Attempt(429, "slow down"), 3, NOW, KEY)
    assert outcome(Attempt(429, "slow down", header), 3, NOW, KEY) == usual


def test_retry_after_on_another_answer_is_not_heeded():
    assert outcome(Attempt(500, "boom", "3600"), 1, NOW, KEY).at < NOW + HOUR


@given(
    status=st.none() | st.integers(300, 599),
    attempts=st.integers(1, 30),
    header=st.none() | st.text(),
    key=st.tuples(st.text(), st.text()),
)
def test_whatever_comes_a_retry_lies_in_the_future_and_within_reach(status, attempts, header, key):
    verdict = outcome(Attempt(status, "why", header), attempts, NOW, key)
    if isinstance(verdict, Retry):
        assert NOW < verdict.at <= NOW + DAY * (1 + JITTER)
        assert attempts < len(SCHEDULE)
    else:
        assert attempts >= len(SCHEDULE) or status == 410
