"""A small pact for processes to be killed over: its rulebook, its reports, its days."""

import subprocess
import sys
from datetime import date, timedelta

START = date(2025, 1, 1)
COMMITMENTS = 5
KINDS = ("meeting", "agreement", "implementation", "delay", "dispute", "suspension", "reversal")
RULEBOOK = """
agreement: pact
title: The pact
date: 2025-01-01
coverage: assumed
defaults: {quiet: 10d, stalled: 20d, dormant: 60d, tier: 3}
commitments:
""" + "".join(
    f"  - {{id: c{i}, title: Commitment {i}, quote: they will do {i}}}\n"
    for i in range(COMMITMENTS)
)


def when(day):
    """The date of a day; day 0 is 2025-01-01."""
    return (START + timedelta(days=day)).isoformat()


def report(rng, day):
    """A record of one of the last five days, or of the day itself."""
    return {
        "occurred_at": when(rng.randrange(max(day - 5, 0), day + 1)),
        "kind": rng.choice(KINDS),
        "topics": [f"c{rng.randrange(COMMITMENTS)}"],
        "title": f"Report {rng.random()}",
    }


def start(folder, *words):
    """A process of `monitor` in a folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "monitor", *words],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def finish(process):
    """What a process prints that ends well."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out
