"""Which updates made the past another one, as far as that can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.domain.update import Update

_NAMED = 3
_WORDS = {
    "retraction": "a retraction",
    "replacement": "a report that replaces another",
    "late": "a late report",
}


class Causes(NamedTuple):
    """What is new about a commitment, and about those it asks about.

    `reports` came in, with their instants. `takers` take back, or bring back, what had counted;
    `gone` are, by the id of what counted, those that take it back.
    """

    reports: Sequence[tuple[Instant, Update]] = ()
    takers: Sequence[Update] = ()
    gone: Mapping[str, Update] = {}

    def __add__(self, other: Causes) -> Causes:  # type: ignore[override]
        """Both."""
        return Causes(
            (*self.reports, *other.reports),
            (*self.takers, *other.takers),
            {**self.gone, **other.gone},
        )

    def of(
        self, vanished: Transition | None, new: Sequence[Transition], by: Instant
    ) -> list[Update]:
        """What made `vanished` not so, at most three; [] where it was no update.

        What takes back a report that it rested on; or else new reports that what holds instead
        rests on; or else whatever was taken back or came in late. A report of something after `by`,
        the instant of which something else was said, is no cause: how the world stood then does
        not rest on it (law 1).
        """
        rested = [] if vanished is None else _named(vanished)
        found = [self.gone[identity] for identity in rested if identity in self.gone]
        if not found:
            fresh = {update.id: update for at, update in self.reports if at <= by}
            named = [i for transition in new for i in _named(transition)]
            found = [fresh[identity] for identity in named if identity in fresh]
        if not found:
            found = list(self.takers)
        if not found and vanished is not None:
            found = [update for at, update in self.reports if at <= vanished.at]
        return list({update.id: update for update in found}.values())[:_NAMED]


def _named(transition: Transition) -> Iterable[str]:
    return [identity for reason in transition.reasons for identity in reason.updates]


def how(update: Update) -> str:
    """In what way an update changed the past."""
    if update.retracts is not None:
        return "retraction"
    return "late" if update.supersedes is None else "replacement"


def taken_back_words(taker: Update) -> str:
    """By what a report was taken back: "retracted by “…” (Reuters, 2025-09-04)"."""
    verb = "retracted" if taker.retracts is not None else "superseded"
    said = ", ".join(part for part in (taker.source, taker.occurred.text) if part)
    return f"{verb} by “{taker.title}” ({said})"


def causes_body(updates: Iterable[Update]) -> list[dict[str, Any]]:
    """JSON-ready: who says what, and in what way it changed the past."""
    return [
        {
            "how": how(update),
            "id": update.id,
            "occurred": update.occurred.text,
            "kind": update.kind,
            "title": update.title,
            "source": update.source,
            "url": update.url,
        }
        for update in updates
    ]


def causes_words(updates: Sequence[Update]) -> str:
    """A clause for a sentence, beginning with a semicolon; "" where there is nothing to name."""
    if not updates:
        return ""
    first = updates[0]
    source = f" ({first.source})" if first.source else ""
    more = f" and {len(updates) - 1} more" if len(updates) > 1 else ""
    return f"; {_WORDS[how(first)]} says so: “{first.title}”{source}{more}"
