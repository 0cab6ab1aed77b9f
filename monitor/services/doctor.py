"""Is everything well? What the store, the coverage and the receivers say to that."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.delivery import DeliveryState
from monitor.domain.time import DAY, MINUTE, format_date, format_instant
from monitor.services.evidence.watching import watches

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from monitor.domain.commitment import Rulebook
    from monitor.domain.time import Instant
    from monitor.services.ports import Reader

AHEAD = 5 * MINUTE
"""A store that is so far ahead of the clock was written by another clock, not by a slow one."""


_SOURCES = 3
"""Sources of an agreement that are named: those that reach furthest."""


class Verdict(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


class Check(NamedTuple):
    """One line of `monitor doctor`: what was looked at, what was found, and what to do about it."""

    verdict: Verdict
    subject: str
    text: str
    advice: str | None = None


def check_records(reader: Reader, now: Instant, zone: str) -> Iterator[Check]:
    """How much is kept, when the last step was, and whether the clock has gone back since."""
    counts = reader.counts()
    named = ("updates", "commitments", "transitions", "alerts", "deliveries")
    listed = ", ".join(f"{name} {counts.get(name, 0):,}" for name in named)
    yield Check(Verdict.OK, "records", listed)
    text = reader.meta("now")
    if text is None:
        yield Check(Verdict.WARN, "last run", "never", "run `monitor run`")
        return
    reached = int(text)
    run = reader.last_run()
    news = "" if run is None else f"; the last news with `{run.command}`, {_time(run.now, zone)}"
    yield Check(Verdict.OK, "last run", f"{_time(reached, zone)}{news}")
    ahead = reached - now
    if ahead > AHEAD:
        yield Check(
            Verdict.FAIL,
            "clock",
            f"the store has reached {_time(reached, zone)}, the clock says {_time(now, zone)}",
            "set the clock; after a trial with --now, begin anew with another store",
        )
    else:
        yield Check(Verdict.OK, "clock", f"{_time(now, zone)}")


def check_coverage(reader: Reader, rulebook: Rulebook, now: Instant) -> Iterator[Check]:
    """Until when each agreement is watched, and by which sources."""
    reached = reader.reaches()
    found = watches(rulebook.agreements, reader.watched())
    for agreement in rulebook.agreements:
        subject = f"coverage of {agreement.id}"
        watch = found[agreement.id]
        if agreement.coverage.assumed:
            yield Check(Verdict.OK, subject, "assumed: somebody is always looking")
            continue
        if not watch.spans:
            yield Check(
                Verdict.WARN,
                subject,
                "nobody is known to be looking: silence counts for nothing",
                "run `monitor run`, or tell who looks with `monitor coverage add`",
            )
            continue
        newest: dict[str, Instant] = {}
        for row in reached:
            if row.agreement in (None, agreement.id):
                newest.setdefault(row.source, row.until)
        latest = list(newest.items())
        listed = ", ".join(
            f"{name} until {format_date(until - 1, agreement.zone)}"
            for name, until in latest[:_SOURCES]
        )
        listed += f", and {len(latest) - _SOURCES} more" if len(latest) > _SOURCES else ""
        if watch.covers(now):
            yield Check(Verdict.OK, subject, listed)
        else:
            days = max(1, (now - watch.end) // DAY)
            ended = f"ended {days:,} day{'' if days == 1 else 's'} ago: {listed}"
            yield Check(
                Verdict.WARN,
                subject,
                ended,
                "bring newer updates, or tell who looked with `monitor coverage add`",
            )


def check_receivers(
    reader: Reader, configured: Sequence[str], signed: Mapping[str, bool]
) -> Iterator[Check]:
    """What each receiver still has to get, and those that only the store knows.

    `signed` says of those whose messages can be signed whether they are.
    """
    waiting = Counter(d.receiver for d in reader.deliveries(state=DeliveryState.PENDING))
    dead = Counter(d.receiver for d in reader.deliveries(state=DeliveryState.DEAD))
    disabled = reader.disabled_receivers()
    for name in configured:
        subject = f"receiver {name}"
        counts = f"{waiting[name]:,} waiting, {dead[name]:,} given up"
        if name in disabled:
            yield Check(
                Verdict.FAIL,
                subject,
                f"disabled ({disabled[name]}); {counts}",
                "mend its address, then `monitor deliveries retry --all`",
            )
        elif dead[name]:
            yield Check(
                Verdict.WARN,
                subject,
                counts,
                f"see `monitor deliveries list --receiver {name} --state dead`, then retry",
            )
        elif waiting[name]:
            yield Check(Verdict.WARN, subject, counts, "`monitor deliver` tries what is due")
        else:
            words = {True: "signed; ", False: "not signed; ", None: ""}[signed.get(name)]
            yield Check(Verdict.OK, subject, f"{words}{counts}")
    for name in sorted(waiting.keys() - set(configured)):
        yield Check(
            Verdict.WARN,
            f"receiver {name}",
            f"not configured, {waiting[name]:,} waiting",
            "add it to `receivers`, or leave what waits for it",
        )


def _time(instant: Instant, zone: str) -> str:
    return format_instant(instant, zone).replace("T", " ")
