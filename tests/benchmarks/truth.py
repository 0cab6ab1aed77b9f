"""What the truth costs: assessing everything from nothing, and one update that comes late.

From nothing: the rules change, so that the next step routes all stored updates again and derives
every commitment from its first update on; first in a way that changes no conclusion, then so that
every one is another, and all histories are written anew.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from tests.benchmarks.measure import Row, Timer, met, once, peak_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.engine.engine import Engine
    from monitor.store.database import Database

SIZES = (10_000, 100_000, 1_000_000)
QUICK_SIZES = (2_000, 20_000)
COMMITMENTS, QUICK_COMMITMENTS = 5_000, 100
DEPTHS = (100, 1_000, 10_000)
QUICK_DEPTHS = (100, 1_000)
ROUNDS = 9
LATE_ONES = (
    ("today", "alone", "one update, of today"),
    ("middle", "alone", "one late update, of the middle"),
    ("today", "asked", "one of today, of one asked about"),
    ("middle", "asked", "one late, of one asked about"),
    ("middle", "asker", "one late, of one that asks"),
)
BATCH, BATCHES = 10_000, 20
GROWTH = 1.5
"""How much more an update of a size may cost than one of the size before."""
FLAT = 192 * 2**20
"""How many bytes of memory assessing may take, however many updates there are."""
LATE = 10.0
"""How much more a late update may cost among a hundred times as many, which a replay would."""


def _engine(rules: Path) -> Engine:
    from monitor.bootstrap import make_evaluator
    from monitor.engine.engine import Engine
    from monitor.language.loader import load_rulebook

    return Engine(load_rulebook([rules]), make_evaluator("auto"))


def _filled(place: Path, engine: Engine, updates: int, commitments: int) -> tuple[Database, int]:
    """A store with so many updates, taken in some at a time; and the day after the last one."""
    from monitor.domain.update import KINDS
    from monitor.services.assessment.options import Options
    from monitor.services.evidence.collect import collect
    from monitor.services.run import assess
    from monitor.sources.feed import FileSource
    from monitor.store import open_store
    from tests.benchmarks import world

    files = min(-(-updates // BATCH), BATCHES)
    feed = world.write_feed(place / "feed", updates, commitments, files=files, shipped_kinds=True)
    store = open_store(f"sqlite:///{place / 'monitor.db'}")
    for file, end in feed:
        now = world.instant(end)
        collected = collect(FileSource("feed", file), now, kinds=KINDS, zone="UTC")
        assess(store, engine, [collected], now, Options(introduce=True), command="run")
    return store, feed[-1][1]


def filling(folder: str, updates: int, commitments: int) -> Iterator[dict[str, Any]]:
    """A store for `renewing`."""
    from tests.benchmarks import world

    place = Path(folder)
    engine = _engine(world.write_rulebooks(place / "rules", commitments))
    store, end = _filled(place, engine, updates, commitments)
    store.close()
    yield {"end": end}


EDITS = {
    "the same": ("news.example.org", "news.example.net"),
    "another": ("tier: 2", "tier: 3"),
}
"""What is edited in a rulebook, by what every history is after it; of tier 3 nothing counts."""


def renewing(folder: str, end: int, updates: int, edit: str) -> Iterator[dict[str, Any]]:
    """Everything again from nothing, in a process that has done nothing else."""
    from monitor.bootstrap import calm_collector
    from monitor.services.assessment.options import Options
    from monitor.services.assessment.step import Intake, take_step
    from monitor.store import open_store
    from tests.benchmarks import world

    calm_collector()  # as the command line does
    place = Path(folder)
    for file in (place / "rules").glob("*.yaml"):
        file.write_text(file.read_text("utf-8").replace(*EDITS[edit]))
    engine = _engine(place / "rules")
    for key in engine.commitments:
        engine.plan(key)
    _ = engine.router
    store = open_store(f"sqlite:///{place / 'monitor.db'}")
    base = peak_bytes()
    with Timer() as timer, store.write() as writer:
        report = take_step(writer, engine, Intake(), world.instant(end), Options())
    with store.read() as reader:
        kept = reader.counts()["evidence"]
        old = [k for k, s in reader.states().items() if s.rules != engine.rules_hash(k)]
    store.close()
    if (
        old
        or kept != updates
        or report.transitions
        or bool(report.rewritten) != (edit == "another")
    ):
        raise RuntimeError(f"{len(old)} not assessed, {kept} of {updates} routed")
    yield {"cpu": timer.cpu, "peak": peak_bytes() - base}


ASKING = """\
  rules:
  - id: as-the-other
    when: {status: {commitment: c0, standing: [at_risk, reversed]}}
    then: {at_risk: what it rests on is}
  - id: as-most
    when: {commitments: {of: [c0, c2], activity: [stalled, dormant], at_least: 2}}
    then: {stalled: nothing moves}
