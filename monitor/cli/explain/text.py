"""The text of `monitor explain`: the answer first, then what it rests on."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from monitor.cli.explain.answer import day, print_answer
from monitor.cli.output import COLOURS, stdout
from monitor.domain.assessment import words
from monitor.domain.basis import Basis
from monitor.services.evidence.causes import taken_back_words
from monitor.services.explanation.words import (
    RuleState,
    conclusion_words,
    counted_words,
    rule_state,
    rule_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console, RenderableType

    from monitor.domain.transition import Transition
    from monitor.services.explanation.inspecting import Explanation

_INDENT = 2
_GRADE = re.compile(r"[A-Z][a-z]+( [a-z]+){0,2}:")
_MARKS = {
    RuleState.HOLDS: Text("●", style="yellow"),
    RuleState.MATCHED: Text("✓", style="green"),
    RuleState.WAITS: Text("·", style="dim"),
}


def print_explanation(told: Explanation) -> None:
    """Print everything there is to say, for somebody who reads it from the top."""
    console = stdout()
    print_answer(console, told)
    _promise(console, told)
    _change(console, "The last change", told.changed, told)
    _change(console, "Before that", told.known_change, told)
    _rules(console, told)
    _set_aside(console, told)
    _ahead(console, told)


def _section(console: Console, title: str, *body: RenderableType) -> None:
    console.print()
    console.print(Text(title, style="bold"))
    for part in body:
        console.print(Padding(part, (0, 0, 0, _INDENT), expand=False))


def _promise(console: Console, told: Explanation) -> None:
    c = told.commitment
    title = "The pledge" if c.basis is Basis.PLEDGE else "The expectation"
    body: list[RenderableType] = [Text(f"“{c.quote}”", style="italic")]
    if told.source:
        body.append(Text(told.source, style="dim"))
    if c.guideline.strip():
        body += [Text(), *map(Text, _paragraphs(c.guideline))]
    _section(console, title, *body)


def _paragraphs(text: str) -> list[str]:
    """Lines joined as they were meant: a grade ("Full: …") and a blank line begin a new one."""
    found: list[str] = []
    fresh = True
    for line in map(str.strip, text.strip().splitlines()):
        if line and (fresh or _GRADE.match(line)):
            found.append(line)
        elif line:
            found[-1] += f" {line}"
        fresh = not line
    return found


def _change(console: Console, title: str, last: Transition | None, told: Explanation) -> None:
    if last is None or last.before is None:
        return
    head = Text(f"{day(last.at, told)}  {words(last.before.status.value)} → ")
    head.append(words(last.after.status.value), style=COLOURS[last.after.status.value])
    body: list[RenderableType] = [head]
    for reason in last.reasons:
        text = Text(reason.text)
        if reason.rule:
            text.append(f"  rule {reason.rule}", style="dim")
            text.append(f", {reason.where}" if reason.where else "", style="dim")
        body.append(text)
        body += [
            Text(f"{name} {value}, threshold {threshold}", style="dim")
            for name, value, threshold in reason.numbers
        ]
        body += [_citation(identity, told) for identity in reason.updates]
    _section(console, title, *body)


def _citation(identity: str, told: Explanation) -> RenderableType:
    update = told.updates.get(identity)
    if update is None:
        return Text(identity, style="dim")
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    graded = f"{update.source or 'no source'} (tier {told.tiers[identity]})"
    text = Text(update.title)
    text.append(f"\n{update.kind}, {graded}", style="dim")
    if update.url:
        text.append(f"\n{update.url}", style="dim")
    table.add_row(update.occurred.text.rjust(10), text)
    return table


def _rules(console: Console, told: Explanation) -> None:
    views = told.inspection.rules
    counts = Counter(rule_state(view) for view in views)
    if not views or not told.commitment.rated:
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    order = list(RuleState)
    for view in sorted(views, key=lambda v: order.index(rule_state(v))):
        state = rule_state(view)
        style = "dim" if state is RuleState.WAITS else ""
        why = Text(rule_words(view, told), style=style)
        if view.rule.where.file:
            file = view.rule.where.file.rpartition("/")[2]
            why.append(f"  {file}:{view.rule.where.line}", style="dim")
        for line in counted_words(view, told):
            why.append(f"\n{line}", style="dim")
        name = Text(view.rule.id, style=style)
        table.add_row(_MARKS[state], name, Text(conclusion_words(view.rule), style=style), why)
    spoken = counts[RuleState.HOLDS] + counts[RuleState.MATCHED]
    _section(console, f"Rules: {spoken} of {len(views)} have spoken", table)


def _set_aside(console: Console, told: Explanation) -> None:
    seen = told.inspection
    rows: list[tuple[str, str]] = [
        (update, f"ignored by rule {rule}") for update, rule in seen.ignored
    ]
    rows += [(i, f"its source is only tier {told.tiers[i]}") for i in told.too_weak]
    rows += [(i, "no rule wanted it") for i in told.unused]
    rows += [(i, "from before the commitment began") for i in seen.early]
    rows += [(i, taken_back_words(taker)) for i, taker in told.taken_back.items()]
    if rows:
        title = f"Set aside: {len(rows)} of {len(told.updates)} updates"
        _section(console, title, _aside_table(rows, told))


def _aside_table(rows: Iterable[tuple[str, str]], told: Explanation) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    known = [(told.updates[i], why) for i, why in rows if i in told.updates]
    for update, why in sorted(known, key=lambda row: row[0].occurred.text):
        text = Text(update.title)
        text.append(f"\n{why}: {update.kind}, {update.source or 'no source'}", style="dim")
        table.add_row(update.occurred.text.rjust(10), text)
    return table


def _ahead(console: Console, told: Explanation) -> None:
    if not told.ahead:
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    for transition in told.ahead:
        table.add_row(day(transition.at, told), _becomes(transition))
    on = "goes on looking" if told.foresight.goes_on else "looks again"
    _section(console, f"What comes next, if nothing is heard and somebody {on}", table)


def _becomes(transition: Transition) -> Text:
    before, after = transition.before, transition.after
    if before is None or before.status is not after.status:
        return Text(words(after.status.value), style=COLOURS[after.status.value])
    if before.activity is not after.activity:
        return Text(words(after.activity.value))
    return Text("; ".join(reason.text for reason in transition.reasons))
