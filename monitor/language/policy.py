"""From what monitor.yaml says of routes to the tree that alerts go down, and its faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.interval import (
    WEEKDAYS,
    Digest,
    Interval,
    Window,
    parse_time,
    parse_times,
    parse_weekdays,
)
from monitor.domain.matching import Matcher, checked, field_name, parse_matcher
from monitor.domain.routing import Escalation, Mute, Policy, Route, Timing, everybody
from monitor.language.faults import did_you_mean
from monitor.language.hours import parse_dates
from monitor.language.routing import MatchModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from monitor.language.faults import Path
    from monitor.language.hours import WindowModel
    from monitor.language.routing import MuteModel, RouteModel

_IMMEDIATE = Timing()


class Written(NamedTuple):
    """What a configuration says of who is told what, and the names and the zone it goes by."""

    routes: RouteModel | None
    intervals: Mapping[str, Sequence[WindowModel]]
    mute_when: Sequence[MuteModel]
    receivers: Sequence[str]
    zone: str


class Wrong(NamedTuple):
    """What is wrong, and where in the configuration."""

    path: Path
    message: str


def build_policy(written: Written) -> tuple[Policy, list[Wrong]]:
    """The policy, and every name in it that means nothing; with any of those it is of no use."""
    return _Building(written).build()


class _Building:
    def __init__(self, written: Written) -> None:
        self.written = written
        self.wrong: list[Wrong] = []
        self.intervals = {
            name: Interval(name, tuple(self._window(window) for window in windows))
            for name, windows in written.intervals.items()
        }

    def build(self) -> tuple[Policy, list[Wrong]]:
        self._places()
        mutes: list[Mute] = []
        for number, model in enumerate(self.written.mute_when):
            path = ("mute_when", number)
            mutes.append(
                Mute(
                    self.matchers(model.open, (*path, "open")),
                    self.matchers(model.mutes, (*path, "mutes")),
                    ("agreement",) if model.equal is None else model.equal,
                    model.dependants,
                )
            )
        routes = self.written.routes
        if routes is None:
            return everybody(self.written.receivers, tuple(mutes)), self.wrong
        if routes.matchers is not None:
            self._fault(("routes", "matchers"), "the first route gets every alert: no matchers")
        if routes.receiver is None:
            self._fault(("routes",), "the first route needs a `receiver`: who else is told")
        above = Route("routes", ())
        return Policy(self._route(routes, ("routes",), above), tuple(mutes)), self.wrong

    def _route(self, model: RouteModel, path: Path, above: Route) -> Route:
        timing = self._timing(model, path, above.timing)
        receivers = above.receivers if model.receiver is None else model.receiver
        self._known(receivers, (*path, "receiver"))
        route = Route(
            _place(path),
            receivers,
            self.matchers(model.matchers, (*path, "matchers")),
            model.goes_on,
            timing,
        )
        children = [
            self._route(child, (*path, "routes", number), route)
            for number, child in enumerate(model.routes)
        ]
        return Route(route.path, receivers, route.matchers, route.goes_on, timing, tuple(children))

    def _timing(self, model: RouteModel, path: Path, above: Timing) -> Timing:
        digest = self._digest(model, above)
        steps = above.escalate
        if model.escalate is not None:
            steps = tuple(Escalation(step.after, step.receiver) for step in model.escalate)
            for number, step in enumerate(steps):
                self._known(step.receivers, (*path, "escalate", number, "receiver"))
        gathers = model.wait is not None or model.interval is not None
        return Timing(
            above.group_by if model.group_by is None else model.group_by,
            0 if digest else _or(model.wait, above.wait),
            0 if digest else _or(model.interval, above.interval),
            _or(model.repeat, above.repeat),
            None if gathers else digest,
            self._named(model.active_intervals, above.active, (*path, "active_intervals")),
            self._named(model.mute_intervals, above.mute, (*path, "mute_intervals")),
            steps,
        )

    def _digest(self, model: RouteModel, above: Timing) -> Digest | None:
        before = above.digest
        if model.digest == "immediate" or (model.digest is None and before is None):
            return None
        usual = before or Digest(zone=self.written.zone)
        weekday = usual.weekday
        if model.digest is not None:
            weekday = WEEKDAYS.index(model.on or "mon") if model.digest == "weekly" else None
        minute = usual.minute if model.at is None else parse_time(model.at)
        return Digest(minute, weekday, model.zone or usual.zone)

    def _named(
        self, names: Sequence[str] | None, above: tuple[Interval, ...], path: Path
    ) -> tuple[Interval, ...]:
        for name in names or ():
            if name not in self.intervals:
                self._unknown("interval", name, self.intervals, path)
        if names is None:
            return above
        return tuple(self.intervals[name] for name in names if name in self.intervals)

    def _known(self, receivers: Iterable[str], path: Path) -> None:
        for name in receivers:
            if name not in self.written.receivers:
                self._unknown("receiver", name, self.written.receivers, path)

    def _unknown(self, what: str, name: str, known: Iterable[str], path: Path) -> None:
        near = did_you_mean(name, known)
        self._fault(path, f"no {what} is called {name!r}" + (f", {near}" if near else ""))

    def _fault(self, path: Path, message: str) -> None:
        if Wrong(path, message) not in self.wrong:
            self.wrong.append(Wrong(path, message))

    def _window(self, model: WindowModel) -> Window:
        days = [parse_weekdays(text) for text in model.weekdays or ()]
        return Window(
            model.zone or self.written.zone,
            frozenset().union(*days),
            tuple(parse_times(text) for text in model.times or ()),
            tuple(parse_dates(text) for text in model.dates or ()),
            model.calendar or (),
        )

    def _places(self) -> None:
        if not any(w.calendar for windows in self.written.intervals.values() for w in windows):
            return
        from monitor.domain.calendar import known_places  # noqa: PLC0415 - loads all of them

        for name, windows in self.written.intervals.items():
            for number, window in enumerate(windows):
                for place in window.calendar or ():
                    if place not in known_places():
                        path = ("intervals", name, number, "calendar")
                        self._unknown("calendar", place, known_places(), path)

    def matchers(self, model: Any, path: Path) -> tuple[Matcher, ...]:
        """The matchers of either form."""
        if not isinstance(model, MatchModel):
            return tuple(map(parse_matcher, model or ()))
        found = list(_matchers(model, negated=False))
        if model.no is not None:
            if model.no.no is not None:
                self._fault((*path, "not", "not"), "twice not is nothing: write it outside")
            found += _matchers(model.no, negated=True)
        for matcher in found:
            try:
                checked(matcher)
            except ValueError as error:
                self._fault((*path, matcher.field), str(error))
        return tuple(found)


def _matchers(model: MatchModel, *, negated: bool) -> Iterable[Matcher]:
    for name in ("agreement", "commitment", "theme", "party", "severity", "kind", "phase"):
        if (values := getattr(model, name)) is not None:
            yield Matcher(name, values, None, negated)
    if model.status is not None:
        yield Matcher("status", model.status, None, negated)
    for label, values in (model.labels or {}).items():
        yield Matcher(field_name(f"labels.{label}"), values, None, negated)


def _place(path: Path) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _or(value: Any, above: Any) -> Any:
    return above if value is None else value
