"""Small rulebooks and reports in few words; what is not said is the usual."""

import hashlib
from decimal import Decimal

from monitor.domain.commitment import (
    About,
    Agreement,
    Commitment,
    Conclusion,
    ConclusionKind,
    CoveragePolicy,
    Rule,
    Rulebook,
    SourceGroup,
    Thresholds,
)
from monitor.domain.condition import OnUpdate, UpdatePattern
from monitor.domain.coverage import Coverage
from monitor.domain.location import Location
from monitor.domain.time import DAY, format_date, parse_occurred
from monitor.domain.update import Update, content_id

FIRST = 1_735_689_600
"""2025-01-01T00:00:00Z, when the agreements made here date from."""

OFFICIAL = SourceGroup("official", 1, hosts=("gov.example",), names=("Ministry",))
PRESS = SourceGroup("press", 2, hosts=("wire.example",), names=("The Wire",))


def day(number):
    """The instant at which day `number` begins; day 0 is 2025-01-01."""
    return FIRST + round(number * DAY)


def rule(name, when, then, **more):
    more.setdefault("where", Location("rules/some.yaml", 12, 7))
    return Rule(name, when, then, **more)


def on(*kinds, **tests):
    return OnUpdate(UpdatePattern(kind=kinds, **tests))


def kind(*kinds, **tests):
    return UpdatePattern(kind=kinds, **tests)


def advance(level):
    return Conclusion(ConclusionKind.ADVANCE, level)


def setback(level):
    return Conclusion(ConclusionKind.SETBACK, level)


DELIVER = Conclusion(ConclusionKind.DELIVER)
REVERSE = Conclusion(ConclusionKind.REVERSE)
AT_RISK = Conclusion(ConclusionKind.AT_RISK)
STALLED = Conclusion(ConclusionKind.STALLED)
IGNORE = Conclusion(ConclusionKind.IGNORE)


def commitment(*rules, name="c0", agreement="g0", **more):
    fields = {
        "key": f"{agreement}/{name}",
        "id": name,
        "agreement": agreement,
        "title": f"Promise {name}",
        "quote": "they promise",
        "start": FIRST,
        "zone": "UTC",
        "about": About(),
        "rules": rules,
        "tier": 3,
        "thresholds": Thresholds(),
    }
    return Commitment(**(fields | more))


def agreement(*commitments, name="g0", assumed=True, grace=0, **more):
    fields = {
        "id": name,
        "title": "Summit",
        "date": parse_occurred("2025-01-01"),
        "zone": "UTC",
        "commitments": commitments,
        "sources": (OFFICIAL, PRESS),
        "coverage": CoveragePolicy(assumed=assumed, grace=grace),
    }
    return Agreement(**(fields | more))


def rulebook(*agreements):
    """With a hash of what it means, as the loader's have."""
    return Rulebook(
        agreements, hashlib.blake2b(repr(agreements).encode(), digest_size=8).hexdigest()
    )


def book(*rules, assumed=True, grace=0, **more):
    """One agreement with one commitment."""
    return rulebook(agreement(commitment(*rules, **more), assumed=assumed, grace=grace))


def update(occurred, kind="statement", title="Something", **more):
    """`occurred` is a date, or the number of a day."""
    if isinstance(occurred, int):
        occurred = format_date(day(occurred), "UTC")
    if "value" in more:
        more["value"] = Decimal(more["value"])
    bare = Update("", parse_occurred(occurred), 0, kind, title, **more)
    return bare._replace(id=content_id(bare))


def looked(since, until, *, source="feed", agreement=None, recorded=0):
    """Coverage between two days; `since` None: without a gap before."""
    begin = None if since is None else day(since)
    return Coverage(source, begin, day(until), recorded, agreement)