"""
"""What a commitment asks about two others, with the standard profile beside it."""


def late(folder: str, updates: int, kind: str, about: str) -> Iterator[dict[str, Any]]:
    """One update at a time on one commitment with many: news of today, or of the middle.

    `about`: "alone", nobody asks about the commitment; "asked", it is asked about by one that has
    as many updates of its own; "asker", it is that one.
    """
    from monitor.domain.time import parse_occurred
    from monitor.domain.update import Update
    from monitor.services.assessment.options import Options
    from monitor.services.assessment.step import Intake, take_step
    from tests.benchmarks import world

    place = Path(folder)
    alone = about == "alone"
    rules = world.write_rulebooks(
        place / "rules", 1 if alone else 3, rules={} if alone else {1: ASKING}
    )
    engine = _engine(rules)
    store, end = _filled(place, engine, updates if alone else 2 * updates, 1 if alone else 2)
    topic = "c1" if about == "asker" else "c0"
    middle = (world.START + timedelta(end // 2)).isoformat()
    today = (world.START + timedelta(end)).isoformat()
    costs = []
    for number in range(ROUNDS):
        occurred = parse_occurred(today if kind == "today" else middle)
        news = Update(f"n{number}", occurred, 0, "agreement", "News", (topic,), source="Wire")
        now = world.instant(end + 1 + number)
        news = news._replace(recorded=now)
        with Timer() as timer, store.write() as writer:
            take_step(writer, engine, Intake([news]), now, Options(introduce=True))
        costs.append(timer.cpu)
    yield {"ms": median(costs) * 1e3}


def measure_renewal(updates: int, commitments: int) -> dict[str, dict[str, Any]]:
    """By edit, seconds of CPU, and bytes of memory beyond rulebook and engine."""
    folder = Path(tempfile.mkdtemp(prefix="monitor-bench-"))
    asked = {"folder": str(folder), "updates": updates}
    try:
        end = once("truth:filling", **asked, commitments=commitments)["end"]
        return {edit: once("truth:renewing", **asked, end=end, edit=edit) for edit in EDITS}
    finally:
        shutil.rmtree(folder)


def measure_late(updates: int, kind: str, about: str) -> float:
    """Milliseconds of CPU for a step with one update."""
    folder = Path(tempfile.mkdtemp(prefix="monitor-bench-"))
    try:
        found = once("truth:late", folder=str(folder), updates=updates, kind=kind, about=about)
        return float(found["ms"])
    finally:
        shutil.rmtree(folder)


def _renewed(
    name: str, updates: int, edit: str, found: dict[str, Any], before: dict[str, float]
) -> Row:
    """One size. `before`: what an update cost in the size before, by edit."""
    each = found["cpu"] / updates
    value = (
        f"{found['cpu']:.1f} s CPU, {each * 1e6:.0f} us an update,"
        f" {found['peak'] / 2**20:.0f} MiB more"
    )
    goal, held = f"<= {FLAT / 2**20:.0f} MiB", found["peak"] <= FLAT
    if edit in before:
        value += f", {each / before[edit]:.2f}x an update"
        goal = f"<= {GROWTH}x an update, {goal}"
        held = held and each <= GROWTH * before[edit]
    before[edit] = each
    return Row(name, f"{updates:,} updates, {edit} history", value, goal, met(held))


def rows(*, quick: bool) -> Iterator[Row]:
    """The table's lines."""
    commitments = QUICK_COMMITMENTS if quick else COMMITMENTS
    before: dict[str, float] = {}
    for updates in QUICK_SIZES if quick else SIZES:
        for edit, found in measure_renewal(updates, commitments).items():
            yield _renewed(
                f"from nothing, {commitments:,} commitments", updates, edit, found, before
            )
    for kind, about, name in LATE_ONES:
        first: float | None = None
        for updates in QUICK_DEPTHS if quick else DEPTHS:
            cost = measure_late(updates, kind, about)
            what, value = f"among {updates:,}", f"{cost:.1f} ms CPU"
            if first is None:
                first = cost
                yield Row(name, what, value)
            else:
                ratio = cost / first
                goal = f"<= {LATE:.0f}x"
                yield Row(name, what, f"{value}, {ratio:.1f}x", goal, met(ratio <= LATE))
