"""How a step behaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from monitor.domain.routing import Policy
    from monitor.domain.time import Instant


class Options(NamedTuple):
    """How a step behaves.

    `introduce`: commitments seen for the first time are summed up in one alert (only `run` does).
    `announce_since`: of their history, what is not older is announced one by one all the same.
    `receivers`: names that every alert goes to, where no `policy` says otherwise. `progress` is
    told (done, total) commitments.
    """

    introduce: bool = False
    announce_since: Instant | None = None
    receivers: Sequence[str] = ()
    policy: Policy | None = None
    progress: Callable[[int, int], None] | None = None
