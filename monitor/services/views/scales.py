"""How commitments stand on other people's scales: counts, and one figure with its rule and n."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.scale import WORDS, Scale, rate
from monitor.services.views.totals import groups

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.scale import Rating
    from monitor.services.views.standing import Stands

TITLES = {
    Scale.G20: "G7/G20 compliance, -1 to +1",
    Scale.PAM: "Peace Accords Matrix, 0 to 3",
    Scale.OGP: "Open Government Partnership, completion",
    Scale.TRACKER: "promise tracker",
}
_FIGURES = {
    Scale.G20: "average: of the scores; percent: (average + 1) / 2",
    Scale.PAM: "average: of the levels; percent: average / 3",
    Scale.OGP: "percent: those substantial or complete, of n",
    Scale.TRACKER: "percent: those kept, of n",
}
_GOOD = {Scale.OGP: 2, Scale.TRACKER: 5}
_LEFT_OUT = (
    "each commitment counts once; parts of a commitment per party, commitments that are made of"
    " others, and those for which the scale has no value (left out) are not in n"
)
_NOTES = {
    Scale.G20: "level none is -1 also before the deadline",
    Scale.PAM: "the level as it stands today",
    Scale.OGP: "completion only: whether it opened government is not rated",
    Scale.TRACKER: (
        "overdue is broken, or a compromise where the level is substantial; both may still change"
    ),
}


class ScaleTotal(NamedTuple):
    """`theme` None: the whole agreement. `counts` are by word, `left_out` those without a value.

    `average` is None for scales of words, `percent` where n is 0 as well.
    """

    agreement: str
    theme: str | None
    n: int
    counts: Mapping[str, int]
    left_out: Mapping[str, int]
    average: float | None
    percent: float | None


def counting_rule(scale: Scale) -> str:
    """What is counted, and how its figures come about."""
    return f"{_FIGURES[scale]}; {_NOTES[scale]}; {_LEFT_OUT}"


def scale_totals(stands: Sequence[Stands], scale: Scale) -> list[ScaleTotal]:
    """The agreements in order, each followed by its themes."""
    return [
        _total(agreement, theme, [rate(scale, s.standing.assessment) for s in group], scale)
        for (agreement, theme), group in groups(stands)
    ]


def _total(
    agreement: str, theme: str | None, ratings: Sequence[Rating], scale: Scale
) -> ScaleTotal:
    values = [r.value for r in ratings if r.value is not None]
    met = Counter(r.word for r in ratings if r.value is not None)
    counts = {word: met[word] for word in WORDS[scale].values() if met[word]}
    left_out = Counter(r.word for r in ratings if r.value is None)
    average, percent = _figures(values, scale)
    return ScaleTotal(
        agreement, theme, len(values), counts, dict(sorted(left_out.items())), average, percent
    )


def _figures(values: Sequence[int], scale: Scale) -> tuple[float | None, float | None]:
    n = len(values)
    if not n:
        return None, None
    if scale in _GOOD:
        return None, round(100 * sum(v >= _GOOD[scale] for v in values) / n, 1)
    low, high = min(WORDS[scale]), max(WORDS[scale])
    return round(sum(values) / n, 2), round(100 * (sum(values) - low * n) / ((high - low) * n), 1)


def figure_words(total: ScaleTotal) -> str:
    """The figures of a total, with n: "+0.42, 71% (n = 12)"."""
    parts = []
    if total.average is not None:
        parts.append(f"{total.average:+.2f}")
    if total.percent is not None:
        parts.append(f"{total.percent:g}%")
    return f"{', '.join(parts) or '-'} (n = {total.n})"


def scale_body(stands: Sequence[Stands], scale: Scale) -> dict[str, Any]:
    """`{name, title, rule, of: [{agreement, theme, n, counts, left_out, average, percent}]}`."""
    return {
        "name": scale.value,
        "title": TITLES[scale],
        "rule": counting_rule(scale),
        "of": [
            {**total._asdict(), "counts": dict(total.counts), "left_out": dict(total.left_out)}
            for total in scale_totals(stands, scale)
        ],
    }


def rating_body(stands: Stands, scale: Scale) -> dict[str, Any]:
    """`{value, word}` of one commitment; `value` null where the scale has none for it."""
    return rate(scale, stands.standing.assessment)._asdict()
