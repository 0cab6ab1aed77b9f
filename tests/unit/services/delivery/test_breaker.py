"""When a receiver counts as down."""

import pytest

from monitor.domain.delivery import Dead, Delivered, Retry
from monitor.services.delivery.breaker import BREAK_AFTER, BREAK_WAIT, Breaker

NOW = 1_000
DOWN = Retry(NOW + 5, "no answer")


def after(*outcomes):
    breaker = Breaker()
    for outcome in outcomes:
        breaker.record("desk", outcome, NOW)
    return breaker


@pytest.mark.parametrize(
    "failure",
    [DOWN, Retry(NOW + 5, "HTTP 500", 500), Retry(NOW + 5, "HTTP 429", 429), Dead("no answer")],
)
def test_enough_failures_in_a_row_open_it_for_a_while(failure):
    assert after(*[failure] * (BREAK_AFTER - 1)).open_until("desk", NOW) is None
    breaker = after(*[failure] * BREAK_AFTER)
    assert breaker.open_until("desk", NOW) == NOW + BREAK_WAIT
    assert breaker.open_until("other", NOW) is None
    assert breaker.open_until("desk", NOW + BREAK_WAIT) is None


@pytest.mark.parametrize(
    "between",
    [
        Delivered(NOW, 200),
        Retry(NOW + 5, "HTTP 404", 404),
        Dead("given up; HTTP 401", 401),
    ],
)
def test_an_answer_in_between_begins_the_count_anew(between):
    failures = [DOWN] * (BREAK_AFTER - 1)
    assert after(*failures, between, *failures).open_until("desk", NOW) is None


def test_what_was_not_tried_is_no_failure():
    asked_for_quiet = Retry(NOW + 3600, "quiet", attempted=False)
    assert after(*[asked_for_quiet] * 20).open_until("desk", NOW) is None


def test_one_that_is_gone_is_tried_no_more():
    breaker = after(Dead("HTTP 410", 410, gone=True), Delivered(NOW, 200))
    assert breaker.open_until("desk", NOW) == NOW
