"""A cron tick with 100 due commitments out of ever more: cost follows change, not size."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.bootstrap import calm_collector, make_evaluator
from monitor.domain.coverage import Coverage
from monitor.engine.engine import Engine
from monitor.language.loader import load_rulebook
from monitor.services.assessment.options import Options
from monitor.services.assessment.step import Intake, take_step
from monitor.store import open_store
from tests.benchmarks import world
from tests.benchmarks.measure import Child, Row, Timer, met

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DUE = 100
TICKS = 9
LIMIT = 1.3
SIZES = (1_000, 10_000, 100_000)
QUICK = (1_000, 5_000)
RECORDED = "{grace: 3d}"

_STALLED, _FIRST = 180, 10
"""Days until a stall, and the day on which the first group begins, later than all others."""


class Layout(NamedTuple):
    """How commitments are spread over agreements, and how it is known that somebody looks."""

    name: str
    agreements: int | None
    coverage: str


LAYOUTS = (
    Layout("1,000 commitments an agreement", None, "assumed"),
    Layout("one agreement for each tenth", 10, "assumed"),
    Layout("coverage that every tick extends", None, RECORDED),
)


def groups(commitments: int) -> dict[int, int]:
    """Number -> day of its beginning, for `TICKS` groups of `DUE`, spread over the rulebook."""
    spread = commitments // (DUE * TICKS)
    return {k * spread: _FIRST + k % TICKS for k in range(DUE * TICKS)}


def ticking(
    folder: str, commitments: int, per_agreement: int, coverage: str
) -> Iterator[dict[str, Any]]:
    """Load, introduce, then one tick a day, on each of which `DUE` commitments stall.

    The engine is made anew before the first tick, and built: plans, routes.
    """
    calm_collector()  # as the command line does
    place = Path(folder)
    rules = world.write_rulebooks(
        place / "rules",
        commitments,
        per_agreement=per_agreement,
        dates=groups(commitments),
        coverage=coverage,
    )
    with Timer() as load:
        rulebook = load_rulebook([rules])
    store = open_store(f"sqlite:///{place / 'monitor.db'}")
    engine = Engine(rulebook, make_evaluator("auto"))
    options = Options(introduce=True, receivers=["desk"])

    def tick(day: int) -> dict[str, Any]:
        now = world.instant(day)
        rows = [] if coverage == "assumed" else [Coverage("feed", None, now, now)]
        with Timer() as timer, store.write() as writer:
            report = take_step(writer, engine, Intake((), rows), now, options)
        return {
            "cpu": timer.cpu,
            "wall": timer.wall,
            "touched": report.touched,
            "alerts": len(report.alerts),
        }

    introduced = tick(_FIRST + _STALLED - 2)
    with Timer() as build:
        engine = Engine(rulebook, make_evaluator("auto"))
        _ = engine.router
        for key in engine.commitments:
            engine.plan(key)
    tick(_FIRST + _STALLED - 1)
    yield {"load": load.cpu, "build": build.cpu, "introduction": introduced["cpu"]}
    for number in range(TICKS):
        yield tick(_FIRST + _STALLED + number)


class Ticked(NamedTuple):
    """What one size gave. `growth` is the median, over the ticks, of the ratio to the smallest."""

    commitments: int
    setup: dict[str, Any]
    ticks: list[dict[str, Any]]
    growth: float


def measure(layout: Layout, sizes: Sequence[int], ticks: int = TICKS) -> list[Ticked]:
    """A process for each size; they take turns, so that what disturbs one disturbs all."""
    folder = Path(tempfile.mkdtemp(prefix="monitor-bench-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        children = []
        for size in sizes:
            child = Child(
                "tick:ticking",
                folder=str(folder / str(size)),
                commitments=size,
                per_agreement=size // layout.agreements if layout.agreements else 1_000,
                coverage=layout.coverage,
            )
            stack.callback(child.close)
            children.append(child)
        setups = [child.next() for child in children]
        rounds = [[child.next() for child in children] for _ in range(ticks)]
    return [
        Ticked(
            size,
            setups[n],
            [one[n] for one in rounds],
            median(one[n]["cpu"] / one[0]["cpu"] for one in rounds),
        )
        for n, size in enumerate(sizes)
    ]


def rows(*, quick: bool) -> Iterator[Row]:
    """The table's lines."""
    for layout in LAYOUTS:
        sizes = QUICK if quick else SIZES
        name = f"tick, {DUE} due: {layout.name}"
        for found in measure(layout, sizes):
            cpu = median(t["cpu"] for t in found.ticks)
            wall = median(t["wall"] for t in found.ticks)
            touched = max(t["touched"] for t in found.ticks)
            value = f"{cpu * 1e3:.1f} ms CPU, {wall * 1e3:.1f} ms wall, {touched:,} touched"
            what = f"of {found.commitments:,}"
            if found.commitments == sizes[0]:
                yield Row(name, what, value)
            else:
                grown = f"{value}, {found.growth:.2f}x"
                yield Row(name, what, grown, f"<= {LIMIT}x", met(found.growth <= LIMIT))
            if layout is LAYOUTS[0]:
                setup = found.setup
                text = (
                    f"{setup['load']:.2f} s to load the rulebook, {setup['build']:.2f} s to build"
                    f" the engine, {setup['introduction']:.2f} s for the first step (CPU)"
                )
                yield Row(name, "  once", text)
