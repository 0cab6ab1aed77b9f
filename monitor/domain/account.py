"""What is told of a transition: JSON-ready, put together when somebody looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.assessment import Level
from monitor.domain.time import format_instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.assessment import Assessment
    from monitor.domain.transition import Reason, Transition
    from monitor.domain.update import Update


class Subject(NamedTuple):
    """What a commitment was called when something was told of it; `zone` is that of its dates."""

    id: str
    agreement: str
    title: str
    quote: str
    zone: str


class Account(Mapping[str, Any]):
    """The facts of a transition, as an alert tells them.

    Most alerts are made, stored and sent without anybody asking what is in them before they are
    sent. So the parts are kept, and the whole is made of them on demand. It equals the dictionary
    that it stands for.

    Args:
        subject: the commitment.
        transition: what became of it.
        cited: updates by id; of one that is not among them the id is all that is told.
    """

    __slots__ = ("_cited", "_whole", "subject", "transition")

    def __init__(
        self, subject: Subject, transition: Transition, cited: Mapping[str, Update]
    ) -> None:
        self.subject, self.transition, self._cited = subject, transition, cited
        self._whole: dict[str, Any] | None = None

    def __getitem__(self, key: str) -> Any:
        return self.whole[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.whole)

    def __len__(self) -> int:
        return len(self.whole)

    def __repr__(self) -> str:
        return repr(self.whole)

    @property
    def whole(self) -> dict[str, Any]:
        """All of it."""
        if self._whole is None:
            subject, transition = self.subject, self.transition
            self._whole = {
                "id": subject.id,
                "agreement": subject.agreement,
                "title": subject.title,
                "quote": subject.quote,
                "at": format_instant(transition.at, subject.zone),
                "before": None if transition.before is None else axes(transition.before),
                "after": axes(transition.after),
                "reasons": [self._reason(reason) for reason in transition.reasons],
            }
        return self._whole

    def _reason(self, reason: Reason) -> dict[str, Any]:
        told = reason_body(reason)
        if reason.updates:
            told["updates"] = [_cite(identity, self._cited) for identity in reason.updates]
        return told


def _cite(identity: str, known: Mapping[str, Update]) -> dict[str, str]:
    update = known.get(identity)
    if update is None:
        return {"id": identity}
    return {
        "id": identity,
        "occurred": update.occurred.text,
        "kind": update.kind,
        "title": update.title,
        "source": update.source,
        "url": update.url,
    }


def reason_body(reason: Reason) -> dict[str, Any]:
    """A reason, JSON-ready, without what is empty; its updates are ids."""
    cause, text, rule, where, updates, numbers, *_ = reason
    told: dict[str, Any] = {"cause": cause._value_, "text": text}
    if rule is not None:
        told["rule"] = rule
    if where is not None:
        told["where"] = where
    if updates:
        told["updates"] = list(updates)
    if numbers:
        told["numbers"] = [
            {"name": name, "value": value, "threshold": threshold}
            for name, value, threshold in numbers
        ]
    return told


def axes(assessment: Assessment) -> dict[str, Any]:
    """An assessment, JSON-ready: plain texts, which are encoded faster than members of an enum."""
    level, activity, schedule, standing, status, last_known, conditions = assessment
    return {
        "status": status._value_,
        "level": _LEVELS[level],
        "activity": activity._value_,
        "schedule": schedule._value_,
        "standing": standing._value_,
        "last_known": last_known._value_,
        "conditions": [kind._value_ for kind in conditions],
    }


_LEVELS = tuple(level.word for level in Level)
