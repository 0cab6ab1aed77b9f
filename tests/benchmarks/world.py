"""Made-up worlds: rulebooks as YAML text and feeds as NDJSON, the same in every run.

Nothing here is built from the program's own values: what is measured comes in through the doors
that users have, the rulebook loader and the feed reader.
"""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from monitor.domain.time import DAY, parse_occurred
from monitor.domain.update import KINDS

START = date(2015, 1, 1)
SEEDS = Path(__file__).parents[2] / "seeds" / "updates-2025-08_2026-02.jsonl"

PER_AGREEMENT = 1_000

_HEADER = """\
agreement: {id}
title: Benchmark agreement {id}
date: {date}
timezone: UTC
coverage: {coverage}
sources:
  press: {{tier: 2, names: [Wire], hosts: [news.example.org]}}
commitments:
"""
_COMMITMENT = """\
- id: {id}
  title: Do the thing of {id}
  quote: we will do the thing of {id}
"""


def instant(day: int) -> int:
    """Midnight UTC, so many days after `START`."""
    return parse_occurred(START.isoformat()).start("UTC") + day * DAY


class Density(NamedTuple):
    """How dense the shipped feed is: reports of so many commitments in so many days."""

    updates: int
    commitments: int
    days: int

    @property
    def days_for(self) -> float:
        """Days in which a commitment gets one report."""
        return self.days * self.commitments / self.updates


SHIPPED = Density(92, 14, 190)
"""Of seeds/ and rules/; a test holds it to the files."""


def shipped_feed() -> list[dict[str, Any]]:
    """The records of the shipped feed."""
    return [json.loads(line) for line in SEEDS.read_text("utf-8").splitlines()]


def write_rulebooks(
    folder: Path,
    commitments: int,
    *,
    per_agreement: int = PER_AGREEMENT,
    dates: dict[int, int] | None = None,
    coverage: str = "assumed",
    rules: dict[int, str] | None = None,
) -> Path:
    """Rulebook files with the standard profile; `dates` begins commitments so many days later.

    Commitment n has the id c<n>, which is its topic. `rules`: YAML lines of some of them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for first in range(0, commitments, per_agreement):
        parts = [_HEADER.format(id=f"a{first // per_agreement}", date=START, coverage=coverage)]
        for number in range(first, min(first + per_agreement, commitments)):
            parts.append(_COMMITMENT.format(id=f"c{number}"))
            if dates is not None and number in dates:
                parts.append(f"  date: {START + timedelta(dates[number])}\n")
            if rules is not None:
                parts.append(rules.get(number, ""))
        path = folder / f"a{first // per_agreement:05}.yaml"
        path.write_text("".join(parts), encoding="utf-8")
    return folder


Feed = list[tuple[Path, int]]
"""A feed in chronological order, cut into files; with each the day after its last report."""


def write_feed(
    folder: Path, updates: int, commitments: int, *, files: int = 1, shipped_kinds: bool = False
) -> Feed:
    """Reports of random kind about random commitments, as dense as the shipped feed.

    Every kind is as frequent as any other, or as frequent as in the shipped feed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    days = round(updates / commitments * SHIPPED.days_for)
    chance = random.Random(7)
    kinds = [record["kind"] for record in shipped_feed()] if shipped_kinds else KINDS
    dates = sorted(chance.randrange(days) for _ in range(updates))
    lines = []
    for number, day in enumerate(dates):
        record = {
            "occurred_at": (START + timedelta(day)).isoformat(),
            "topics": [f"c{chance.randrange(commitments)}"],
            "kind": chance.choice(kinds),
            "title": f"Report {number} on what became of it since the leaders met",
            "source": "Wire",
            "url": f"https://news.example.org/politics/{START.year + day // 365}/{number:08}",
        }
        lines.append(json.dumps(record) + "\n")
    size = -(-updates // files)
    for first in range(0, updates, size):
        path = folder / f"feed-{first:08}.jsonl"
        path.write_text("".join(lines[first : first + size]), encoding="utf-8")
    return read_feed(folder)


def read_feed(folder: Path) -> Feed:
    """What `write_feed` wrote there."""
    feed = []
    for path in sorted(folder.glob("*.jsonl")):
        last = json.loads(path.read_text("utf-8").splitlines()[-1])
        feed.append((path, (date.fromisoformat(last["occurred_at"]) - START).days + 1))
    return feed
