"""Is everything well? The judgement of `monitor check`, read as cheaply as it can be."""

from __future__ import annotations

import json
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.assessment import Assessment, ConditionKind, Status, from_row
from monitor.domain.basis import Basis
from monitor.errors import InputError
from monitor.services.evidence.watching import covered_apart, ends, watches
from monitor.services.views.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitor.domain.coverage import Watch
    from monitor.domain.register import Entry, Register
    from monitor.domain.time import Instant, Seconds
    from monitor.services.ports import Engine, Reader

FAILINGS = (Status.STALLED, Status.OVERDUE, Status.AT_RISK, Status.REVERSED, Status.NO_DATA)
"""What can be the matter, in the order in which it is counted."""

_FIRST = (Status.REVERSED, Status.OVERDUE, Status.STALLED, Status.AT_RISK)
"""A commitment that fails in more than one way counts once: as the first of these."""

_CONDITIONS = {
    Status.STALLED: ConditionKind.STALLED,
    Status.OVERDUE: ConditionKind.OVERDUE,
    Status.AT_RISK: ConditionKind.AT_RISK,
}


class Verdict(IntEnum):
    """The exit codes of `monitor check`; 2 is for errors of usage, configuration and rules."""

    WELL = 0
    ATTENTION = 1
    UNKNOWN = 3


class Failing(NamedTuple):
    """A commitment that is not well: as what it counts, and since when its headline stands."""

    commitment: Entry
    as_what: Status
    assessment: Assessment
    since: Instant | None


class Checked(NamedTuple):
    """What was found. `last` is the instant of the last assessment, None where there was none.

    `too_old`: that was longer ago than allowed. `fail_on`: what was asked for. `total` commitments
    were looked at, `left_out` expectations were not.
    """

    verdict: Verdict
    failing: tuple[Failing, ...]
    total: int
    left_out: int
    last: Instant | None
    too_old: bool = False
    fail_on: Sequence[Status] = FAILINGS

    def count(self, status: Status) -> int:
        """How many fail as this."""
        return sum(1 for f in self.failing if f.as_what is status)


def check(
    reader: Reader,
    register: Register,
    engine: Callable[[], Engine],
    now: Instant,
    *,
    fail_on: Sequence[Status] = FAILINGS,
    expectations: bool = False,
    max_age: Seconds | None = None,
    view: View | None = None,
) -> Checked:
    """Judge every commitment that has begun: in `view`, which by default is the present.

    It needs attention if its headline, or a condition that the headline hides, is among `fail_on`;
    while nobody looks, only `no_data` says something about it. Attention wins over `no_data`. Where
    the last assessment is older than `max_age`, or there was none, nothing can be said.

    Args:
        reader: the store.
        register: of the rulebook.
        engine: makes the engine; it is only asked for where something has to be derived.
        now: the present.
        fail_on: what is not well.
        expectations: judge them too, not only pledges.
        max_age: of the last assessment, None: any.
        view: what is looked at, None: the present.
    """
    as_of = now if view is None else view.as_of
    looked = {
        key: c
        for key, c in register.commitments.items()
        if c.start <= as_of and (expectations or c.basis is Basis.PLEDGE)
    }
    left_out = sum(1 for c in register.commitments.values() if c.start <= as_of) - len(looked)
    text = reader.meta("now")
    if text is None:
        return Checked(Verdict.UNKNOWN, (), len(looked), left_out, None, fail_on=fail_on)
    last = int(text)
    failing: list[Failing] = []
    assessed: Mapping[str, tuple[Assessment, Instant | None]]
    if view is None:
        assessed = _present(reader, register, engine, now, last, list(looked))
    else:
        assessed = _derived(reader, _same(engine(), register), view, list(looked))
    for key, (assessment, since) in assessed.items():
        what = as_what(assessment, fail_on)
        if what is not None:
            failing.append(Failing(looked[key], what, assessment, since))
    too_old = max_age is not None and now - last > max_age
    if too_old or (failing and all(f.as_what is Status.NO_DATA for f in failing)):
        verdict = Verdict.UNKNOWN
    else:
        verdict = Verdict.ATTENTION if failing else Verdict.WELL
    found = _with_dates(reader, failing)
    return Checked(verdict, found, len(looked), left_out, last, too_old, fail_on)


