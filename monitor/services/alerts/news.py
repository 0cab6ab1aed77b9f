"""What a step has to tell: what it found about each commitment, and on what occasion."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitor.services.evidence.causes import Causes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.derivation import Standing
    from monitor.domain.records import StoredTransition
    from monitor.domain.routing import Policy
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition


class News(NamedTuple):
    """What a step found about one commitment.

    `first`: it is introduced in this step; `since`: what is not older is announced one by one even
    so. `causes` are the updates that may have made the past another one.
    """

    commitment: str
    new: Sequence[Transition]
    vanished: Sequence[StoredTransition]
    standing: Standing
    first: bool
    since: Instant | None
    causes: Causes = Causes()


class Occasion(NamedTuple):
    """The step: its instant, the one before it, and who is told; `policy` None: all, at once."""

    now: Instant
    last: Instant | None
    receivers: Sequence[str]
    policy: Policy | None = None
