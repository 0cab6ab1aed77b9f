"""Durable ingest, assessment and outbox, beside the raw ceiling of the same rows.

The ceiling is what a program could do that only kept the reports: the same lines, validated by a
pydantic TypeAdapter over a record's TypedDict, inserted with `executemany` into the same table
with the same index and pragmas, in transactions of the same size. It routes, assesses, announces
and enqueues nothing.

The ceiling binds eight nulls a row, as it did from the beginning; the program no longer does. A
second ceiling without them, which is higher, is measured beside it, so that nobody has to wonder
how much of the share comes from that.
"""

from __future__ import annotations

import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from monitor.bootstrap import calm_collector, make_evaluator
from monitor.domain.update import KINDS
from monitor.engine.engine import Engine
from monitor.language.loader import load_rulebook
from monitor.services import run as run_module
from monitor.services.assessment import step as step_module
from monitor.services.assessment.assessing import Assessing
from monitor.services.assessment.options import Options
from monitor.sources.feed import FileSource
from monitor.store import open_store
from monitor.store.database import Database, Writer
from tests.benchmarks import world
from tests.benchmarks.measure import Row, Sections, Timer, met, once

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RATE = 20_000
SHARE = 1 / 4
FULL = (100_000, 1_000)
QUICK = (10_000, 100)


EVALUATORS = ("durable", "plain") if find_spec("durable_rules_engine") else ("plain",)
"""Those that are there: durable-rules does not compile on CPython 3.13 and later."""


def durable(folder: str, updates: int, commitments: int, evaluator: str) -> Iterator[Any]:
    """`run` over each file of the feed, in a store that an empty first run introduced.

    The rulebook is loaded and the engine built before; collecting, the step and its commit count.
    """
    calm_collector()  # as the command line does
    place, feed = Path(folder), world.read_feed(Path(folder) / "feed")
    engine = Engine(load_rulebook([place / "rules"]), make_evaluator(evaluator))
    database = Path(tempfile.mkdtemp(dir=place)) / "monitor.db"
    store = open_store(f"sqlite:///{database}")
    options = Options(introduce=True, receivers=["desk"])

    def run(sources: list[FileSource], day: int) -> Any:
        report = run_module.run(
            store,
            engine,
            sources,
            {},
            lambda: world.instant(day),
            options,
            kinds=KINDS,
            zone="UTC",
        )
        return report.step

    run([], 0)
    sections = _sections()
    with sections.watching(), Timer() as timer:
        steps = [run([FileSource("feed", file)], end) for file, end in feed]
    sections.restore()
    with store.read() as reader:
        counts = dict(reader.counts())
    store.close()
    shutil.rmtree(database.parent)
    if sum(step.updates for step in steps) != updates or counts["updates"] != updates:
        raise RuntimeError(f"not every update was kept: {counts}")
    yield {
        "cpu": timer.cpu,
        "wall": timer.wall,
        "transitions": sum(len(step.transitions) for step in steps),
        "alerts": sum(len(step.alerts) for step in steps),
        "deliveries": counts["deliveries"],
        "sections": sections.seconds,
    }


def _sections() -> Sections:
    sections = Sections()
    sections.wrap(run_module, "collect", "parse")
    sections.wrap(Writer, "add_updates", "store updates")
    sections.wrap(Assessing, "route", "evidence")
    sections.wrap(Assessing, "work", "transitions")
    sections.wrap(Engine, "derive", "derive")
    sections.wrap(step_module, "announce", "alerts, deliveries")
    sections.wrap_end(Database, "write", "commit")
    return sections


def measure(
    updates: int,
    commitments: int,
    *,
    transactions: int = 1,
    rounds: int = 1,
    evaluators: Sequence[str] = EVALUATORS[:1],
    shipped_kinds: bool = False,
) -> dict[str, list[dict[str, Any]]]:
    """Rounds of ceiling and evaluators in turn, each in a fresh process."""
    folder = Path(tempfile.mkdtemp(prefix="monitor-bench-"))
    given: dict[str, Any] = {
        "folder": str(folder), "updates": updates, "commitments": commitments
    }  # fmt: skip
    names = ("ceiling", "no nulls", *evaluators)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    try:
        world.write_rulebooks(folder / "rules", commitments)
        world.write_feed(
            folder / "feed",
            updates,
            commitments,
            files=transactions,
            shipped_kinds=shipped_kinds,
        )
        for _ in range(rounds):
            found["ceiling"].append(once("ceiling:ceiling", **given))
            found["no nulls"].append(once("ceiling:ceiling", nulls=0, **given))
            for name in evaluators:
                found[name].append(once("ingest:durable", evaluator=name, **given))
    finally:
        shutil.rmtree(folder)
    return found


def share(found: dict[str, list[dict[str, Any]]], name: str, of: str = "ceiling") -> float:
    """How much of the ceiling's rate an evaluator reaches: the median of the rounds' ratios."""
    pairs = zip(found[of], found[name], strict=True)
    return median(raw["cpu"] / one["cpu"] for raw, one in pairs)


def rows(*, quick: bool) -> Iterator[Row]:
    """The table's lines."""
    updates, commitments = QUICK if quick else FULL
    for transactions, shipped_kinds in ((1, False), (1, True), (10, False)):
        evaluators = EVALUATORS[:1] if shipped_kinds else EVALUATORS
        found = measure(
            updates,
            commitments,
            transactions=transactions,
            rounds=3,
            evaluators=evaluators,
            shipped_kinds=shipped_kinds,
        )
        size = updates // transactions
        name = f"ingest {updates:,} over {commitments:,}, {size:,} a transaction"
        if shipped_kinds:
            name += ", kinds as in seeds/"
        yield Row(name, "raw ceiling", _rate(found["ceiling"], updates))
        for evaluator in evaluators:
            ran = found[evaluator]
            fast = median(updates / one["cpu"] for one in ran)
            yield Row(name, evaluator, _rate(ran, updates), f">= {RATE:,}/s CPU", met(fast >= RATE))
            reached = share(found, evaluator)
            goal = f">= {SHARE:.2f}"
            yield Row(name, "  of the ceiling", f"{reached:.2f}", goal, met(reached >= SHARE))
            higher = share(found, evaluator, "no nulls")
            yield Row(name, "  of one without nulls", f"{higher:.2f}")
            if evaluator == EVALUATORS[0]:
                yield from _spent(name, ran[-1])


def _rate(ran: list[dict[str, Any]], updates: int) -> str:
    cpu = median(updates / one["cpu"] for one in ran)
    wall = median(updates / one["wall"] for one in ran)
    return f"{cpu:,.0f}/s CPU, {wall:,.0f}/s wall"


def _spent(name: str, one: dict[str, Any]) -> Iterator[Row]:
    made = ", ".join(f"{one[what]:,} {what}" for what in ("transitions", "alerts", "deliveries"))
    yield Row(name, "  made", made)
    total = sum(one["sections"].values())
    for section, seconds in sorted(one["sections"].items(), key=lambda item: -item[1]):
        yield Row(name, f"  {section}", f"{seconds / total:5.1%}  {seconds:.2f} s")
