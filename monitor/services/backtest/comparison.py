"""Two versions of the rules over one history: what each concludes that the other does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.services.backtest.body import (
    Edition,
    alerts_body,
    days,
    head,
    totals,
    transitions_body,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.alert import Alert
    from monitor.domain.commitment import Commitment
    from monitor.domain.transition import Transition
    from monitor.services.backtest.replay import Backtest, Course


class Side(NamedTuple):
    """What one version says of a commitment; `course` None: it does not have it in the span.

    `transitions` and `alerts` are those that the other version has not.
    """

    course: Course | None
    transitions: Sequence[Transition]
    alerts: Sequence[Alert]


class Differing(NamedTuple):
    """A commitment of which two versions do not say the same."""

    commitment: Commitment
    first: Side
    second: Side


class Comparison(NamedTuple):
    """Two backtests of one history, and the commitments in which they differ.

    `alike` commitments have the same transitions, days and alerts in both, whatever the reasons.
    """

    first: Backtest
    second: Backtest
    differing: Sequence[Differing]
    alike: int


def compare(first: Backtest, second: Backtest) -> Comparison:
    """Commitments are compared by their keys, transitions and alerts by their ids."""
    courses = {c.commitment.key: c for c in first.courses}
    others = {c.commitment.key: c for c in second.courses}
    found: list[Differing] = []
    keys = dict.fromkeys((*courses, *others))
    for key in keys:
        one, other = courses.get(key), others.get(key)
        sides = _side(one, other), _side(other, one)
        if one is None or other is None or one.spells != other.spells or any(map(_says, sides)):
            commitment = (other or courses[key]).commitment
            found.append(Differing(commitment, *sides))
    return Comparison(first, second, found, len(keys) - len(found))


def _side(mine: Course | None, other: Course | None) -> Side:
    if mine is None:
        return Side(None, (), ())
    known = set() if other is None else {t.id for t in other.transitions}
    told = set() if other is None else {a.id for a in other.alerts}
    return Side(
        mine,
        [t for t in mine.transitions if t.id not in known],
        [a for a in mine.alerts if a.id not in told],
    )


def _says(side: Side) -> bool:
    return bool(side.transitions or side.alerts)


def comparison_body(
    found: Comparison,
    rules: tuple[Edition, Edition],
    zone: str,
    scores: tuple[Mapping[str, Any] | None, Mapping[str, Any] | None],
) -> dict[str, Any]:
    """The JSON of `monitor backtest` with two versions of the rules, version 1.

    `{version, from, to, cadence, updates, first: {rules, totals, score}, second: {the same}, alike,
    commitments: [{id, agreement, title, first: {days, transitions, alerts}, second: {the same}}]}`.
    Of a commitment that differs, each side has all its days, and the transitions and alerts that
    the other has not; it is null where the version does not have the commitment in the span.
    """
    first, second = (
        {"rules": edition._asdict(), "totals": totals(one), "score": score}
        for one, edition, score in zip((found.first, found.second), rules, scores, strict=True)
    )
    return {
        **head(found.first, zone),
        "updates": found.first.updates,
        "first": first,
        "second": second,
        "alike": found.alike,
        "commitments": [
            {
                "id": one.commitment.id,
                "agreement": one.commitment.agreement,
                "title": one.commitment.title,
                "first": _side_body(one.first, one.commitment.zone),
                "second": _side_body(one.second, one.commitment.zone),
            }
            for one in found.differing
        ],
    }


def _side_body(side: Side, zone: str) -> dict[str, Any] | None:
    if side.course is None:
        return None
    return {
        "days": days(side.course.seconds),
        "transitions": transitions_body(side.transitions, zone),
        "alerts": alerts_body(side.alerts, zone),
    }
