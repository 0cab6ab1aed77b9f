"""Deliver what is due: claim, send, record, until nothing is due any more.

    claim    a batch, leased so that no other process sends the same at the same time
    line up  by commitment and receiver, the older first
    send     several lines at once, each one after the other
    record   all outcomes of the batch in one transaction

What dies between sending and recording is sent again under the same id once its lease has run out.

The order that is kept: at one receiver, an alert about a commitment never overtakes an older one
about the same commitment that is still on its way, so that a stall is not resolved before it was
opened. While the older one waits for its retry, the younger waits with it. One that has been given
up is waited for no longer; if somebody revives it later, it comes late, and says so by its `time`.
Alerts about an agreement as a whole are lined up within a batch only.

Nothing here sleeps: a retry is an instant in the store, for the run that comes after it.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import as_completed
from math import ceil
from typing import TYPE_CHECKING, Protocol

from monitor.domain.delivery import Dead, Delivered, Delivery, DeliveryState, Outbound, Retry
from monitor.domain.time import HOUR, MINUTE
from monitor.services.delivery.breaker import Breaker
from monitor.services.delivery.lines import line_up, older_on_the_way
from monitor.services.delivery.pools import Pools
from monitor.services.delivery.report import DeliveryReport

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitor.domain.delivery import Outcome
    from monitor.domain.time import Instant, Seconds
    from monitor.services.ports import Store

LIMIT = 200
LEASE: Seconds = 5 * MINUTE
CONCURRENCY = 8

RECORDING: Seconds = 30
"""Kept free at the end of a lease for writing down what was sent, behind a busy store."""

UNKNOWN_WAIT: Seconds = 5 * MINUTE
"""A receiver that nobody configured is looked for again after this."""

FAULT_ATTEMPTS = 10
FAULT_WAIT: Seconds = HOUR
"""An attempt that raised, which is a fault of ours, is made again so often and so late."""


class Receiver(Protocol):
    """Takes alerts to one place. Called from several threads at once."""

    @property
    def timeout(self) -> float:
        """The longest that one attempt can take, in seconds."""
        ...

    def deliver(self, outbound: Outbound, now: Instant) -> Outcome:
        """Make the attempt that comes after `outbound.delivery.attempts` others."""
        ...


def deliver(
    store: Store,
    receivers: Mapping[str, Receiver],
    clock: Callable[[], Instant],
    *,
    limit: int = LIMIT,
    lease: Seconds = LEASE,
    concurrency: int = CONCURRENCY,
    on_result: Callable[[Outbound, Outcome], None] | None = None,
) -> DeliveryReport:
    """Send everything that is due.

    Args:
        store: holds the outbox.
        receivers: by name. What waits for another name stays pending and is reported.
        clock: the present, asked from several threads; it may stand still.
        limit: deliveries per batch.
        lease: how long a batch is ours. An attempt that could outlast it is not begun. Raised where
            it is too short for the receivers' timeouts.
        concurrency: attempts at one time at one receiver, so that a slow one delays no other.
        on_result: told of each attempt, in the caller's thread, before it is recorded.

    Raises:
        StoreError: the outbox cannot be read or written. What was sent is then sent again.
    """
    longest = max((receiver.timeout for receiver in receivers.values()), default=0)
    lease = max(lease, 2 * (ceil(longest) + RECORDING))
    work = _Pass(store, receivers, clock)
    pools = Pools(concurrency)
    try:
        while work.batch(pools, limit=limit, lease=lease, on_result=on_result):
            pass
    finally:
        work.stopping = True
        pools.shutdown()
    return work.report()


class _Pass:
    """One call of `deliver`."""

    def __init__(
        self, store: Store, receivers: Mapping[str, Receiver], clock: Callable[[], Instant]
    ) -> None:
        self.store = store
        self.receivers = receivers
        self.clock = clock
        self.breaker = Breaker()
        self.stopping = False
        self.counts: Counter[type] = Counter()
        self.held = 0
        self.errors: dict[str, str] = {}
        self.waited: set[int] = set()

    def batch(
        self,
        pools: Pools,
        *,
        limit: int,
        lease: Seconds,
        on_result: Callable[[Outbound, Outcome], None] | None,
    ) -> bool:
        """Claim, send and record one batch; False: nothing was due."""
        now = self.clock()
        with self.store.write() as writer:
            claimed = writer.claim(now, lease=lease, limit=limit)
        if not claimed:
            return False
        older = older_on_the_way(self.store, claimed, self.receivers.keys())
        futures = [
            pools.of(line[0].delivery.receiver).submit(self._send_line, line, older, now + lease)
            for line in line_up(claimed)
        ]
        results: list[tuple[Delivery, Outcome]] = []
        try:
            for future in as_completed(futures):
                for outbound, outcome in future.result():
                    results.append((outbound.delivery, outcome))
                    if self._count(outbound, outcome) and on_result is not None:
                        on_result(outbound, outcome)
        except KeyboardInterrupt:
            # What is under way is finished and recorded, so that it is not sent twice.
            self.stopping = True
            self._record([(o.delivery, outcome) for f in futures for o, outcome in f.result()])
            raise
        self._record(results)
        return True

    def _record(self, results: Sequence[tuple[Delivery, Outcome]]) -> None:
        with self.store.write() as writer:
            writer.record_outcomes(results)

    def _send_line(
        self, line: Sequence[Outbound], older: Mapping[int, Delivery], leased_until: Instant
    ) -> list[tuple[Outbound, Outcome]]:
        """Send one after the other; from the first that has to wait on, the rest waits too."""
        results: list[tuple[Outbound, Outcome]] = []
        behind: Retry | None = None
        for outbound in line:
            outcome: Outcome
            if (hold := behind or self._hold(outbound, older, leased_until)) is None:
                outcome = self._attempt(outbound)
            else:
                # What it failed with before says more than that it waits now.
                before = outbound.delivery.error if outbound.delivery.attempts else None
                outcome = hold._replace(error=before or hold.error)
            results.append((outbound, outcome))
            if behind is None and isinstance(outcome, Retry):
                reason = f"waits for delivery {outbound.delivery.id}, which comes before it"
                behind = Retry(outcome.at, reason, attempted=False)
        return results

    def _hold(
        self, outbound: Outbound, older: Mapping[int, Delivery], leased_until: Instant
    ) -> Retry | None:
        """Why a delivery is not tried now, and until when; None: it is."""
        delivery, now = outbound.delivery, self.clock()
        receiver = self.receivers.get(delivery.receiver)
        if receiver is None:
            reason = f"no receiver called {delivery.receiver!r} is configured"
            return Retry(now + UNKNOWN_WAIT, reason, attempted=False)
        if self.stopping or now + receiver.timeout + RECORDING >= leased_until:
            return Retry(now, "the run had no time left for it", attempted=False)
        if (until := self.breaker.open_until(delivery.receiver, now)) is not None:
            return Retry(until, "the receiver is failing; not tried", attempted=False)
        if (first := older.get(delivery.id)) is not None:
            # Where the older one is due as well, it may come in the next batch, or another process
            # may be sending it: look again once, then leave it to a later run.
            soonest = now + MINUTE if delivery.id in self.waited else now
            self.waited.add(delivery.id)
            reason = f"waits for delivery {first.id}, which comes before it"
            return Retry(max(first.next_attempt, soonest), reason, attempted=False)
        return None

    def _attempt(self, outbound: Outbound) -> Outcome:
        name, now = outbound.delivery.receiver, self.clock()
        outcome: Outcome
        try:
            outcome = self.receivers[name].deliver(outbound, now)
        except Exception as error:  # noqa: BLE001 - one bad alert must not keep the others waiting
            # Its text may hold anything, also a secret.
            text = f"the receiver raised {type(error).__name__}; this is a fault in the monitor"
            last = outbound.delivery.attempts + 1 >= FAULT_ATTEMPTS
            outcome = Dead(text) if last else Retry(now + FAULT_WAIT, text)
        self.breaker.record(name, outcome, now)
        return outcome

    def _count(self, outbound: Outbound, outcome: Outcome) -> bool:
        """Keep the score; False: nothing was tried."""
        if isinstance(outcome, Retry) and not outcome.attempted:
            self.held += 1
            return False
        self.counts[type(outcome)] += 1
        if not isinstance(outcome, Delivered):
            self.errors[outbound.delivery.receiver] = outcome.error
        return True

    def report(self) -> DeliveryReport:
        with self.store.read() as reader:
            pending = reader.deliveries(state=DeliveryState.PENDING)
            disabled = dict(reader.disabled_receivers())
        return DeliveryReport(
            delivered=self.counts[Delivered],
            retrying=self.counts[Retry],
            dead=self.counts[Dead],
            held=self.held,
            waiting=dict(sorted(Counter(d.receiver for d in pending).items())),
            disabled=disabled,
            errors=self.errors,
            configured=frozenset(self.receivers),
        )