def as_what(assessment: Assessment, fail_on: Sequence[Status]) -> Status | None:
    """As what a commitment fails; None: it does not."""
    if assessment.status is Status.NO_DATA:
        return Status.NO_DATA if Status.NO_DATA in fail_on else None
    for status in _FIRST:
        open_now = assessment.status is status or _CONDITIONS.get(status) in assessment.conditions
        if open_now and status in fail_on:
            return status
    return None


def _present(
    reader: Reader,
    register: Register,
    engine: Callable[[], Engine],
    now: Instant,
    last: Instant,
    keys: Sequence[str],
) -> dict[str, tuple[Assessment, Instant | None]]:
    """Assessments at `now`, in the order of `keys`; with since when, where that cost nothing.

    What the last step stored still stands, except for commitments that time has turned since. After
    a change of the rules, or for an instant before the last step, everything is derived anew.
    """
    stored: dict[str, Assessment] = {}
    if now >= last and reader.meta("rules") == register.fingerprint:
        turned = _turned(reader, register, now, last)
        fresh = [key for key in keys if key not in turned]
        stored = {
            key: from_row(json.loads(state.standing)) for key, state in reader.states(fresh).items()
        }
    missing = [key for key in keys if key not in stored]
    anew: Mapping[str, tuple[Assessment, Instant | None]] = {}
    if missing:
        anew = _derived(reader, _same(engine(), register), View(now, now), missing)
    return {key: (stored[key], None) if key in stored else anew[key] for key in keys}


def _same(engine: Engine, register: Register) -> Engine:
    """The engine, if the register is of its rulebook.

    Raises:
        InputError: the files were changed since the register was looked up.
    """
    if engine.origin != register.origin:
        raise InputError("the rulebook was changed while it was being read", hint="check again")
    return engine


def _derived(
    reader: Reader, engine: Engine, view: View, keys: Sequence[str]
) -> dict[str, tuple[Assessment, Instant | None]]:
    """Assessments in a view, in the order of `keys`, with since when."""
    from monitor.services.views.standing import standings  # noqa: PLC0415 - most need none

    found = standings(reader, engine, view, keys)
    return {s.commitment.key: (s.standing.assessment, s.standing.since) for s in found}


def _turned(reader: Reader, register: Register, now: Instant, last: Instant) -> set[str]:
    """Commitments whose stored assessment may not hold any more, with those that ask about them."""
    rows = reader.watched(now)
    watched: Mapping[str, Watch] = watches(register.agreements, rows)
    turned = set(reader.due(now, ends(watched, covered_apart(rows))))
    for agreement, watch in watched.items():
        edge = watch.next_change(last)
        if edge is not None and edge <= now:
            turned |= {key for key, c in register.commitments.items() if c.agreement == agreement}
    pending = list(turned)
    while pending:
        for key in register.askers.get(pending.pop(), ()):
            if key not in turned:
                turned.add(key)
                pending.append(key)
    return turned


def _with_dates(reader: Reader, failing: Sequence[Failing]) -> tuple[Failing, ...]:
    """Since when a headline stands, for those that were not derived."""
    missing = [f.commitment.key for f in failing if f.since is None]
    began: dict[str, Instant] = {}
    for row in reader.transitions(missing) if missing else ():
        before, after = row.transition.before, row.transition.after
        if before is None or before.status is not after.status:
            began[row.transition.commitment] = row.transition.at
    return tuple(
        f if f.since is not None else f._replace(since=began.get(f.commitment.key)) for f in failing
    )
