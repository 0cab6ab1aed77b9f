"""Very many files are looked at by several processes: each takes some of them in turn.

What comes back is the same, in the same order, as if one process had looked at all of them.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
R = TypeVar("R")

MANY = 100
"""From so many files on: some tenths of a second of work, where to begin takes a few hundredths."""

_SHARE = 32
"""Files that a process takes at a time."""

_MOST = 8
"""Processes. With more, all would wait for the one that puts everything together."""

_given: dict[str, Any] = {}
"""What a copy of this process has to do, and to what."""


def processes(files: int) -> int:
    """How many shall look at so many files: 1 where sharing is of no use, or not safe.

    A copy of a process with several threads may hang; only on Linux is a copy both cheap and safe.
    """
    if files < MANY or sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return max(1, min(len(os.sched_getaffinity(0)), _MOST, files // _SHARE))


def shared(work: Callable[[Sequence[T]], list[R]], items: Sequence[T], among: int) -> list[R]:
    """What `work` makes of all items, a share of them at a time.

    Copies of this process have `work` and the items as they are; only results are pickled. Where
    a copy dies (for want of memory, for instance), this process does all of the work itself.
    """
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - only for very many files
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415
    from multiprocessing import get_context  # noqa: PLC0415

    pool = ProcessPoolExecutor(among, get_context("fork"), _begin, (work, items))
    try:
        starts = range(0, len(items), _SHARE)
        return list(chain.from_iterable(pool.map(_work_on, starts)))
    except BrokenProcessPool:
        return work(items)
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(work: Callable[[Sequence[Any]], list[Any]], items: Sequence[Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that was asked ends the others
    _given.update(work=work, items=items)


def _work_on(start: int) -> list[Any]:
    found: list[Any] = _given["work"](_given["items"][start : start + _SHARE])
    return found
