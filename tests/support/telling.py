"""A whole house that tells: steps, dispatches and receivers that write down what they are sent."""

import threading
from collections import defaultdict
from contextlib import contextmanager

from drawing import PARTIES
from hypothesis import strategies as st
from stepping import House, house

from monitor.domain.alert import AlertKind, Phase
from monitor.domain.delivery import Delivered, Retry
from monitor.domain.interval import Digest, Interval, Window
from monitor.domain.matching import Matcher
from monitor.domain.message import MessageReason
from monitor.domain.notice import Silence
from monitor.domain.routing import Escalation, Mute, Policy, Route, Timing, everybody
from monitor.domain.time import DAY, HOUR
from monitor.services.alerts.dispatch import dispatch, dispatch_within
from monitor.services.assessment.options import Options
from monitor.services.delivery.deliver import deliver

RECEIVERS = ("desk", "wire", "boss")


class Pen:
    """A receiver that keeps every message; it fails as often in a row as it is told to."""

    timeout = 5.0

    def __init__(self, name):
        self.name, self.fails = name, 0
        self.messages = []
        self.busy = threading.Lock()

    def deliver(self, outbound, now):
        with self.busy:
            assert outbound.message.receiver == self.name
            if self.fails:
                self.fails -= 1
                return Retry(now + HOUR, "busy", 503)
            self.messages.append(outbound.message)
            return Delivered(now, 200)

    def told(self):
        """{alert id: [message id]} of what was told for the first time, without reminders."""
        found = defaultdict(list)
        for message in self.messages:
            if message.reason is not MessageReason.REMINDER:
                for alert in message.alerts:
                    found[alert.id].append(message.id)
        return dict(found)


class Telling:
    def __init__(self, there: House, policy):
        self.there, self.policy = there, policy or everybody(RECEIVERS)
        self.pens = {name: Pen(name) for name in RECEIVERS}

    @property
    def options(self):
        return Options(introduce=True, receivers=RECEIVERS, policy=self.policy)

    def step(self, now, updates=(), coverage=(), wrap=lambda writer: writer):
        report = self.there.step(now, updates, coverage, self.options, wrap)
        self.send(report.now)
        return report

    def send(self, now):
        self.now = now
        dispatch(self.there.store, self.policy, now)
        deliver(self.there.store, self.pens, lambda: now)

    def dispatch_dying(self, now, wrap):
        with self.there.store.write() as writer:
            dispatch_within(wrap(writer), self.policy, now)

    def silence(self, matchers, since, until, now):
        row = Silence(0, tuple(matchers), since, until, "", "UTC", "me", "because", now)
        with self.there.store.write() as writer:
            return writer.add_silence(row)

    def alerts(self):
        return {alert.id: alert for alert in self.there.alerts()}

    def notices(self):
        with self.there.store.read() as reader:
            return {(n.alert, n.receiver): n for n in reader.notices(list(self.alerts()))}

    def suppressed(self):
        with self.there.store.read() as reader:
            return {(row.alert, row.receiver) for row in reader.suppressions()}


@contextmanager
def telling(rulebook, policy):
    with house(rulebook) as there:
        yield Telling(there, policy)


def matchers():
    one = st.one_of(
        st.sampled_from(
            [("kind", k.value) for k in AlertKind] + [("phase", p.value) for p in Phase]
        ),
        st.sampled_from([("severity", s) for s in ("info", "warning", "critical")]),
        st.sampled_from([("party", p) for p in PARTIES]),
    )
    return st.builds(lambda pair, no: Matcher(pair[0], (pair[1],), None, no), one, st.booleans())


ALWAYS = Window()
NIGHT = Interval("night", (Window("Asia/Tokyo", times=((20 * 60, 6 * 60),)),))
WEEKEND = Interval("weekend", (Window("UTC", frozenset({5, 6})),))


@st.composite
def timings(draw):
    digest = draw(st.sampled_from([None, None, Digest(), Digest(600, 2, "Asia/Tokyo")]))
    gathers = digest is None and draw(st.booleans())
    steps = draw(st.lists(st.integers(1, 12), max_size=2, unique=True).map(sorted))
    return Timing(
        group_by=draw(st.sampled_from([None, (), ("agreement",), ("kind", "phase")])),
        wait=HOUR if gathers else 0,
        interval=3 * DAY if gathers and draw(st.booleans()) else 0,
        repeat=draw(st.sampled_from([None, 2 * DAY, 5 * DAY])),
        digest=digest,
        mute=draw(st.sampled_from([(), (), (NIGHT,), (WEEKEND,)])),
        escalate=tuple(Escalation(days * DAY, ("boss",)) for days in steps),
    )


@st.composite
def routes(draw, path="routes", depth=2):
    children = ()
    if depth:
        number = draw(st.integers(0, 2))
        children = tuple(draw(routes(f"{path}.routes[{n}]", depth - 1)) for n in range(number))
    return Route(
        path,
        tuple(
            draw(st.lists(st.sampled_from(RECEIVERS), min_size=depth // 2, max_size=2, unique=True))
        ),
        () if path == "routes" else tuple(draw(st.lists(matchers(), max_size=2))),
        draw(st.booleans()),
        draw(timings()),
        children,
    )


@st.composite
def policies(draw):
    mutes = draw(
        st.lists(
            st.builds(
                lambda source, target, dependants: Mute(
                    (source,), (target,), ("agreement",), dependants
                ),
                matchers(),
                matchers(),
                st.booleans(),
            ),
            max_size=1,
        )
    )
    return Policy(draw(routes()), tuple(mutes))
