"""What a rule says whenever it speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.commitment import ConclusionKind
from monitor.engine import fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.commitment import Rule


class Speech:
    """The part of a rule's reason that is the same every time.

    `bits` are the updates it is about, `remembered` the columns that rest on earlier ones,
    `numbered` those that have a threshold.
    """

    __slots__ = ("bits", "numbered", "remembered", "severity", "text", "where")

    def __init__(self, rule: Rule, columns: Sequence[fields.Field]) -> None:
        self.text = conclusion_text(rule)
        self.where = str(rule.where) if rule.where.file else None
        self.severity = None if rule.severity is None else rule.severity.value
        self.bits = sum({1 << c.bit for c in columns if isinstance(c, fields.Event)})
        self.remembered = [c for c in columns if not isinstance(c, fields.Event)]
        self.numbered = [c for c in columns if getattr(c, "thresholds", ())]


def conclusion_text(rule: Rule) -> str:
    """What a rule concludes, as a phrase."""
    then = rule.then
    words = {
        ConclusionKind.ADVANCE: f"advanced to {then.level.word if then.level is not None else ''}",
        ConclusionKind.SETBACK: f"set back to {then.level.word if then.level is not None else ''}",
        ConclusionKind.DELIVER: "delivered",
        ConclusionKind.REVERSE: "reversed",
        ConclusionKind.STALLED: "stalled",
        ConclusionKind.AT_RISK: "at risk",
        ConclusionKind.IGNORE: "ignored",
    }
    text = words[then.kind]
    return f"{text}: {then.reason}" if then.reason else text
