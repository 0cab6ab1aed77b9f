"""How many commitments of an agreement, and of each of its themes, stand how.

Every number has its n and its counting rule beside it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.assessment import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.services.views.standing import Stands

RULE = (
    "each commitment counts once, by its headline; parts of a commitment per party, and"
    " commitments that are made of others, do not count"
)


class Total(NamedTuple):
    """`theme` None: the whole agreement. `headlines` are the numbers by headline, `n` their sum."""

    agreement: str
    theme: str | None
    n: int
    headlines: Mapping[Status, int]


def groups(
    stands: Sequence[Stands],
) -> list[tuple[tuple[str, str | None], list[Stands]]]:
    """What counts of each agreement (theme None), followed by each of its themes.

    A commitment per party counts, as one; its parts do not, nor do roll-ups: they would count what
    they are made of twice.
    """
    found: dict[tuple[str, str | None], list[Stands]] = {}
    for one in stands:
        commitment = one.commitment
        made_of_others = commitment.roll_up is not None and commitment.per_party is None
        if commitment.part_of is not None or made_of_others:
            continue
        for theme in dict.fromkeys((None, commitment.theme)):
            found.setdefault((commitment.agreement, theme), []).append(one)
    agreements = list(dict.fromkeys(agreement for agreement, _ in found))
    return sorted(found.items(), key=lambda row: (agreements.index(row[0][0]), row[0][1] or ""))


def totals(stands: Sequence[Stands]) -> list[Total]:
    """The agreements in order, each followed by its themes."""
    rows = []
    for (agreement, theme), group in groups(stands):
        counter = Counter(one.standing.assessment.status for one in group)
        headlines = {status: counter[status] for status in Status if counter[status]}
        rows.append(Total(agreement, theme, len(group), headlines))
    return rows


def totals_body(stands: Sequence[Stands]) -> dict[str, Any]:
    """`{rule, of: [{agreement, theme, n, headlines: {HEADLINE: number}}]}`."""
    return {
        "rule": RULE,
        "of": [
            {
                "agreement": total.agreement,
                "theme": total.theme,
                "n": total.n,
                "headlines": {status.value: number for status, number in total.headlines.items()},
            }
            for total in totals(stands)
        ],
    }
