"""What is sent in which order, what waits, and what a crash leaves, against a real store."""

import threading
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.alert import Alert, AlertKind, Phase
from monitor.domain.delivery import Dead, Delivered, DeliveryState, Retry
from monitor.services.delivery.breaker import BREAK_AFTER, BREAK_WAIT
from monitor.services.delivery.deliver import FAULT_ATTEMPTS, RECORDING, UNKNOWN_WAIT, deliver
from monitor.store import open_store

NOW = 1_771_459_200
OK = object()
LATER = 300


def an_alert(id_, commitment="jp-kr/energy", agreement="jp-kr", opening=None):
    return Alert(
        id=id_,
        kind=AlertKind.STALLED,
        phase=Phase.OPENED,
        at=NOW - 1000,
        agreement=agreement,
        commitment=commitment,
        transition=None,
        severity="warning",
        labels=(),
        message="m",
        body={},
        recorded=NOW - 10,
        opening=opening,
    )


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


class Desk:
    """A receiver that follows a script by alert: OK, a status, or an exception; OK after it."""

    timeout = 15.0

    def __init__(self, **script):
        self.script = {alert: list(answers) for alert, answers in script.items()}
        self.tried = []
        self.got = []
        self.busy = threading.Lock()

    def deliver(self, outbound, now):
        with self.busy:
            alert = outbound.alert.id
            self.tried.append(alert)
            answer = (self.script.get(alert) or [OK]).pop(0)
            if isinstance(answer, Exception):
                raise answer
            if answer is OK:
                self.got.append(alert)
                return Delivered(now, 200)
            if answer == 410:
                return Dead("HTTP 410 Gone", 410, gone=True)
            if answer == "dead":
                return Dead("given up", 500)
            return Retry(now + LATER, f"HTTP {answer}", answer)


@pytest.fixture
def store(tmp_path):
    return open_store(f"sqlite:///{tmp_path}/monitor.db")


@pytest.fixture
def clock():
    return Clock()


def put(store, *alerts, to=("desk",), at=NOW):
    with store.write() as writer:
        writer.add_alerts(alerts)
        writer.enqueue([(alert.id, name) for alert in alerts for name in to], at)


def pending(store, **only):
    with store.read() as reader:
        rows = reader.deliveries(state=DeliveryState.PENDING, **only)
    return {row.alert: row for row in rows}


def test_what_is_due_is_sent_once_in_batches_of_any_size(store, clock):
    for limit in (1, 3, 100):
        names = [f"a{limit}_{n}" for n in range(7)]
        put(store, *(an_alert(name, f"jp-kr/c{n % 3}") for n, name in enumerate(names)))
        desk = Desk()
        report = deliver(store, {"desk": desk}, clock, limit=limit)
        assert sorted(desk.got) == names
        assert (report.delivered, report.attempted, report.held) == (7, 7, 0)
        assert report.waiting == {}
        assert report.warnings() == ()
        assert deliver(store, {"desk": desk}, clock).attempted == 0


def test_nothing_due_is_nothing_done(store, clock):
    put(store, an_alert("a1"), at=NOW + 1)
    desk = Desk()
    assert deliver(store, {"desk": desk}, clock).waiting == {"desk": 1}
    assert desk.tried == []


def test_a_younger_alert_of_a_commitment_waits_for_the_older_ones_retry(store, clock):
    desk = Desk(opened=[500])
    put(store, an_alert("opened"), an_alert("resolved"), an_alert("elsewhere", "jp-kr/ai"))
    report = deliver(store, {"desk": desk}, clock)
    assert desk.got == ["elsewhere"]
    assert (report.delivered, report.retrying, report.held) == (1, 1, 1)
    assert report.warnings() == ("receiver 'desk': HTTP 500",)
    waiting = pending(store)
    assert waiting["resolved"].attempts == 0
    assert waiting["resolved"].next_attempt == waiting["opened"].next_attempt == NOW + LATER
    assert (
        waiting["resolved"].error
        == f"waits for delivery {waiting['opened'].id}, which comes before it"
    )
    clock.now += LATER
    deliver(store, {"desk": desk}, clock)
    assert desk.got == ["elsewhere", "opened", "resolved"]


def test_an_alert_that_comes_in_while_an_older_one_waits_waits_as_well(store, clock):
    desk = Desk(opened=[500, 500])
    put(store, an_alert("opened"))
    deliver(store, {"desk": desk}, clock)
    clock.now += 60
    put(store, an_alert("resolved"), an_alert("elsewhere", "jp-kr/ai"), at=clock.now)
    assert deliver(store, {"desk": desk}, clock).held == 1
    assert desk.got == ["elsewhere"]
    for _ in range(2):
        clock.now += LATER
        deliver(store, {"desk": desk}, clock)
    assert desk.got == ["elsewhere", "opened", "resolved"]


