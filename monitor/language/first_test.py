"""A first test of a commitment, as `monitor rules new --test` writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.time import DAY, format_duration
from monitor.language.layout.formatting import formatted
from monitor.language.proposal import value

if TYPE_CHECKING:
    from monitor.domain.commitment import Commitment


def opening(rulebook: str) -> str:
    """A file of rule tests without tests."""
    return f"rules: {value(rulebook)}\n"


def lines_of(commitment: Commitment) -> list[str]:
    """The item of a list of tests, its dash two columns from the left.

    It says what must happen when nothing is heard: whatever its rules are, the stall clock runs.
    """
    stalled = commitment.thresholds.stalled
    before, at = (f"+{format_duration(seconds)}" for seconds in (stalled - DAY, stalled))
    topic = next(iter(commitment.about.topics), commitment.id)
    written = [
        "tests:",
        f"  - name: {value(f'{commitment.id} stalls when nothing is heard of it')}",
        "    # What must follow from news? Say it before the news comes:",
        "    # updates:",
        f"    #   - {{occurred_at: +30d, kind: meeting, topics: {value(topic, inside=True)},",
        "    #      source: The Herald, title: They meet}",
        "    expect:",
        f"      - at: {before}",
        f"        commitments: {{{commitment.id}: {{level: none, activity: quiet}}}}",
        f"      - at: {at}",
        f"        commitments: {{{commitment.id}: {{level: none, activity: stalled}}}}",
        "",
    ]
    return formatted("\n".join(written).encode(), commitment.id).decode().splitlines()[1:]
