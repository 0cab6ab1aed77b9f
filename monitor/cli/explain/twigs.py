"""Derivations as trees on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from rich.tree import Tree

from monitor.cli.output import stdout

if TYPE_CHECKING:
    from monitor.services.explanation.twigs import Twig
    from monitor.services.explanation.whynot import WhyNot

_MARKS = {True: ("✓ ", "green"), False: ("✗ ", "red"), None: ("", "")}


def print_tree(twig: Twig) -> None:
    """Each sentence with whether it holds: ✓ or ✗."""
    stdout().print(_grown(twig, Tree(_sentence(twig), guide_style="dim")))


def print_why_not(found: WhyNot) -> None:
    """The answer first, then every way there."""
    console, c = stdout(), found.told.commitment
    console.print(Text(c.title, style="bold"))
    status = found.told.inspection.standing.assessment.status.value.replace("_", " ")
    word = found.target.replace("_", " ")
    if found.hidden is not None:
        line = f"{word} already, but the headline is {status}, which comes first"
    elif found.holds:
        line = f"{word} already; it is {status}"
    else:
        line = f"not {word}: it is {status}"
    console.print(Text(line))
    if found.note:
        console.print(Text(found.note))
    for way in found.ways:
        print_tree(way)


def _grown(twig: Twig, tree: Tree) -> Tree:
    for each in twig.of:
        _grown(each, tree.add(_sentence(each)))
    return tree


def _sentence(twig: Twig) -> Text:
    mark, style = _MARKS[twig.holds]
    text = Text(mark, style=style)
    text.append(twig.text, style="" if twig.kind != "report" else "dim")
    if twig.where:
        text.append(f"  {twig.where}", style="dim")
    return text