def test_one_receivers_failure_keeps_no_other_waiting(store, clock):
    down, up = Desk(opened=[500]), Desk()
    put(store, an_alert("opened"), an_alert("resolved"), to=("down", "up"))
    deliver(store, {"down": down, "up": up}, clock)
    assert up.got == ["opened", "resolved"]
    assert down.tried == ["opened"]


def test_an_older_alert_that_was_given_up_is_waited_for_no_longer(store, clock):
    desk = Desk(opened=["dead"])
    put(store, an_alert("opened"), an_alert("resolved"))
    report = deliver(store, {"desk": desk}, clock)
    assert desk.got == ["resolved"]
    assert (report.delivered, report.dead) == (1, 1)


def test_alerts_about_a_whole_agreement_are_sent_in_their_order(store, clock):
    desk = Desk(first=[500])
    put(store, an_alert("first", None), an_alert("second", None), an_alert("else", None, "g7"))
    deliver(store, {"desk": desk}, clock)
    assert desk.got == ["else"]
    clock.now += LATER
    deliver(store, {"desk": desk}, clock)
    assert desk.got == ["else", "first", "second"]


def test_a_correction_of_the_first_summary_waits_for_the_summary(store, clock):
    desk = Desk(summary=[500, 500])
    put(store, an_alert("summary", None), an_alert("at-once", "jp-kr/ai", opening="summary"))
    deliver(store, {"desk": desk}, clock)
    clock.now += 60
    corrected = an_alert("corrected", opening="summary")
    put(store, corrected, an_alert("other", "jp-kr/else"), at=clock.now)
    deliver(store, {"desk": desk}, clock)
    assert desk.got == ["other"]
    for _ in range(2):
        clock.now += LATER
        deliver(store, {"desk": desk}, clock)
    assert desk.got[:2] == ["other", "summary"]
    assert sorted(desk.got[2:]) == ["at-once", "corrected"]


def test_an_alert_about_an_agreement_waits_for_the_older_ones_retry_as_well(store, clock):
    desk = Desk(first=[500])
    put(store, an_alert("first", None))
    deliver(store, {"desk": desk}, clock)
    put(store, an_alert("second", None), an_alert("else", None, "g7"), at=NOW + 1)
    clock.now += 60
    deliver(store, {"desk": desk}, clock)
    assert desk.got == ["else"]
    clock.now += LATER
    deliver(store, {"desk": desk}, clock)
    assert desk.got == ["else", "first", "second"]


def test_an_older_alert_in_a_later_batch_still_comes_first(store, clock):
    desk = Desk(opened=[500])
    put(store, an_alert("opened"))
    deliver(store, {"desk": desk}, clock)
    put(store, an_alert("resolved"), at=NOW + 1)
    clock.now += 2 * LATER  # both are due, the younger has been due for longer
    deliver(store, {"desk": desk}, clock, limit=1)
    assert desk.got == ["opened", "resolved"]


def test_while_another_process_sends_the_older_one_the_younger_waits(store, clock):
    desk = Desk()
    put(store, an_alert("opened"))
    with store.write() as writer:
        (elsewhere,) = writer.claim(NOW, lease=300, limit=10)
    put(store, an_alert("resolved"))
    report = deliver(store, {"desk": desk}, clock)
    assert desk.tried == []
    assert report.waiting == {"desk": 2}
    with store.write() as writer:
        writer.record_outcomes([(elsewhere.delivery, Delivered(NOW, 200))])
    clock.now = pending(store)["resolved"].next_attempt
    assert NOW < clock.now <= NOW + 60
    deliver(store, {"desk": desk}, clock)
    assert desk.got == ["resolved"]


def test_only_what_is_younger_waits_for_what_another_process_sends(store, clock):
    desk = Desk()
    put(store, an_alert("first"), at=NOW + 1)
    put(store, an_alert("second"))
    with store.write() as writer:
        writer.claim(NOW, lease=300, limit=10)
    put(store, an_alert("third"))
    clock.now += 1
    deliver(store, {"desk": desk}, clock)
    assert desk.got == ["first"]


def test_what_waits_for_an_unknown_receiver_stays_and_is_reported(store, clock):
    put(store, an_alert("a1"), an_alert("a2"), an_alert("a3", "jp-kr/ai"), to=("desk", "gone"))
    desk = Desk()
    report = deliver(store, {"desk": desk}, clock)
    assert len(desk.got) == 3
    assert report.unknown == {"gone": 3}
    assert report.warnings() == ("unknown receiver 'gone', 3 waiting",)
    assert {row.attempts for row in pending(store).values()} == {0}
    assert "no receiver called 'gone' is configured" in pending(store)["a1"].error
    clock.now += UNKNOWN_WAIT
    late = Desk()
    assert deliver(store, {"desk": desk, "gone": late}, clock).warnings() == ()
    assert late.got == ["a1", "a2", "a3"]


