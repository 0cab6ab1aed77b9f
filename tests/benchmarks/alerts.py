"""Alerts from commit to receipt, beside a real Alertmanager; and what open alerts cost for nothing.

How fast the outbox is beside bare httpx is measured by `deliver`.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx

from monitor.bootstrap import make_evaluator
from monitor.domain.delivery import Delivered
from monitor.domain.routing import Policy, Route
from monitor.engine.engine import Engine
from monitor.language.loader import load_rulebook
from monitor.notify.guard import Guard
from monitor.notify.payload import encode
from monitor.notify.webhook import WebhookReceiver
from monitor.services.assessment.options import Options
from monitor.services.delivery.deliver import CONCURRENCY, deliver
from monitor.services.run import run
from monitor.store import open_store
from tests.benchmarks import world
from tests.benchmarks.deliver import LEAST, NOW, SECRET, bare, ours
from tests.benchmarks.deliver import alerts as made_up
from tests.benchmarks.hook import counting
from tests.benchmarks.measure import Child, Row, Timer, met

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.domain.alert import Alert
    from monitor.domain.delivery import Outbound
    from monitor.domain.time import Instant
    from monitor.services.run import RunReport

PENDING = 1_000
SIZES = (1_000, 10_000, 100_000)
QUICK = (200, 2_000)
LIMIT = 1.3
ROUNDS = 9
STALLED = 180
AGREEMENTS = 10
"""Of every size: a run asks of each whether somebody still looks, which is another cost."""
PATIENCE = 300
"""Seconds after which something that is waited for has failed."""

ALERTMANAGER = """\
route: {receiver: hook, group_by: ['...'], group_wait: 0s, group_interval: 1s}
receivers: [{name: hook, webhook_configs: [{url: '%s', send_resolved: false}]}]
"""
"""Each alert is a group of its own that waits for no other, as ours are sent."""


def latencies(told: Sequence[Alert]) -> list[float]:
    """Seconds from the commit to the receipt of each of so many pending alerts, the first first."""
    with tempfile.TemporaryDirectory(prefix="monitor-bench-") as folder, counting(len(told)) as to:
        store = open_store(f"sqlite:///{Path(folder) / 'monitor.db'}")
        desk = WebhookReceiver("desk", to.url, SECRET, guard=Guard(private=True))
        with store.write() as writer:
            writer.add_alerts(told)
            writer.enqueue([(alert.id, "desk") for alert in told], NOW)
        committed = time.monotonic()
        deliver(store, {"desk": desk}, lambda: NOW)
        # the receiver's threads note their requests in any order
        return [at - committed for at in sorted(to.times())]


@contextmanager
def alertmanager(program: str, hook: str) -> Iterator[str]:
    """Where an Alertmanager is that tells this hook."""
    with tempfile.TemporaryDirectory(prefix="monitor-bench-") as folder, ExitStack() as stack:
        config = Path(folder) / "alertmanager.yml"
        config.write_text(ALERTMANAGER % hook, "ascii")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [
            program,
            f"--config.file={config}",
            f"--storage.path={folder}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
        ]
        process = stack.enter_context(subprocess.Popen(command, stderr=subprocess.DEVNULL))
        stack.callback(process.terminate)
        url = f"http://127.0.0.1:{port}"
        began = time.monotonic()
        while True:
            try:
                httpx.get(f"{url}/-/ready", timeout=1).raise_for_status()
            except httpx.HTTPError:
                if process.poll() is not None or time.monotonic() > began + PATIENCE:
                    raise RuntimeError("Alertmanager does not come up") from None
            else:
                break
        yield url


def theirs(program: str, told: Sequence[Alert]) -> float:
    """Seconds from the first post to an Alertmanager until it has told a hook of all."""
    bodies = [
        {
            "labels": {"alertname": alert.kind.value, "id": alert.id},
            "annotations": {"summary": alert.message, "body": encode(alert).decode()},
        }
        for alert in told
    ]
    with counting(len(told)) as to, alertmanager(program, to.url) as url, httpx.Client() as client:
        began = time.monotonic()
        for first in range(0, len(bodies), 100):
            client.post(f"{url}/api/v2/alerts", json=bodies[first : first + 100]).raise_for_status()
        return max(to.times()) - began


class Taker:
    """Takes everything at once: what sending costs is measured elsewhere."""

    timeout = 1.0

    def deliver(self, outbound: Outbound, now: Instant) -> Delivered:
        return Delivered(now, 204)


def idling(folder: str, commitments: int) -> Iterator[dict[str, Any]]:
    """So many commitments stall and everybody is told; then runs that find nothing new."""
    place = Path(folder)
    per = max(1, commitments // AGREEMENTS)
    rules = world.write_rulebooks(place / "rules", commitments, per_agreement=per)
    rulebook = load_rulebook([rules])
    store = open_store(f"sqlite:///{place / 'monitor.db'}")
    policy = Policy(Route("", ("desk",)), plain=False)
    options = Options(introduce=True, receivers=["desk"], policy=policy)
    engine = Engine(rulebook, make_evaluator("auto"))

    def once(now: Instant) -> RunReport:
        report = run(
            store, engine, (), {"desk": Taker()}, lambda: now, options, kinds=(), zone="UTC"
        )
        if report is None or report.delivery is None:
            raise RuntimeError("another run is at work")
        return report

    once(world.instant(STALLED - 2))
    opened = once(world.instant(STALLED + 1))
    if opened.delivery is None or opened.delivery.delivered < commitments:
        raise RuntimeError("not every commitment has an open alert")
    yield {"open": len(opened.step.alerts)}
    for number in range(ROUNDS):
        with Timer() as timer:
            report = once(world.instant(STALLED + 1) + 60 * (number + 1))
        yield {"cpu": timer.cpu, "alerts": len(report.step.alerts), "touched": report.step.touched}


class Idle(NamedTuple):
    """Runs with so many open alerts. `growth`: the median ratio to the smallest number."""

    open: int
    runs: list[dict[str, Any]]
    growth: float


def idle(sizes: Sequence[int]) -> list[Idle]:
    """A process for each size; they take turns, so that what disturbs one disturbs all."""
    folder = Path(tempfile.mkdtemp(prefix="monitor-bench-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        children = []
        for size in sizes:
            child = Child("alerts:idling", folder=str(folder / str(size)), commitments=size)
            stack.callback(child.close)
            children.append(child)
        setups = [child.next() for child in children]
        rounds = [[child.next() for child in children] for _ in range(ROUNDS)]
    return [
        Idle(
            setups[n]["open"],
            [one[n] for one in rounds],
            median(one[n]["cpu"] / one[0]["cpu"] for one in rounds),
        )
        for n in range(len(sizes))
    ]


def rows(*, quick: bool) -> Iterator[Row]:
    """The table's lines."""
    count = 200 if quick else 2_000
    told = made_up(count)
    yield from _rates(told, pairs=1 if quick else 5)
    pending = 200 if quick else PENDING
    waits = latencies(made_up(pending))
    yield Row(
        "alerts",
        f"commit to receipt, {pending:,} pending",
        f"first {waits[0] * 1e3:.0f} ms, median {median(waits) * 1e3:.0f} ms,"
        f" last {max(waits) * 1e3:.0f} ms",
    )
    found = idle(QUICK if quick else SIZES)
    for one in found:
        cpu = median(each["cpu"] for each in one.runs)
        value = f"{cpu * 1e3:.2f} ms CPU"
        what = f"nothing new, {one.open:,} open"
        if one is found[0]:
            yield Row("alerts", what, value)
        else:
            grown = f"{value}, {one.growth:.2f}x"
            yield Row("alerts", what, grown, f"<= {LIMIT}x", met(one.growth <= LIMIT))


def _rates(told: Sequence[Alert], pairs: int) -> Iterator[Row]:
    """Alerts per second of bare httpx, of the outbox, and of an Alertmanager."""
    bodies = [encode(alert) for alert in told]
    program = shutil.which("prometheus-alertmanager")
    found: list[tuple[float, float, float]] = []
    with counting() as to:
        bare(to.url, bodies[:50])
        for _ in range(pairs):
            manager = 0.0 if program is None else theirs(program, told)
            found.append((ours(to.url, told), bare(to.url, bodies), manager))
    mine, httpx_, manager = (median(column) for column in zip(*found, strict=True))
    share = median(other / own for own, other, _ in found)
    count = len(told)
    yield Row("alerts", f"bare httpx, {CONCURRENCY} threads", f"{count / httpx_:,.0f} alerts/s")
    yield Row(
        "alerts",
        "out of the outbox, signed",
        f"{count / mine:,.0f} alerts/s, {share:.2f}x",
        f">= {LEAST}x",
        met(share >= LEAST),
    )
    shown = "prometheus-alertmanager is not installed"
    yield Row(
        "alerts",
        "Alertmanager, each alert its own group",
        shown if program is None else f"{count / manager:,.0f} alerts/s",
    )
