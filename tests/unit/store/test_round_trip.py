"""What goes in comes out equal: for every kind of record, whatever is in it."""

# ruff: noqa: PT012 - that a block of several statements fails as a whole is what is tested
from __future__ import annotations

import itertools
import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.account import Account, Subject
from monitor.domain.alert import Alert, AlertKind, Phase
from monitor.domain.assessment import (
    Activity,
    Assessment,
    ConditionKind,
    Level,
    Schedule,
    Standing,
    Status,
)
from monitor.domain.coverage import Coverage
from monitor.domain.records import Evidence, Run, StoredState, StoredTransition
from monitor.domain.time import EARLIEST, LATEST, Occurred, Precision, parse_occurred
from monitor.domain.transition import Cause, Reason, Transition
from monitor.domain.update import Update
from monitor.store import open_store
from monitor.store.codec import encode_reasons

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.store.database import Database

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
name = text.filter(bool)
instant = st.integers(EARLIEST, LATEST)
maybe_text, maybe_instant = st.none() | text, st.none() | instant
names = st.lists(text, max_size=3).map(tuple)
pairs = st.lists(st.tuples(text, text), max_size=3).map(tuple)
number = st.decimals(allow_nan=False, allow_infinity=False) | st.decimals(0, 1000, places=2)

updates = st.builds(
    Update,
    id=name,
    occurred=st.builds(Occurred, text, st.sampled_from(Precision)),
    recorded=instant,
    kind=text,
    title=text,
    topics=names,
    parties=names,
    source=text,
    url=text,
    text=text,
    agreement=maybe_text,
    commitment=maybe_text,
    milestone=maybe_text,
    indicator=maybe_text,
    value=st.none() | number,
    unit=maybe_text,
    supersedes=maybe_text,
    retracts=maybe_text,
    moves_to=st.none() | st.sampled_from(["2026", "2026-06-30T12:00Z"]).map(parse_occurred),
)
assessments = st.builds(
    Assessment,
    st.sampled_from(Level),
    st.sampled_from(Activity),
    st.sampled_from(Schedule),
    st.sampled_from(Standing),
    st.sampled_from(Status),
    st.sampled_from(Status),
    st.lists(st.sampled_from(ConditionKind), unique=True).map(tuple),
)
reasons = st.builds(
    Reason,
    cause=st.sampled_from(Cause),
    text=text,
    rule=maybe_text,
    where=maybe_text,
    updates=names,
    numbers=st.lists(st.tuples(text, text, text), max_size=3).map(tuple),
    severity=maybe_text,
    labels=pairs,
    message=maybe_text,
)
transitions = st.builds(
    StoredTransition,
    transition=st.builds(
        Transition,
        commitment=name,
        at=instant,
        before=st.none() | assessments,
        after=assessments,
        reasons=st.lists(reasons, max_size=3).map(tuple),
    ),
    recorded=instant,
    rules=text,
    announced=st.booleans(),
    withdrawn=maybe_instant,
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)
alerts = st.builds(
    Alert,
    id=name,
    kind=st.sampled_from(AlertKind),
    phase=st.sampled_from(Phase),
    at=instant,
    agreement=text,
    commitment=maybe_text,
    transition=maybe_text,
    severity=text,
    labels=pairs,
    message=text,
    body=st.dictionaries(text, json_values, max_size=4),
    recorded=instant,
    opening=maybe_text,
    found_late=st.booleans(),
)
subjects = st.builds(Subject, text, text, text, text, st.sampled_from(["UTC", "Asia/Tokyo"]))
states = st.builds(
    StoredState,
    commitment=name,
    agreement=text,
    rules=text,
    introduced=maybe_instant,
    due_clock=maybe_instant,
    due_watched=maybe_instant,
    payload=st.binary(max_size=50),
    standing=text,
)
coverages = st.builds(
    Coverage, source=text, since=st.none(), until=instant, recorded=instant, agreement=maybe_text
)
runs = st.builds(
    Run,
    command=text,
    now=instant,
    updates=st.integers(0, 2**31),
    transitions=st.integers(0, 2**31),
    alerts=st.integers(0, 2**31),
)


class UndoError(Exception):
    """Ends a block without keeping it, so that every example begins with an empty database."""


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Iterator[Database]:
    database = open_store(f"sqlite:///{tmp_path_factory.mktemp('round-trip')}/monitor.db")
    yield database
    database.close()


def attempt(database, check) -> None:
    with pytest.raises(UndoError), database.write() as writer:
        check(writer)
        raise UndoError


