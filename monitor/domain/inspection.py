"""Why a commitment stands as it does: what each rule saw, what it lacks, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from monitor.domain.assessment import Assessment
    from monitor.domain.commitment import Rule
    from monitor.domain.derivation import Standing
    from monitor.domain.time import Instant, Seconds
    from monitor.domain.transition import Transition


class Finding(NamedTuple):
    """One comparison inside a rule: what was asked, what is there, and whether that is enough."""

    text: str
    value: str
    threshold: str
    holds: bool


class PartyView(NamedTuple):
    """One party that a rule counts.

    `since` and `update`: when and by what report it did what is counted; None: it has not, or no
    longer. `share` is what it weighs of the whole, as text; empty where each counts one.
    """

    party: str
    since: Instant | None
    update: str | None
    share: str


class MemberView(NamedTuple):
    """One commitment that a rule counts: its key, how it stands, and whether that counts.

    `share` is what it weighs of the whole, as text; empty where each counts one.
    """

    commitment: str
    assessment: Assessment
    holds: bool
    share: str


class Branch(NamedTuple):
    """One part of a condition: `kind` is its key in the rule language, `holds` its answer.

    A part of its own has numbers (`findings`), the ids of the updates that count in it (`updates`),
    those that only their tier kept out of it (`too_weak`; `tier` is the weakest that counts), and
    whom it counts. `all`, `any` and `not` have the parts in `of` instead. `asks` says of which
    updates it speaks.
    """

    kind: str
    holds: bool
    findings: tuple[Finding, ...] = ()
    updates: tuple[str, ...] = ()
    too_weak: tuple[str, ...] = ()
    tier: int | None = None
    parties: tuple[PartyView, ...] = ()
    members: tuple[MemberView, ...] = ()
    of: tuple[Branch, ...] = ()
    asks: str = ""


class RuleView(NamedTuple):
    """One rule at the instant of the inspection.

    `holds`: its condition holds now (one about an update: one of this very instant matches).
    `active`: its lasting conclusion stands, since `since`; it began `times` times since then (more
    than once only under a dwell). `until`: only its dwell holds on to it, until then if somebody
    goes on looking. `matched` are ids of the updates that
    its update patterns matched so far, oldest first; `too_weak` those that only their tier kept
    out. `parties` and `members` are those that it counts, and those that are missing. `recovered`:
    it is about an update, and the lasting condition that ends it holds now. `tree` is its
    condition part by part, `recovery` the condition that ends it (None: it has none).
    """

    rule: Rule
    holds: bool
    active: bool
    since: Instant | None
    matched: tuple[str, ...]
    too_weak: tuple[str, ...]
    findings: tuple[Finding, ...]
    parties: tuple[PartyView, ...] = ()
    members: tuple[MemberView, ...] = ()
    times: int = 1
    until: Instant | None = None
    recovered: bool = False
    tree: Branch = Branch("", holds=False)
    recovery: Branch | None = None


class Inspection(NamedTuple):
    """Everything there is to say about a commitment at an instant.

    `ignored` are (update, rule); `unused` are ids that no rule wanted, `early` from before the
    start. `silence` is the watched time since the last advance (or the start). `ignores` are the
    `ignore` rules, with what they dropped as `matched`.
    """

    standing: Standing
    history: tuple[Transition, ...]
    rules: tuple[RuleView, ...]
    ignored: tuple[tuple[str, str], ...]
    unused: tuple[str, ...]
    early: tuple[str, ...]
    silence: Seconds
    watched_until: Instant | None
    gaps: tuple[tuple[Instant, Instant], ...]
    ignores: tuple[RuleView, ...] = ()