def test_a_receiver_that_is_gone_is_disabled_until_somebody_revives_it(store, clock):
    desk = Desk(a1=[410])
    put(store, an_alert("a1"), an_alert("a2"), an_alert("a3", "jp-kr/ai"))
    report = deliver(store, {"desk": desk}, clock, concurrency=1)
    assert desk.tried == ["a1"]
    assert (report.dead, report.held, report.waiting) == (1, 2, {"desk": 2})
    assert report.warnings() == ("receiver 'desk' is disabled, 2 waiting: HTTP 410 Gone",)
    assert deliver(store, {"desk": desk}, clock).attempted == 0
    with store.write() as writer:
        assert writer.revive(None, NOW) == 1
    deliver(store, {"desk": desk}, clock)
    assert sorted(desk.got) == ["a1", "a2", "a3"]
    assert desk.got.index("a1") < desk.got.index("a2")


def test_a_receiver_that_is_down_is_left_alone_for_a_while(store, clock):
    alerts = [an_alert(f"a{n}", f"jp-kr/c{n}") for n in range(40)]
    put(store, *alerts)
    desk = Desk(**{alert.id: [503] for alert in alerts})
    report = deliver(store, {"desk": desk}, clock, concurrency=1, limit=15)
    assert len(desk.tried) == BREAK_AFTER
    assert (report.retrying, report.held) == (BREAK_AFTER, 35)
    clock.now += BREAK_WAIT
    deliver(store, {"desk": desk}, clock, concurrency=1)
    assert len(desk.tried) == 2 * BREAK_AFTER
    assert not set(desk.tried[:BREAK_AFTER]) & set(desk.tried[BREAK_AFTER:])


@pytest.mark.parametrize("answer", [400, 404, 422])
def test_a_receiver_that_answers_is_not_down_whatever_it_answers(store, clock, answer):
    alerts = [an_alert(f"a{n}", f"jp-kr/c{n}") for n in range(20)]
    put(store, *alerts)
    desk = Desk(**{alert.id: [answer] for alert in alerts})
    assert deliver(store, {"desk": desk}, clock, concurrency=1).retrying == 20


def test_failures_that_are_not_in_a_row_do_not_count_as_down(store, clock):
    alerts = [an_alert(f"a{n}", f"jp-kr/c{n}") for n in range(20)]
    put(store, *alerts)
    desk = Desk(**{alert.id: [503] for alert in alerts[::2]})
    report = deliver(store, {"desk": desk}, clock, concurrency=1)
    assert (report.delivered, report.retrying) == (10, 10)


class Slow(Desk):
    """Each attempt takes this long, to the second."""

    def __init__(self, clock, takes, **script):
        super().__init__(**script)
        self.clock, self.takes, self.ends = clock, takes, []

    def deliver(self, outbound, now):
        self.clock.now += self.takes
        self.ends.append(self.clock.now)
        return super().deliver(outbound, now)


def test_no_attempt_is_begun_that_could_outlast_the_lease(store, clock, monkeypatch):
    slow = Slow(clock, 15)
    put(store, *(an_alert(f"a{n:02}") for n in range(30)))
    leases = []
    write = store.write

    class Spy:
        def __init__(self, block):
            self.block = block

        def __enter__(self):
            self.writer = self.block.__enter__()
            return self

        def __exit__(self, *exc):
            return self.block.__exit__(*exc)

        def claim(self, now, *, lease, limit):
            leases.append(now + lease)
            return self.writer.claim(now, lease=lease, limit=limit)

        def record_outcomes(self, outcomes):
            assert clock.now <= leases[-1] - RECORDING
            self.writer.record_outcomes(outcomes)

    monkeypatch.setattr(type(store), "write", lambda self: Spy(write()))
    report = deliver(store, {"desk": slow}, clock, lease=120)
    assert slow.got == sorted(slow.got)
    assert len(slow.got) == report.delivered == 30
    assert len(leases) > 5


def test_a_lease_too_short_for_the_timeout_is_lengthened(store, clock):
    slow = Slow(clock, 100)
    slow.timeout = 100.0
    put(store, *(an_alert(f"a{n}") for n in range(4)))
    assert deliver(store, {"desk": slow}, clock, lease=1).delivered == 4


def test_a_receiver_that_raises_is_a_failure_that_shows_no_text_and_keeps_nobody_waiting(
    store, clock
):
    desk = Desk(bad=[ValueError("hush")] * FAULT_ATTEMPTS)
    put(store, an_alert("bad", "jp-kr/bad"), an_alert("good"))
    report = deliver(store, {"desk": desk}, clock)
    assert desk.got == ["good"]
    assert report.errors == {
        "desk": "the receiver raised ValueError; this is a fault in the monitor"
    }
    for _ in range(FAULT_ATTEMPTS - 1):
        clock.now = pending(store)["bad"].next_attempt
        assert clock.now > NOW
        report = deliver(store, {"desk": desk}, clock)
    assert report.dead == 1
    assert len(desk.tried) == FAULT_ATTEMPTS + 1


