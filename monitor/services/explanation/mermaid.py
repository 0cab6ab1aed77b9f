"""Derivations as Mermaid flowcharts (https://mermaid.js.org/syntax/flowchart.html)."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from monitor.domain.time import format_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.services.explanation.foresight import Foresight
    from monitor.services.explanation.twigs import Twig

_CLASSES = {True: ":::yes", False: ":::no", None: ""}
_STYLES = (
    "    classDef yes fill:#dcfce7,stroke:#15803d,color:#14532d",
    "    classDef no fill:#f3f4f6,stroke:#6b7280,color:#374151",
)
_SPOKEN = '"#<>&`\\'
"""Characters that mean something inside a quoted label; Mermaid reads `#34;` as the first."""


def flowchart(roots: Sequence[Twig]) -> str:
    """Each sentence is a box, with those it rests on below it."""
    numbers = count()
    lines = [line for root in roots for line in _boxes(root, f"n{next(numbers)}", numbers)]
    return "\n".join(("flowchart TD", *lines, *_STYLES))


def _boxes(twig: Twig, name: str, numbers: Iterator[int]) -> Iterator[str]:
    text = f"{twig.text}\n{twig.where}" if twig.where else twig.text
    yield f"    {name}[{label(text)}]{_CLASSES[twig.holds]}"
    for each in twig.of:
        below = f"n{next(numbers)}"
        yield from _boxes(each, below, numbers)
        yield f"    {name} --> {below}"


def chain(told: Foresight) -> str:
    """What comes in silence: from one headline to the next, by date."""
    zone, standing = told.commitment.zone, told.standing
    now = standing.assessment.status.value.replace("_", " ")
    lines = [f"    s0[{label(f'{now} since {format_date(standing.since, zone)}')}]"]
    for number, t in enumerate(told.chain, start=1):
        why = "\n".join(f"{r.text}\n{r.rule}, {r.where}" if r.rule else r.text for r in t.reasons)
        status = t.after.status.value.replace("_", " ")
        lines.append(f"    s{number}[{label(f'{status}{why and chr(10)}{why}')}]")
        lines.append(f"    s{number - 1} -->|{label(format_date(t.at, zone))}| s{number}")
    return "\n".join(("flowchart LR", *lines))


def label(text: str) -> str:
    """A quoted label with nothing in it that Mermaid would read as its own."""
    spelled = "".join(f"#{ord(c)};" if c in _SPOKEN else c for c in text)
    return '"' + "<br/>".join(spelled.splitlines()) + '"'
