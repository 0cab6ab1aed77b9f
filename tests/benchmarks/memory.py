"""Peak memory of a whole first step over very many commitments."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.measure import Row, once, peak_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

FULL, QUICK = 100_000, 5_000


def stepping(folder: str, commitments: int) -> Iterator[dict[str, int]]:
    """Peaks, in bytes, after each stage."""
    from monitor.bootstrap import make_evaluator
    from monitor.engine.engine import Engine
    from monitor.language.loader import load_rulebook
    from monitor.services.assessment.options import Options
    from monitor.services.assessment.step import Intake, take_step
    from monitor.store import open_store
    from tests.benchmarks import world

    place = Path(folder)
    rules = world.write_rulebooks(place / "rules", commitments)
    peaks = {"imported": peak_bytes()}
    rulebook = load_rulebook([rules])
    peaks["rulebook loaded"] = peak_bytes()
    engine = Engine(rulebook, make_evaluator("auto"))
    _ = engine.router
    for key in engine.commitments:
        engine.plan(key)
    peaks["engine planned"] = peak_bytes()
    store = open_store(f"sqlite:///{place / 'monitor.db'}")
    with store.write() as writer:
        report = take_step(
            writer,
            engine,
            Intake(),
            world.instant(185),
            Options(introduce=True, receivers=["desk"]),
        )
    if report.touched != commitments:
        raise RuntimeError(f"{report.touched} of {commitments} were assessed")
    peaks["first step"] = peak_bytes()
    yield peaks


def measure(commitments: int) -> dict[str, Any]:
    """In a process that does nothing else."""
    folder = Path(tempfile.mkdtemp(prefix="monitor-bench-"))
    try:
        return once("memory:stepping", folder=str(folder), commitments=commitments)
    finally:
        shutil.rmtree(folder)


def rows(*, quick: bool) -> Iterator[Row]:
    """The table's lines."""
    commitments = QUICK if quick else FULL
    peaks = measure(commitments)
    name = f"peak memory, {commitments:,} commitments"
    base = peaks["imported"]
    for stage, peak in peaks.items():
        value = f"{peak / 2**20:,.0f} MiB"
        if stage != "imported":
            value += f", {(peak - base) / commitments / 1024:.1f} KiB a commitment"
        yield Row(name, stage, value)
