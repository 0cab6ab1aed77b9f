"""Threads to send with: each receiver has its own, so that a slow one delays no other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor


class Pools:
    """Threads by receiver, made when there is something for them: at most `concurrency` each."""

    def __init__(self, concurrency: int) -> None:
        self._concurrency = concurrency
        self._pools: dict[str, ThreadPoolExecutor] = {}

    def of(self, receiver: str) -> ThreadPoolExecutor:
        pool = self._pools.get(receiver)
        if pool is None:
            pool = ThreadPoolExecutor(self._concurrency, thread_name_prefix="deliver")
            self._pools[receiver] = pool
        return pool

    def shutdown(self) -> None:
        for pool in self._pools.values():
            pool.shutdown(cancel_futures=True)
