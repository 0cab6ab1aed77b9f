"""A cold start of `monitor check`, beside the imports that it cannot do without."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.measure import ROOT, Row, met

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LIMIT = 2.0
NOW = "2026-02-28"
"""The last day that the shipped feed covers."""

PYTHON = (sys.executable,)
BASE = (*PYTHON, "-c", "import pydantic, httpx, typer")
STAGES = {
    "the command line": (
        "import monitor.cli.root, monitor.cli.views.check\n"
        "from monitor.bootstrap import calm_collector\n"
        "calm_collector()"
    ),
    "settings": "import monitor.config",
    "store": "import monitor.store.database",
    "services": "import monitor.services.views.check, monitor.services.views.register",
}
"""What `check` imports, in its order and as it does; a stage is measured with all before it."""

MONITOR = (*PYTHON, "-m", "monitor", "--config", str(ROOT / "monitor.yaml"))

_ANSWERS = {0, 1, 3}
"""What `check` may exit with: well, attention, unknown. 2 is an error."""


class Spent(NamedTuple):
    """Seconds of one process, from its start to its end."""

    cpu: float
    wall: float


def spent(command: Sequence[str], *, answers: frozenset[int] | set[int] = frozenset({0})) -> Spent:
    """What a process costs; the operating system counts.

    Raises:
        RuntimeError: it ended otherwise than with one of `answers`.
    """
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.stderr:
        process.stderr.close()
    if process.returncode not in answers:
        raise RuntimeError(f"{command} ended with {process.returncode}: {said.decode()[-500:]}")
    return Spent(usage.ru_utime + usage.ru_stime, wall)


def filled(folder: Path) -> tuple[str, ...]:
    """`monitor check` on the shipped rulebook, with a store that one run has filled."""
    store = ("--store", str(folder / "monitor.db"))
    spent((*MONITOR, *store, "run", "--now", NOW))
    return (*MONITOR, *store, "check", "--now", NOW)


def measure(check: Sequence[str], pairs: int) -> dict[str, list[Spent]]:
    """Everything in turn, so that what disturbs one disturbs all."""
    commands: dict[str, Sequence[str]] = {
        "base": BASE,
        "python": (*PYTHON, "-c", "pass"),
        "version": (*PYTHON, "-m", "monitor", "--version"),
        "check": check,
    }
    parts: list[str] = []
    for stage, code in STAGES.items():
        parts.append(code)
        commands[stage] = (*PYTHON, "-c", "\n".join(parts))
    found: dict[str, list[Spent]] = {name: [] for name in commands}
    for turn in range(pairs + 1):
        for name, command in commands.items():
            one = spent(command, answers=_ANSWERS if name == "check" else {0})
            if turn:  # the first turn compiles what is not compiled yet
                found[name].append(one)
    return found


def ratio(found: Mapping[str, Sequence[Spent]], name: str) -> float:
    """To the base, in CPU time: the median of the pairs."""
    return median(a.cpu / b.cpu for a, b in zip(found[name], found["base"], strict=True))


def import_times(command: Sequence[str]) -> Counter[str]:
    """Seconds of import by top-level package, each module's own time."""
    said = subprocess.run(
        [command[0], "-X", "importtime", *command[1:]], cwd=ROOT, capture_output=True, check=False
    )
    found: Counter[str] = Counter()
    for line in said.stderr.decode("utf-8", "replace").splitlines():
        parts = line.removeprefix("import time:").split("|")
        if len(parts) == 3 and parts[0].strip().isdigit():
            found[parts[2].strip().partition(".")[0]] += int(parts[0]) / 1e6
    return found


def rows(*, quick: bool) -> Iterator[Row]:
    """The table's lines."""
    with tempfile.TemporaryDirectory(prefix="monitor-bench-") as folder:
        check = filled(Path(folder))
        found = measure(check, 5 if quick else 25)
        imports = import_times(check)
    words = {
        "python": "python -c pass",
        "base": "import pydantic, httpx, typer",
        "version": "monitor --version",
        "check": "monitor check",
    }
    for name, what in words.items():
        wall = median(one.wall for one in found[name])
        grown = ratio(found, name)
        value = f"{_cpu(found, name) * 1e3:.0f} ms CPU, {wall * 1e3:.0f} ms wall, {grown:.2f}x"
        judged = name == "check"
        yield Row(
            "cold start",
            what,
            value,
            f"< {LIMIT}x" if judged else "",
            met(grown < LIMIT) if judged else "",
        )
    yield from _stages(found)
    total = sum(imports.values())
    yield Row("cold start", "  -X importtime", f"{total * 1e3:.0f} ms, by package:")
    for package, seconds in imports.most_common(8):
        yield Row("cold start", f"    {package}", f"{seconds / total:5.1%}")


def _stages(found: Mapping[str, Sequence[Spent]]) -> Iterator[Row]:
    """Where the time of `check` goes: what each stage adds to those before it."""
    whole, before = _cpu(found, "check"), 0.0
    for name, what in (
        ("python", "python"),
        *((stage, f"importing {stage}") for stage in STAGES),
        ("check", "doing it"),
    ):
        after = _cpu(found, name)
        added = after - before
        yield Row("cold start", f"  {what}", f"{added / whole:5.1%}  {added * 1e3:.0f} ms CPU")
        before = after


def _cpu(found: Mapping[str, Sequence[Spent]], name: str) -> float:
    return median(one.cpu for one in found[name])
