"""Time by section, child processes, medians and the table."""

from __future__ import annotations

import gc
import json
import resource
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).parents[2]


class Row(NamedTuple):
    """One line of the table. `verdict` says whether a goal is met; "" where there is none."""

    benchmark: str
    what: str
    value: str
    goal: str = ""
    verdict: str = ""


def met(held: bool) -> str:
    """The verdict on a goal."""
    return "met" if held else "NOT met"


def table(rows: Sequence[Row]) -> str:
    """All rows in columns, under a heading; a benchmark is named once."""
    shown = [Row("benchmark", "what", "measured", "goal", "")]
    last = ""
    for row in rows:
        shown.append(row if row.benchmark != last else row._replace(benchmark=""))
        last = row.benchmark
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in shown
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


class Timer:
    """CPU and wall seconds of a block."""

    cpu = wall = 0.0

    def __enter__(self) -> Self:
        self._began = time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        cpu, wall = self._began
        self.cpu, self.wall = time.process_time() - cpu, time.perf_counter() - wall


class Sections:
    """CPU seconds by section; a section inside another counts only as itself.

    Functions are wrapped from outside while `watching`; the program knows nothing of it.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._open: list[str] = []
        self._since = 0.0
        self._undo: list[Callable[[], None]] = []

    def wrap(self, owner: Any, name: str, section: str) -> None:
        """From now on, time in `owner.name` is time in `section`."""
        whole = getattr(owner, name)

        @wraps(whole)
        def timed(*args: Any, **kwargs: Any) -> Any:
            self._enter(section)
            try:
                return whole(*args, **kwargs)
            finally:
                self._leave()

        setattr(owner, name, timed)
        self._undo.append(lambda: setattr(owner, name, whole))

    def wrap_end(self, owner: Any, name: str, section: str) -> None:
        """From now on, the end of the block that `owner.name` opens is time in `section`."""
        whole = getattr(owner, name)

        @contextmanager
        def timed(*args: Any, **kwargs: Any) -> Iterator[Any]:
            entered = False
            try:
                with whole(*args, **kwargs) as value:
                    yield value
                    self._enter(section)
                    entered = True
            finally:
                if entered:
                    self._leave()

        setattr(owner, name, timed)
        self._undo.append(lambda: setattr(owner, name, whole))

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Time the block as "rest", its sections as themselves, and the garbage collector."""

        def collector(phase: str, _info: object) -> None:
            if phase == "start":
                self._enter("garbage collector")
            else:
                self._leave()

        gc.callbacks.append(collector)
        self._enter("rest")
        try:
            yield
        finally:
            self._leave()
            gc.callbacks.remove(collector)

    def restore(self) -> None:
        """Unwrap everything."""
        while self._undo:
            self._undo.pop()()

    def _enter(self, section: str) -> None:
        self._charge()
        self._open.append(section)

    def _leave(self) -> None:
        self._charge()
        self._open.pop()

    def _charge(self) -> None:
        now = time.process_time()
        if self._open:
            section = self._open[-1]
            self.seconds[section] = self.seconds.get(section, 0.0) + now - self._since
        self._since = now


class Child:
    """A function of this package in a fresh process; it is a generator, and goes on when asked.

    A fresh process has a heap of its own, so that what was measured before does not matter. Several
    children take turns.
    """

    def __init__(self, function: str, **arguments: Any) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.child", function, json.dumps(arguments)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def next(self) -> dict[str, Any]:
        """What the function yields next."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("a child without pipes")
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"a benchmark's process ended with {self._process.wait()}")
        found: dict[str, Any] = json.loads(line)
        return found

    def close(self) -> None:
        """Let it end."""
        self._process.communicate()


def once(function: str, **arguments: Any) -> dict[str, Any]:
    """The first thing that a function yields in a fresh process."""
    child = Child(function, **arguments)
    try:
        return child.next()
    finally:
        child.close()


def peak_bytes() -> int:
    """The largest resident set that this process has had.

    From /proc where there is one: what `getrusage` says includes the parent's before the exec.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text("ascii", "replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
