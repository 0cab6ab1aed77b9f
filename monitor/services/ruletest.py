"""Running rule tests: what an analyst would say, against what the rules conclude. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from monitor.domain.assessment import Activity, Schedule, Standing, Status
from monitor.domain.coverage import ASSUMED, Coverage
from monitor.domain.time import EARLIEST, LATEST, format_date, parse_moment, parse_occurred
from monitor.domain.update import KINDS
from monitor.errors import MonitorError
from monitor.services.history import changes
from monitor.services.naming import commitment_key
from monitor.services.overview import headline_change
from monitor.services.standing import Derived, View

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from monitor.domain.assessment import Assessment
    from monitor.domain.commitment import Agreement, Commitment
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.domain.update import Update
    from monitor.services.ports import Engine, Reader
    from monitor.services.testfile import Axes, Case, Expected, Loaded

_AXES = ("status", "level", "activity", "schedule", "standing", "last_known")


class ReadUpdates(Protocol):
    """Turns a file, or records written in the test, into updates.

    Raises:
        InputError: they cannot be read, or one of them is bad.
    """

    def __call__(
        self,
        origin: Path | list[dict[str, Any]],
        *,
        mapping: Mapping[str, Any],
        kinds: frozenset[str],
        zone: str,
    ) -> Sequence[Update]: ...


class Difference(NamedTuple):
    """One thing that is not as expected. `at` is as written; `hint` says what led to it."""

    line: int
    at: str
    commitment: str
    axis: str
    expected: str
    found: str
    hint: str | None = None


class Result(NamedTuple):
    """One test. `error`: it could not be run. Passed without either."""

    name: str
    line: int
    differences: tuple[Difference, ...]
    checked: int = 0
    error: str | None = None

    @property
    def passed(self) -> bool:
        return self.error is None and not self.differences


def run_tests(loaded: Loaded, engine: Engine, read: ReadUpdates) -> Iterator[Result]:
    """Run the tests of a file, one after the other.

    Args:
        loaded: the file.
        engine: with the rulebook that the file names.
        read: of the sources.
    """
    for index, case in enumerate(loaded.file.tests):
        line = loaded.line("tests", index)
        run = _Run(loaded, index, case, engine, read)
        try:
            yield Result(case.name, line, tuple(run.differences()), run.checked)
        except MonitorError as error:
            hint = f" ({error.hint})" if error.hint else ""
            yield Result(case.name, line, (), error=error.message + hint)


class _Memory:
    """The part of a store that a derivation reads, without a store."""

    def __init__(self, updates: Sequence[Update], rows: Sequence[Coverage]) -> None:
        self._updates, self._rows = updates, rows

    def meta(self, _key: str) -> None:
        return None

    def coverage(self, _known_at: Instant | None = None) -> Sequence[Coverage]:
        return self._rows

    def all_updates(self, _known_at: Instant | None = None) -> Sequence[Update]:
        return self._updates


class _Run:
    def __init__(
        self, loaded: Loaded, index: int, case: Case, engine: Engine, read: ReadUpdates
    ) -> None:
        self.loaded, self.index, self.case = loaded, index, case
        self.engine, self.read = engine, read
        self.checked = 0
        self._views: dict[Instant, Derived] = {}
        self._evidence: _Memory | None = None

    def differences(self) -> Iterator[Difference]:
        for number, instant in enumerate(self.case.expect):
            for name, expected in instant.commitments.items():
                commitment = self._named(name)
                at = parse_moment(instant.at, commitment.zone)
                where = ("tests", self.index, "expect", number, "commitments", name)
                yield from self._compare(commitment, at, instant.at, expected, where)
        for number, never in enumerate(self.case.never):
            commitment = self._named(never.commitment)
            line = self.loaded.line("tests", self.index, "never", number)
            yield from self._forbidden(commitment, never, line)

    def _named(self, name: str) -> Commitment:
        return self.engine.commitments[commitment_key(name, self.engine.commitments)]

    def _compare(
        self,
        commitment: Commitment,
        at: Instant,
        written: str,
        expected: Expected,
        where: tuple[str | int, ...],
    ) -> Iterator[Difference]:
        asked = expected.model_fields_set
        self.checked += len(asked)
        if at < commitment.start:
            line = self.loaded.line(*where)
            start = format_date(commitment.start, commitment.zone)
            yield Difference(
                line, written, commitment.id, "begun", "yes", f"no: it begins on {start}"
            )
            return
        derivation = self._view(at).history(commitment.key)
        standing, zone = derivation.standing, commitment.zone
        found = _values(standing.assessment)
        found["since"] = format_date(standing.since, zone)
        advanced = standing.advanced
        found["last_progress"] = "none" if advanced is None else format_date(advanced, zone)
        hint = _hint(derivation.transitions, zone)
        for axis in (*_AXES, "since", "last_progress"):
            if axis not in asked:
                continue
            value = getattr(expected, axis)
            wanted = "none" if value is None else str(getattr(value, "value", value))
            if not _same(axis, wanted, found[axis]):
                line = self.loaded.line(*where, axis)
                yield Difference(line, written, commitment.id, axis, wanted, found[axis], hint)

    def _forbidden(self, commitment: Commitment, never: Axes, line: int) -> Iterator[Difference]:
        self.checked += 1
        asked = [axis for axis in _AXES if axis in never.model_fields_set]
        wanted = {axis: str(getattr(never, axis)) for axis in asked}
        for transition in self._view(self._end(commitment)).history(commitment.key).transitions:
            found = _values(transition.after)
            if all(found[axis] == value for axis, value in wanted.items()):
                date = format_date(transition.at, commitment.zone)
                said = ", ".join(f"{axis} {value}" for axis, value in wanted.items())
                why = "; ".join(reason.text for reason in transition.reasons) or None
                yield Difference(line, date, commitment.id, "never", f"not {said}", said, why)
                return

    def _end(self, commitment: Commitment) -> Instant:
        """The last instant of the test."""
        written = [instant.at for instant in self.case.expect]
        written += [self.case.covers_until] if self.case.covers_until else []
        return max(parse_moment(text, commitment.zone) for text in written)

    def _view(self, at: Instant) -> Derived:
        found = self._views.get(at)
        if found is None:
            reader = cast("Reader", self._memory())
            found = self._views[at] = Derived(reader, self.engine, View(at, LATEST))
        return found

    def _memory(self) -> _Memory:
        if self._evidence is None:
            rows = [self._coverage(a) for a in self.engine.rulebook.agreements]
            self._evidence = _Memory(self._updates(), rows)
        return self._evidence

    def _coverage(self, agreement: Agreement) -> Coverage:
        text = self.case.covers_until
        if text is None:
            since, until = ASSUMED.spans[0]
            return Coverage("test", since, until, EARLIEST, agreement.id)
        until = parse_occurred(text).end(agreement.zone)
        return Coverage("test", None, until, EARLIEST, agreement.id)

    def _updates(self) -> Sequence[Update]:

        agreements = self.engine.rulebook.agreements
        origin = self.case.updates
        return self.read(
            self.loaded.path.parent / origin if isinstance(origin, str) else origin,
            mapping=self.case.map,
            kinds=frozenset((*KINDS, *(kind for a in agreements for kind in a.kinds))),
            zone=agreements[0].zone,
        )


def _values(assessment: Assessment) -> dict[str, str]:
    found: dict[str, Status | Activity | Schedule | Standing] = {
        "status": assessment.status,
        "activity": assessment.activity,
        "schedule": assessment.schedule,
        "standing": assessment.standing,
        "last_known": assessment.last_known,
    }
    return {"level": assessment.level.word, **{axis: v.value for axis, v in found.items()}}


def _same(axis: str, wanted: str, found: str) -> bool:
    """A date may be written as a month or a year."""
    if axis in ("since", "last_progress") and wanted != "none":
        return found == wanted or found.startswith(f"{wanted}-")
    return wanted == found


def _hint(transitions: Sequence[Transition], zone: str) -> str | None:
    """What led to the headline that was found."""
    last = headline_change(transitions)
    if last is None:
        return None
    changed = changes(last)
    what = str(changed[0]) if changed else last.after.status.value.replace("_", " ")
    why = "; ".join(reason.text for reason in last.reasons)
    return f"{format_date(last.at, zone)} {what}: {why}"
