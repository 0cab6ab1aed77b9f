"""Transitions in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.cli.output import COLOURS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.text import Text

    from monitor.domain.alert import Alert
    from monitor.domain.assessment import Assessment
    from monitor.domain.transition import Transition


def is_minor(transition: Transition) -> bool:
    """Neither the headline nor the level changed."""
    before, after = transition.before, transition.after
    return before is not None and (before.status, before.level) == (after.status, after.level)


def changed(transition: Transition) -> Text:
    """`advancing → stalled, level none → limited`: the headline in its colour, then the rest."""
    from rich.text import Text

    before, after = transition.before, transition.after
    text = Text()
    if before is not None and before.status is not after.status:
        text.append(f"{_word(before.status.value)} → ")
    text.append(_word(after.status.value), style=COLOURS[after.status.value])
    if before is None:
        text.append(", from its beginning", style="dim")
        return text
    rest = _other_axes(before, after)
    if rest:
        text.append(", " + ", ".join(rest))
    return text


def _other_axes(before: Assessment, after: Assessment) -> list[str]:
    """What changed beside the headline, without what the headline says already."""
    told = before.status is not after.status
    pairs = [(before.schedule.value, after.schedule.value)]
    pairs.append((before.standing.value, after.standing.value))
    if not told:
        pairs.append((before.activity.value, after.activity.value))
    said = {before.status.value, after.status.value} if told else set()
    found = [f"{_word(one)} → {_word(other)}" for one, other in pairs if _tells(one, other, said)]
    if before.level is not after.level:
        found.insert(0, f"level {before.level.word} → {after.level.word}")
    return found


def _tells(one: str, other: str, said: set[str]) -> bool:
    return one != other and not said & {one, other}


def why(transition: Transition, alert: Alert | None) -> Iterable[Text]:
    """A line for each reason, and one for each report that an announced one rests on."""
    from rich.text import Text

    cited: Sequence[dict[str, Any]] = () if alert is None else alert.body.get("reasons", ())
    told: set[str] = set()
    for number, reason in enumerate(transition.reasons):
        line = Text(reason.text)
        if reason.rule:
            line.append(f"  rule {reason.rule}", style="dim")
        yield line
        if number >= len(cited):
            continue
        for update in cited[number].get("updates", ())[-2:]:
            if "title" in update and update["id"] not in told:
                told.add(update["id"])
                source = f", {update['source']}" if update["source"] else ""
                yield Text(f"“{update['title']}”{source}", style="dim")


def _word(value: str) -> str:
    return value.replace("_", " ")
