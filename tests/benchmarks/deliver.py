"""Alerts per second out of the outbox to a receiver, beside bare httpx posting the same bodies."""

from __future__ import annotations

import base64
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import httpx

from monitor.domain.alert import Alert, AlertKind, Phase, alert_id
from monitor.notify.guard import Guard
from monitor.notify.payload import CONTENT_TYPE, encode
from monitor.notify.webhook import WebhookReceiver
from monitor.services.delivery.deliver import CONCURRENCY, deliver
from monitor.store import open_store
from tests.benchmarks.hook import counting
from tests.benchmarks.measure import Row, met

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEAST = 0.5
"""Of what bare httpx does with the same concurrency."""

NOW = 1_771_460_000
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


def alerts(count: int) -> list[Alert]:
    """Openings of as many commitments as there would be in a large rulebook."""
    return [
        Alert(
            alert_id("bench", str(number)),
            AlertKind.STALLED,
            Phase.OPENED,
            NOW,
            "bench",
            f"bench/c{number % 2000}",
            None,
            "warning",
            (),
            f"Commitment {number}: stalled",
            {"title": f"Commitment {number}", "quote": "words " * 40, "reasons": []},
            NOW,
        )
        for number in range(count)
    ]


def ours(url: str, told: Sequence[Alert]) -> float:
    """Seconds to deliver all, out of a store."""
    with tempfile.TemporaryDirectory(prefix="monitor-bench-") as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'monitor.db'}")
        with store.write() as writer:
            writer.add_alerts(told)
            writer.enqueue([(alert.id, "desk") for alert in told], NOW)
        desk = WebhookReceiver("desk", url, SECRET, guard=Guard(private=True))
        began = time.perf_counter()
        report = deliver(store, {"desk": desk}, lambda: NOW)
        spent = time.perf_counter() - began
    if report.delivered != len(told):
        raise RuntimeError(f"{report.delivered} of {len(told)} arrived: {report.errors}")
    return spent


def bare(url: str, bodies: Sequence[bytes]) -> float:
    """Seconds to post all with httpx and as many threads, over kept connections."""
    with httpx.Client() as client, ThreadPoolExecutor(CONCURRENCY) as pool:

        def post(body: bytes) -> int:
            return client.post(
                url, content=body, headers={"content-type": CONTENT_TYPE}
            ).status_code

        began = time.perf_counter()
        statuses = set(pool.map(post, bodies))
        spent = time.perf_counter() - began
    if statuses != {204}:
        raise RuntimeError(f"httpx got {statuses}")
    return spent


def rows(*, quick: bool) -> Iterator[Row]:
    """The table's lines."""
    count, pairs = (200, 1) if quick else (2000, 5)
    told = alerts(count)
    bodies = [encode(alert) for alert in told]
    with counting() as to:
        bare(to.url, bodies[:50])  # the first attempts load what they need
        ours(to.url, told[:50])
        found = [(ours(to.url, told), bare(to.url, bodies)) for _ in range(pairs)]
    mine, theirs = (count / median(column) for column in zip(*found, strict=True))
    share = median(other / own for own, other in found)
    yield Row("deliver", f"bare httpx, {CONCURRENCY} threads", f"{theirs:,.0f} alerts/s")
    yield Row(
        "deliver",
        "out of the outbox, signed",
        f"{mine:,.0f} alerts/s, {share:.2f}x",
        f">= {LEAST}x",
        met(share >= LEAST),
    )
