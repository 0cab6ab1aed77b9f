"""Running rule tests: what an analyst would say, against what the rules conclude. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.time import format_date
from monitor.errors import MonitorError
from monitor.services.ruletests.events import AXES, Happened, values, why
from monitor.services.ruletests.times import origin_of
from monitor.services.ruletests.world import World
from monitor.services.views.history import changes
from monitor.services.views.overview import headline_change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from monitor.domain.alert import Alert
    from monitor.domain.commitment import Commitment
    from monitor.domain.transition import Transition
    from monitor.services.ports import Engine
    from monitor.services.ruletests.file import Loaded
    from monitor.services.ruletests.form import Case, Expected
    from monitor.services.ruletests.world import ReadUpdates


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
    """One test. `error`: it could not be run. Passed without either.

    `spoken` are (commitment key, rule id) of the rules that concluded something; None where
    nobody asked.
    """

    name: str
    line: int
    differences: tuple[Difference, ...]
    checked: int = 0
    error: str | None = None
    spoken: frozenset[tuple[str, str]] | None = None

    @property
    def passed(self) -> bool:
        return self.error is None and not self.differences


def run_tests(
    loaded: Loaded,
    engine: Engine,
    read: ReadUpdates,
    *,
    wanted: Callable[[str], object] = bool,
    listen: bool = False,
) -> Iterator[Result]:
    """Run the tests of a file, one after the other.

    Args:
        loaded: the file.
        engine: with the rulebook that the file names.
        read: of the sources.
        wanted: says by its name whether a test is run.
        listen: find out which rules spoke.
    """
    for index, case in enumerate(loaded.file.tests):
        if not wanted(case.name):
            continue
        line = loaded.line("tests", index)
        try:
            world = World(case, loaded.path.parent, engine, read)
            run = _Run(loaded, index, case, world)
            differences = tuple(run.differences())
            heard = _heard(world) if listen else None
            yield Result(case.name, line, differences, run.checked, None, heard)
        except MonitorError as error:
            hint = f" ({error.hint})" if error.hint else ""
            yield Result(case.name, line, (), error=error.message + hint)


def _heard(world: World) -> frozenset[tuple[str, str]]:
    commitments = world.engine.commitments
    return frozenset((key, rule) for key, c in commitments.items() for rule in world.spoken(c))


class _Run:
    def __init__(self, loaded: Loaded, index: int, case: Case, world: World) -> None:
        self.loaded, self.index, self.case, self.world = loaded, index, case, world
        self.checked = 0
        self._happened: dict[str, Happened] = {}

    def differences(self) -> Iterator[Difference]:
        yield from self._standings()
        yield from self._changes()
        yield from self._alerts()
        for number, never in enumerate(self.case.never):
            self.checked += 1
            happened = self._what_happened(never.commitment)
            found = happened.forbidden(never)
            if found is not None:
                event, said = found
                commitment, line = happened.commitment, self._line("never", number)
                date = format_date(event.at, commitment.zone)
                yield Difference(
                    line, date, commitment.id, "never", f"not {said}", said, why(event)
                )

    def _standings(self) -> Iterator[Difference]:
        for number, instant in enumerate(self.case.expect):
            for name, expected in instant.commitments.items():
                commitment = self.world.commitment(name)
                where = ("expect", number, "commitments", name)
                yield from self._compare(commitment, instant.at, expected, where)

    def _changes(self) -> Iterator[Difference]:
        for number, asked in enumerate(self.case.transitions):
            self.checked += 1
            happened = self._what_happened(asked.commitment)
            missed = happened.misses_change(asked)
            if missed is not None:
                line, name = self._line("transitions", number), happened.commitment.id
                expected = happened.asked_change(asked)
                yield Difference(line, asked.at or "ever", name, "transition", expected, *missed)
        if "transitions" in self.case.only:
            for name, happened in self._named([c.commitment for c in self.case.transitions]):
                mine = [c for c in self.case.transitions if self._is(c.commitment, name)]
                for other in happened.beside_changes(mine):
                    yield self._besides(happened, other, "transition")

    def _alerts(self) -> Iterator[Difference]:
        for number, asked in enumerate(self.case.alerts):
            self.checked += 1
            happened = self._what_happened(asked.commitment)
            missed = happened.misses_alert(asked)
            if missed is not None:
                line, name = self._line("alerts", number), happened.commitment.id
                expected = happened.asked_alert(asked)
                yield Difference(line, asked.at or "ever", name, "alert", expected, *missed)
        if "alerts" in self.case.only:
            for name, happened in self._named([a.commitment for a in self.case.alerts]):
                mine = [a for a in self.case.alerts if self._is(a.commitment, name)]
                for other in happened.beside_alerts(mine):
                    yield self._besides(happened, other, "alert")

    def _named(self, names: Sequence[str]) -> list[tuple[str, Happened]]:
        """Each commitment once, by its key."""
        found = (self._what_happened(name) for name in names)
        each = {happened.commitment.key: happened for happened in found}
        self.checked += len(each)
        return list(each.items())

    def _is(self, name: str, key: str) -> bool:
        return self.world.commitment(name).key == key

    def _besides(self, happened: Happened, event: Transition | Alert, axis: str) -> Difference:
        commitment = happened.commitment
        date = format_date(event.at, commitment.zone)
        return Difference(
            self._line("only"), date, commitment.id, axis, f"no other {axis}",
            happened.told(event), why(event),
        )  # fmt: skip

    def _what_happened(self, name: str) -> Happened:
        commitment, world = self.world.commitment(name), self.world
        found = self._happened.get(commitment.key)
        if found is None:
            found = self._happened[commitment.key] = Happened(
                commitment, world.times, world.transitions(commitment), world.alerts(commitment)
            )
        return found

    def _line(self, *where: str | int) -> int:
        return self.loaded.line("tests", self.index, *where)

    def _compare(
        self, commitment: Commitment, at: str, expected: Expected, where: tuple[str | int, ...]
    ) -> Iterator[Difference]:
        asked = expected.model_fields_set
        self.checked += len(asked)
        times, origin, zone = self.world.times, origin_of(commitment), commitment.zone
        instant, shown = times.instant(at, origin), times.shown(at, origin)
        if instant < commitment.start:
            begins = f"no: it begins on {format_date(commitment.start, zone)}"
            yield Difference(self._line(*where), shown, commitment.id, "begun", "yes", begins)
            return
        derivation = self.world.view(instant).history(commitment.key)
        standing = derivation.standing
        found = values(standing.assessment)
        found["since"] = format_date(standing.since, zone)
        advanced = standing.advanced
        found["last_progress"] = "none" if advanced is None else format_date(advanced, zone)
        hint = _hint(derivation.transitions, zone)
        for axis in (*AXES, "since", "last_progress"):
            if axis not in asked:
                continue
            value = getattr(expected, axis)
            wanted = "none" if value is None else str(value)
            dated = axis in ("since", "last_progress") and wanted != "none"
            same = times.same_date(found[axis], wanted, origin) if dated else wanted == found[axis]
            if not same:
                line = self._line(*where, axis)
                said = times.shown(wanted, origin) if dated else wanted
                yield Difference(line, shown, commitment.id, axis, said, found[axis], hint)


def _hint(transitions: Sequence[Transition], zone: str) -> str | None:
    """What led to the headline that was found."""
    last = headline_change(transitions)
    if last is None:
        return None
    changed = changes(last)
    what = str(changed[0]) if changed else last.after.status.value.replace("_", " ")
    why = "; ".join(reason.text for reason in last.reasons)
    return f"{format_date(last.at, zone)} {what}: {why}"
