"""What random rulebooks and reports are made of (hypothesis): words, and how to draw.

Small vocabularies on purpose: what is drawn should meet.
"""

from decimal import Decimal
from functools import lru_cache

from hypothesis import Phase, settings
from hypothesis import strategies as st

from monitor.domain.calendar import calendar_of
from monitor.domain.commitment import (
    SourceGroup,
)

FIRST = 1_735_689_600
"""2025-01-01T00:00:00Z: agreements date from here."""

SPAN = 60
"""Days that a random history lasts, from some days before `FIRST` on."""

KINDS = ("agreement", "delay", "measurement", "reversal")
TOPICS = ("ammonia", "hydrogen", "trade")
PARTIES = ("JP", "KR")
WEIGHED = ("CN", "JP", "KR")
"""The parties of commitments, one of which no report names."""
SOURCES = ("Ministry", "The Wire", "The Wire (Seoul)", "The Wirecutter", "somebody")
URLS = ("", "https://www.gov.example/a", "https://wire.example/b", "https://blog.example/c")
TEXTS = (
    "LNG",
    "LNG를 수입",
    "LNGを輸入",
    "xLNG",
    "수소 협력",
    "水素の協力",
    "delay of the project",
    "",
)
ZONES = ("UTC", "Asia/Tokyo", "America/New_York")
INDICATORS = ("tariff", "volume")
MILESTONES = ("first", "second")
THEMES = ("energy", "trade")
NAMED = ("c0", "g0/c0", "g0/c1", "c0@jp", "g0/c1@kr", "c1@cn")
CALENDARS = (calendar_of(("JP",)), calendar_of(("KR", "JP")))
GROUPS = (
    SourceGroup("official", 1, hosts=("gov.example",), names=("Ministry",)),
    SourceGroup("press", 2, hosts=("wire.example",), names=("The Wire",)),
)


MOODS = ("anything", "well reported", "measured", "by party", "of others")
"""What a case is mostly about. Where everything is drawn alike, what is rare seldom matters."""


def effort(short, long):
    """`settings(max_examples=...)`: `short` of them, `long` under `--long`, and only then shrunk."""
    if settings().max_examples > 100:
        return settings(max_examples=long)
    return settings(max_examples=short, phases=(Phase.explicit, Phase.generate))


shared = lru_cache(maxsize=10_000)
"""Drawing from a strategy made before is several times cheaper than from one made anew."""

between, either, _sampled = shared(st.integers), shared(st.booleans), shared(st.sampled_from)


def among(values):
    return _sampled(tuple(values))


@shared
def maybe(strategy):
    return st.none() | strategy


@shared
@st.composite
def mostly(draw, one, other):
    """Two times of three the first."""
    return draw(one if draw(between(0, 2)) else other)


@shared
def subsets(values, most=2):
    return st.lists(among(values), max_size=most, unique=True)


def some(values, most=2):
    return _some(tuple(values), most)


@shared
def _some(values, most):
    return st.lists(among(values), min_size=1, max_size=most, unique=True).map(tuple)


@shared
def numbers():
    return between(-30, 30).map(lambda n: Decimal(n) / 10)
