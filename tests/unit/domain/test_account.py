from __future__ import annotations

import pytest

from monitor.domain.account import Account, Subject
from monitor.domain.assessment import NOT_BEGUN, Level, Status
from monitor.domain.time import parse_occurred
from monitor.domain.transition import Cause, Reason, Transition
from monitor.domain.update import Update

SUBJECT = Subject("c", "g", "Clean energy", "we will", "Asia/Tokyo")
UPDATE = Update("u1", parse_occurred("2025-08"), 5, "funding", "A fund", source="Wire", url="x:y")
REASON = Reason(Cause.RULE, "advanced", "money", "r.yaml:1:2", ("u1", "u2"), (("n", "1", "2"),))
AFTER = NOT_BEGUN._replace(level=Level.LIMITED, status=Status.ADVANCING)


@pytest.fixture
def account() -> Account:
    return Account(SUBJECT, Transition("g/c", 0, NOT_BEGUN, AFTER, (REASON,)), {"u1": UPDATE})


def test_an_account_is_the_dictionary_that_it_stands_for(account):
    whole = dict(account)
    assert account == whole
    assert whole == account
    assert account != {**whole, "at": "another day"}
    assert list(account) == [
        "id",
        "agreement",
        "title",
        "quote",
        "at",
        "before",
        "after",
        "reasons",
    ]
    assert len(account) == len(whole)
    assert account.get("commitments", ()) == ()
    assert repr(account) == repr(whole)


def test_an_account_dates_a_transition_in_the_zone_of_its_commitment(account):
    assert account["at"] == "1970-01-01T09:00:00+09:00"


def test_an_account_tells_what_cited_updates_say_and_the_bare_id_of_one_that_is_not_known(account):
    (reason,) = account["reasons"]
    assert reason["updates"] == [
        {
            "id": "u1",
            "occurred": "2025-08",
            "kind": "funding",
            "title": "A fund",
            "source": "Wire",
            "url": "x:y",
        },
        {"id": "u2"},
    ]
    assert reason["numbers"] == [{"name": "n", "value": "1", "threshold": "2"}]


def test_an_account_of_a_beginning_has_nothing_before_it(account):
    begun = Account(SUBJECT, Transition("g/c", 0, None, NOT_BEGUN), {})
    assert begun["before"] is None
    assert begun["after"]["level"] == "none"
    assert account["before"]["status"] == "not_started"