def test_each_attempt_is_told_to_the_caller_in_its_own_thread(store, clock):
    desk = Desk(a1=[500])
    put(store, an_alert("a1"), an_alert("a2"), an_alert("a3", "jp-kr/ai"))
    told = []

    def on_result(outbound, outcome):
        told.append((outbound.alert.id, type(outcome), threading.current_thread()))

    deliver(store, {"desk": desk}, clock, on_result=on_result)
    here = threading.current_thread()
    assert sorted(told, key=lambda row: row[0]) == [("a1", Retry, here), ("a3", Delivered, here)]


def test_what_was_sent_but_not_recorded_is_sent_again_when_the_lease_has_run_out(store, clock):
    desk = Desk()
    put(store, an_alert("a1"))

    def crash(outbound, outcome):
        raise RuntimeError("the power is gone")

    with pytest.raises(RuntimeError):
        deliver(store, {"desk": desk}, clock, lease=120, on_result=crash)
    clock.now += 119
    assert deliver(store, {"desk": desk}, clock).attempted == 0
    clock.now += 1
    assert deliver(store, {"desk": desk}, clock).delivered == 1
    assert desk.got == ["a1", "a1"]


def test_an_interrupted_run_records_what_it_has_sent_and_lets_the_rest_go(store, clock):
    desk = Desk()
    put(store, *(an_alert(f"a{n}", f"jp-kr/c{n}") for n in range(20)))

    def interrupt(outbound, outcome):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(store, {"desk": desk}, clock, on_result=interrupt)
    sent = len(desk.got)
    assert sent >= 1
    assert len(pending(store)) == 20 - sent
    deliver(store, {"desk": desk}, clock)
    assert len(desk.got) == len(set(desk.got)) == 20


def test_a_wait_does_not_hide_what_a_delivery_failed_with(store, clock):
    desk = Desk(a1=[418])
    put(store, an_alert("a1"))
    deliver(store, {"desk": desk}, clock)
    clock.now += LATER
    deliver(store, {}, clock)
    assert pending(store)["a1"].error == "HTTP 418"


@settings(max_examples=settings().max_examples // 4)  # each one writes a database
@given(
    alerts=st.lists(st.sampled_from("ABC"), min_size=1, max_size=10),
    failures=st.lists(st.lists(st.sampled_from([404, 500, 503]), max_size=3), max_size=20),
    limit=st.integers(1, 5),
    waves=st.integers(1, 3),
)
def test_law_every_alert_arrives_once_and_in_order_at_every_receiver(
    tmp_path_factory, alerts, failures, limit, waves
):
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('law')}/monitor.db")
    clock = Clock()
    rows = [an_alert(f"a{n:02}", f"jp-kr/{c}") for n, c in enumerate(alerts)]
    keys = [(name, row.id) for row in rows for name in ("desk", "wire")]
    scripts = defaultdict(dict)
    for (name, alert), script in zip(keys, failures, strict=False):
        scripts[name][alert] = script
    desks = {name: Desk(**scripts[name]) for name in ("desk", "wire")}
    for wave in range(waves):
        put(store, *rows[wave::waves], to=("desk", "wire"), at=clock.now)
        deliver(store, desks, clock, limit=limit)
        clock.now += 60
    for _ in range(100):
        if not (
            left := [
                *pending(store, receiver="desk").values(),
                *pending(store, receiver="wire").values(),
            ]
        ):
            break
        clock.now = max(clock.now, min(row.next_attempt for row in left))
        deliver(store, desks, clock, limit=limit)
    order = [row.id for wave in range(waves) for row in rows[wave::waves]]
    for desk in desks.values():
        for letter in "ABC":
            own = [row.id for row in rows if row.commitment.endswith(letter)]
            assert [a for a in desk.got if a in own] == [a for a in order if a in own]


def test_a_receiver_that_blocks_all_its_threads_keeps_no_other_waiting(store, clock):
    class Stuck(Desk):
        def deliver(self, outbound, now):
            assert through.wait(30), "the other receiver was kept waiting"
            return Delivered(now, 200)

    class Counting(Desk):
        def deliver(self, outbound, now):
            outcome = super().deliver(outbound, now)
            if len(self.got) == 20:
                through.set()
            return outcome

    through = threading.Event()
    put(store, *(an_alert(f"a{n}", f"jp-kr/c{n}") for n in range(20)), to=("stuck", "free"))
    report = deliver(store, {"stuck": Stuck(), "free": Counting()}, clock, concurrency=2)
    assert report.delivered == 40