def exactly(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


@given(batch=st.lists(updates, max_size=4, unique_by=lambda u: u.id), at=instant)
def test_updates_and_evidence(database, batch, at):
    def check(w):
        assert w.add_updates(batch).new == tuple(batch)
        w.add_evidence([Evidence("g/c", at, update.id) for update in batch])
        read = w.updates([update.id for update in batch])
        assert read == {update.id: update for update in batch}
        for update in batch:
            # Equal numbers may be written differently; they come back as they were written.
            assert exactly(read[update.id].value) == exactly(update.value)
            assert type(read[update.id].occurred.precision) is Precision
        assert sorted(w.evidence("g/c")) == sorted((at, update) for update in batch)
        assert w.add_updates(batch).duplicates == len(batch)

    attempt(database, check)


@given(batch=st.lists(transitions, max_size=4, unique_by=lambda row: row.transition.id))
def test_transitions(database, batch):
    def check(w):
        w.add_transitions(batch)
        read = w.transitions(withdrawn=True)
        assert {row.transition.id: row for row in read} == {row.transition.id: row for row in batch}
        keys = [(row.transition.commitment.encode(), row.transition.at) for row in read]
        assert keys == sorted(keys)

    attempt(database, check)


@given(batch=st.lists(reasons, max_size=3).map(tuple))
def test_reasons_are_kept_as_compact_json_without_what_is_missing(batch):
    said = [
        {field: value for field, value in reason._asdict().items() if value not in (None, ())}
        for reason in batch
    ]
    assert encode_reasons(batch) == json.dumps(said, ensure_ascii=False, separators=(",", ":"))


@given(batch=st.lists(alerts, max_size=4, unique_by=lambda alert: alert.id))
def test_alerts_and_what_is_claimed(database, batch):
    def check(w):
        assert w.add_alerts(batch) == batch
        by_id = {alert.id: alert for alert in batch}
        assert {alert.id: alert for alert in w.alerts()} == by_id
        w.enqueue([(alert.id, "slack") for alert in batch], 0)
        claimed = w.claim(0, lease=1, limit=10)
        assert {outbound.delivery.alert: outbound.alert for outbound in claimed} == by_id

    attempt(database, check)


@given(
    batch=st.lists(
        st.tuples(alerts, transitions, subjects), max_size=3, unique_by=lambda r: r[0].id
    ),
    kept=st.lists(updates, max_size=3, unique_by=lambda update: update.id),
    cite=st.booleans(),
)
def test_accounts_of_transitions(database, batch, kept, cite):
    """Before and after their transitions are stored, citing what is known and what is not."""
    cited = {update.id: update for update in kept}

    def check(w):
        w.add_updates(kept)
        made = []
        for alert, row, subject in batch:
            change = row.transition
            if cite and change.reasons:
                first = change.reasons[0]._replace(updates=(*cited, "of nobody"))
                change = Transition(*change[:4], (first, *change.reasons[1:]))
            own = {"at": change.at, "commitment": change.commitment}
            made.append(alert._replace(body=Account(subject, change, cited), **own))
            w.add_transitions([row._replace(transition=change)])
        assert w.add_alerts(made) == made
        by_id = {alert.id: alert for alert in made}
        for alert in w.alerts():
            assert type(alert.body) is Account
            assert json.dumps(dict(alert.body)) == json.dumps(dict(by_id[alert.id].body))
        w.enqueue([(alert.id, "slack") for alert in made], 0)
        claimed = w.claim(0, lease=1, limit=10)
        assert {outbound.delivery.alert: outbound.alert for outbound in claimed} == by_id

    attempt(database, check)


def test_what_was_written_before_schema_7_is_read_as_it_was_meant(database):
    whole = {"id": "c", "after": {"status": "delivered", "level": "complete"}, "reasons": []}
    before = (
        '{"level":0,"activity":"active","schedule":"no_deadline","standing":"in_force",'
        '"status":"not_started","last_known":"not_started","conditions":[]}'
    )
    after = (
        '{"level":2,"activity":"unwatched","schedule":"overdue","standing":"at_risk",'
        '"status":"no_data","last_known":"overdue","conditions":["no_data","overdue"]}'
    )

    def check(w):
        key = w.new_keys(["g/c"])["g/c"]
        w.run(
            "INSERT INTO transitions"
            " (id, commitment, at, before, after, reasons, recorded, rules, announced)"
            " VALUES ('t', ?, 5, ?, ?, '[]', 6, 'r', 1)",
            *(key, before, after),
        )
        w.run(
            "INSERT INTO alerts (id, kind, phase, at, agreement, commitment, severity, labels,"
            " message, body, recorded, found_late)"
            " VALUES ('a', 'delivered', 'once', 5, 'g', 'g/c', 'info', '[]', 'm', ?, 6, 0)",
            json.dumps(whole),
        )
        (alert,) = w.alerts()
        assert alert.body == whole
        (row,) = w.transitions()
        assert row.transition.before == Assessment(
            Level.NONE,
            Activity.ACTIVE,
            Schedule.NO_DEADLINE,
            Standing.IN_FORCE,
            Status.NOT_STARTED,
            Status.NOT_STARTED,
        )
        assert row.transition.after == Assessment(
            Level.SUBSTANTIAL,
            Activity.UNWATCHED,
            Schedule.OVERDUE,
            Standing.AT_RISK,
            Status.NO_DATA,
            Status.OVERDUE,
            (ConditionKind.NO_DATA, ConditionKind.OVERDUE),
        )

    attempt(database, check)


@given(batch=st.lists(states, max_size=4, unique_by=lambda state: state.commitment))
def test_states(database, batch):
    def check(w):
        w.save_states(batch)
        assert w.states() == {state.commitment: state for state in batch}
        assert w.states([state.commitment for state in batch]) == w.states()

    attempt(database, check)


@given(row=coverages, run=runs, key=text, value=text)
def test_coverage_runs_and_notes(database, row, run, key, value):
    def check(w):
        assert w.add_coverage([row]) == 1
        assert w.coverage() == [row]
        w.add_run(run)
        assert w.last_run() == run
        w.set_meta(key, value)
        assert w.meta(key) == value

    attempt(database, check)


@given(
    state=states,
    clocks=st.lists(st.tuples(maybe_instant, maybe_instant), min_size=1, max_size=6),
    now=instant,
    until=instant,
)
def test_due_is_what_its_definition_says(database, state, clocks, now, until):
    def check(w):
        rows = [
            state._replace(
                commitment=f"g/{n}", watch=f"g{n % 2}", due_clock=clock, due_watched=watched
            )
            for n, (clock, watched) in zip(itertools.count(), clocks, strict=False)
        ]
        w.save_states(rows)
        assert w.due(now, {"g0": until}) == [
            row.commitment
            for row in rows
            if (row.due_clock is not None and row.due_clock <= now)
            or (
                row.due_watched is not None
                and row.watch == "g0"
                and row.due_watched <= min(now, until)
            )
        ]

    attempt(database, check)
