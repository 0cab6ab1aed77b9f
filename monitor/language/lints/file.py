"""Lints about a file as a whole: profiles, clocks, dates, sources, levels out of reach."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from monitor.domain.assessment import Level
from monitor.domain.commitment import ConclusionKind
from monitor.domain.time import DAY, HOUR, format_duration
from monitor.language.inherit import DURATIONS, STANDARD
from monitor.language.lints.dates import lint_dates
from monitor.language.lints.note import info, names, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.commitment import Agreement, Commitment
    from monitor.language.document import Document
    from monitor.language.draft import Reading
    from monitor.language.faults import Fault
    from monitor.language.models import HeaderModel


def lint_file(reading: Reading) -> Iterator[Fault]:
    agreement, document, header = reading.agreement, reading.document, reading.header
    if agreement is None or document is None or header is None:
        return
    yield from _unused_profiles(agreement, document, header)
    yield from _source_groups(agreement, document)
    yield from _tiny_durations(agreement, document)
    yield from _weights(agreement, document, header)
    yield from _out_of_reach(agreement, document)
    for index, commitment in enumerate(agreement.commitments):
        yield from lint_dates(commitment, document, index)
        if not commitment.rated and not commitment.guideline:
            message = "cannot be rated, and nothing says why"
            path = ("commitments", index, "rated")
            yield warning(document, path, "unrated-without-reason", message, "write a guideline")


def _unused_profiles(
    agreement: Agreement, document: Document, header: HeaderModel
) -> Iterator[Fault]:
    used = {commitment.profile for commitment in agreement.commitments}
    used.add((header.defaults and header.defaults.profile) or STANDARD)
    for name in header.profiles or ():
        if name not in used:
            message = f"no commitment has the profile '{name}'"
            yield warning(document, ("profiles", name), "unused-profile", message, key=True)


def _source_groups(agreement: Agreement, document: Document) -> Iterator[Fault]:
    """An update is graded by the strongest group that knows its source."""
    first: dict[str, tuple[str, int]] = {}
    for group in agreement.sources:
        for name in (*group.hosts, *group.names):
            other, tier = first.setdefault(name.casefold(), (group.id, group.tier))
            if tier != group.tier:
                message = f"'{name}' stands in '{other}' of tier {tier} and in '{group.id}' of tier"
                path = ("sources", group.id)
                yield warning(
                    document, path, "source-in-two-tiers", f"{message} {group.tier}",
                    "keep one of them", key=True,
                )  # fmt: skip


def _tiny_durations(agreement: Agreement, document: Document) -> Iterator[Fault]:
    seen: set[int] = set()
    for index, commitment in enumerate(agreement.commitments):
        thresholds = commitment.thresholds
        if id(thresholds) in seen:
            continue
        seen.add(id(thresholds))
        for key in DURATIONS:
            value = getattr(thresholds, key)
            if value < (DAY if key != "dwell" else HOUR) and value:
                message = f"{key} is only {format_duration(value)}"
                hint = "m means minutes; count months in days: 90d"
                yield warning(document, ("commitments", index, key), "tiny-duration", message, hint)


def _weights(agreement: Agreement, document: Document, header: HeaderModel) -> Iterator[Fault]:
    for name, weights in (header.weights or {}).items():
        path = ("weights", name, "parties")
        missing = [party for party in agreement.parties if party not in weights.parties]
        if missing:
            message = f"no weight for {names(missing)}: they weigh nothing"
            yield warning(document, path, "party-without-weight", message, key=True)
        together = sum(weights.parties.values(), Decimal(0))
        if weights.total is not None and together != weights.total:
            message = f"the parties weigh {together:f} together, the total is {weights.total:f}"
            hint = "fine where others have the rest"
            yield info(document, (*path[:2], "total"), "weights-do-not-sum", message, hint)


def can_complete(commitment: Commitment) -> bool:
    """Whether some rule can bring the commitment to its highest level."""
    return any(
        rule.then.kind is ConclusionKind.DELIVER
        or (rule.then.kind is ConclusionKind.ADVANCE and rule.then.level is Level.COMPLETE)
        for rule in commitment.rules
    )


def _out_of_reach(agreement: Agreement, document: Document) -> Iterator[Fault]:
    open_ended = []
    for index, commitment in enumerate(agreement.commitments):
        if not commitment.rated or commitment.superseded or can_complete(commitment):
            continue
        if commitment.deadline:
            message = "has a deadline that no rule can meet: it becomes overdue whatever happens"
            hint = "add a rule that concludes deliver or {advance: complete}"
            path = ("commitments", index, "deadline")
            yield warning(document, path, "deadline-out-of-reach", message, hint)
        else:
            open_ended.append(commitment.id)
    if open_ended:
        total = len(agreement.commitments)
        message = f"no rule can complete {len(open_ended)} of {total} commitments"
        hint = "fine where a person decides that"
        yield info(
            document, ("commitments",), "complete-out-of-reach",
            f"{message} ({names(open_ended)})", hint, key=True,
        )  # fmt: skip
