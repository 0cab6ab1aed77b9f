"""The shipped rulebook over ten years of daily news: how fast a history is replayed."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks import world
from tests.benchmarks.measure import ROOT, Row, Timer, met, once

if TYPE_CHECKING:
    from collections.abc import Iterator

FULL, QUICK = 40_000, 4_000
YEARS = 10
LIMIT = 10
"""Seconds of CPU in which the whole must be done."""


def write_news(path: Path, updates: int, days: int) -> Path:
    """The reports of the shipped feed again and again, in random order, evenly over the days."""
    chance = random.Random(11)
    shipped = world.shipped_feed()
    begin = min(date.fromisoformat(record["occurred_at"][:10]) for record in shipped)
    lines = []
    for number in range(updates):
        record = dict(chance.choice(shipped))
        record.pop("id", None)
        record["occurred_at"] = (begin + timedelta(number * days // updates)).isoformat()
        record["title"] = f"{record['title']} ({number})"
        lines.append(json.dumps(record, ensure_ascii=False) + "\n")
    path.write_text("".join(lines), encoding="utf-8")
    return path


def replaying(folder: str, updates: int) -> Iterator[dict[str, Any]]:
    """Read, load, replay; with the CPU seconds of each."""
    from monitor.bootstrap import calm_collector, make_evaluator
    from monitor.domain.coverage import Coverage
    from monitor.domain.time import DAY
    from monitor.engine.engine import Engine
    from monitor.language.loader import load_rulebook
    from monitor.services.backtest.replay import Span, backtest, beginning
    from monitor.services.memory import Memory
    from monitor.sources.mapping import field_map
    from monitor.sources.reader import read_updates

    days = YEARS * 365
    news = write_news(Path(folder) / "news.jsonl", updates, days)
    calm_collector()
    with Timer() as load:
        engine = Engine(load_rulebook([ROOT / "rules"]), make_evaluator("auto"))
    first = beginning(engine)
    if first is None:
        raise RuntimeError("the shipped rulebook has no commitment")
    last = first + days * DAY
    with Timer() as read:
        reading = read_updates(
            news,
            recorded=last,
            kinds=None,
            mapping=field_map({"topics": "subject"}),
            name="news",
            zone="Asia/Tokyo",
        )
        found = [update for batch in reading for update in batch.updates]
    if len(found) != updates:
        raise RuntimeError(f"{len(found)} of {updates} records were good")
    memory = Memory(found, [Coverage("news", None, last + 1, first)])
    with Timer() as replay:
        done = backtest(memory, engine, Span(first, last), DAY)
    yield {
        "load": load.cpu,
        "read": read.cpu,
        "replay": replay.cpu,
        "commitments": len(done.courses),
        "reports": done.reports,
        "transitions": sum(len(course.transitions) for course in done.courses),
        "alerts": sum(done.told.values()),
    }


def measure(updates: int) -> dict[str, Any]:
    """In a process that does nothing else."""
    folder = Path(tempfile.mkdtemp(prefix="monitor-bench-"))
    try:
        return once("backtest:replaying", folder=str(folder), updates=updates)
    finally:
        shutil.rmtree(folder)


def rows(*, quick: bool) -> Iterator[Row]:
    """The table's lines."""
    updates = QUICK if quick else FULL
    found = measure(updates)
    name = f"backtest, {YEARS} years of the shipped rulebook"
    whole = found["load"] + found["read"] + found["replay"]
    yield Row(
        name,
        f"{updates:,} updates",
        f"{whole:.2f} s CPU, {updates / whole:,.0f} updates/s",
        f"<= {LIMIT} s",
        met(whole <= LIMIT),
    )
    yield Row(
        name,
        "  of that",
        f"{found['load']:.2f} s to load the rules, {found['read']:.2f} s to read,"
        f" {found['replay']:.2f} s to replay ({updates / found['replay']:,.0f} updates/s)",
    )
    yield Row(
        name,
        "  found",
        f"{found['commitments']} commitments, {found['reports']:,} reports,"
        f" {found['transitions']:,} transitions, {found['alerts']:,} alerts",
    )
