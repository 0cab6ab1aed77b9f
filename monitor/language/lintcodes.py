"""Every lint by its code: how serious it is by itself, and what it means.

An author allows one at a line by a comment, an operator sets its level in `monitor.yaml`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from monitor.language.faults import FaultSeverity, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping


class LintLevel(StrEnum):
    """What becomes of a lint. `error` makes a check fail; the rulebook can be used all the same."""

    OFF = "off"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Lint(NamedTuple):
    severity: FaultSeverity
    text: str


_W, _I = FaultSeverity.WARNING, FaultSeverity.INFO

LINTS: Mapping[str, Lint] = {
    "quote-not-in-source": Lint(_W, "the quote does not stand in the source document"),
    "unreadable-source": Lint(_W, "the source document cannot be read as text"),
    "no-source": Lint(_I, "no source document is named: quotes cannot be compared"),
    "duplicate-quote": Lint(_I, "two commitments have one quote"),
    "never-fires": Lint(_W, "a condition can never hold"),
    "never-matches": Lint(_W, "no update can match a pattern"),
    "never-recovers": Lint(_W, "the condition that should end a conclusion can never hold"),
    "always-holds": Lint(_W, "a condition holds whatever happens"),
    "undoes-itself": Lint(_W, "what a rule concludes ends the condition it rests on"),
    "shadowed-by-ignore": Lint(_W, "what a rule asks for, an `ignore` rule drops"),
    "outside-about": Lint(_W, "what a rule asks for, `about` turns away"),
    "nobody-watching": Lint(_W, "no listed source is strong enough to move anything"),
    "topics-never-seen": Lint(_W, "no update ever had any of these topics"),
    "topic-never-seen": Lint(_I, "no update ever had one of these topics"),
    "shared-topic": Lint(_I, "commitments of two agreements share a topic by their id"),
    "deadline-out-of-reach": Lint(_W, "no rule can meet the deadline"),
    "complete-out-of-reach": Lint(_I, "no rule can complete the commitment"),
    "before-start": Lint(_W, "a date lies before the commitment"),
    "unclear-local-time": Lint(_W, "a local time comes twice or never"),
    "working-days-without-calendar": Lint(_I, "working days, and no holidays are known"),
    "unrated-without-reason": Lint(_W, "`rated: false` without a guideline"),
    "source-in-two-tiers": Lint(_W, "a source stands in groups of different tiers"),
    "unused-profile": Lint(_W, "no commitment has this profile"),
    "party-without-weight": Lint(_W, "a party has no weight among those that are weighed"),
    "weights-do-not-sum": Lint(_I, "weights that do not sum to 100"),
    "tiny-duration": Lint(_W, "`3m` is three minutes"),
    "link-leaves": Lint(_I, "a link leads out of the folder and is not followed"),
    "link-nowhere": Lint(_W, "a link in the folder leads nowhere, or to itself"),
    "allowed-without-reason": Lint(_W, "an `allow` comment does not say why"),
    "allowed-in-vain": Lint(_W, "an `allow` comment for what is not there"),
    "unknown-lint": Lint(_W, "an `allow` comment names no lint"),
}


def known_lint(code: str) -> str:
    """A code, if there is such a lint.

    Raises:
        ValueError: there is none; near misses are suggested.
    """
    if code in LINTS:
        return code
    hint = did_you_mean(code, LINTS) or f"known are {', '.join(sorted(LINTS))}"
    raise ValueError(f"no lint is called {code!r}, {hint}")
