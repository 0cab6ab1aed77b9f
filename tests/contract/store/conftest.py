"""Every store there is, and short ways to make what goes into one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from monitor.domain.alert import Alert, AlertKind, Phase
from monitor.domain.assessment import Activity, Assessment, Level, Schedule, Standing, Status
from monitor.domain.records import StoredState, StoredTransition
from monitor.domain.time import parse_occurred
from monitor.domain.transition import Cause, Reason, Transition
from monitor.domain.update import Update
from monitor.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitor.services.ports import Store


@pytest.fixture(params=["sqlite file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    assert request.param == "sqlite file"
    database = open_store(f"sqlite:///{tmp_path}/monitor.db", busy_timeout=0)
    yield database
    database.close()


STARTED = Assessment(
    Level.NONE,
    Activity.ACTIVE,
    Schedule.NO_DEADLINE,
    Standing.IN_FORCE,
    Status.NOT_STARTED,
    Status.NOT_STARTED,
)


class Make:
    """Values with everything filled in that a test does not speak of."""

    started = STARTED

    def update(self, id_: str = "u1", **changes: Any) -> Update:
        fields = {
            "occurred": parse_occurred("2025-09-04"),
            "recorded": 100,
            "kind": "statement",
            "title": f"Title of {id_}",
        }
        return Update(id_, **(fields | changes))

    def state(self, commitment: str = "g/c", **changes: Any) -> StoredState:
        agreement = commitment.partition("/")[0]
        state = StoredState(
            commitment, agreement, "rules-1", None, None, None, b"\x00\xff", "{}", agreement
        )
        return state._replace(**changes)

    def transition(
        self, commitment: str = "g/c", at: int = 10, *, level: Level = Level.LIMITED, **row: Any
    ) -> StoredTransition:
        after = STARTED._replace(level=level, status=Status.ADVANCING)
        reasons = (Reason(Cause.RULE, "a rule said so", "joint-project", "x.yaml:3:4", ("u1",)),)
        fields = {"recorded": 100, "rules": "rules-1", "announced": True}
        return StoredTransition(
            Transition(commitment, at, STARTED, after, reasons), **(fields | row)
        )

    def alert(self, id_: str = "a1", **changes: Any) -> Alert:
        alert = Alert(
            id=id_,
            kind=AlertKind.ADVANCED,
            phase=Phase.ONCE,
            at=10,
            agreement="g",
            commitment="g/c",
            transition="t1",
            severity="warning",
            labels=(("desk", "energy"),),
            message="It advanced",
            body={"status": "advancing", "numbers": [1, 2.5, None, "三"]},
            recorded=100,
        )
        return alert._replace(**changes)


@pytest.fixture
def make() -> Make:
    return Make()
