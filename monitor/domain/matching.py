"""Which alerts a route, a silence or a rule of muting speaks of.

The operators are those of Prometheus Alertmanager
(https://prometheus.io/docs/alerting/latest/configuration/#matcher): `=`, `!=`, and `=~`, `!~` for a
regular expression that must match the whole value. What an alert does not have is the empty text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from monitor.domain.alert import AlertKind, Phase
from monitor.domain.assessment import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from monitor.domain.alert import Alert
    from monitor.domain.commitment import Commitment

    Facts = Mapping[str, Sequence[str]]
    """The values of an alert by field; labels are fields called `labels.NAME`."""

FIELDS = ("agreement", "commitment", "theme", "party", "severity", "kind", "phase", "status")
"""What a matcher can ask for; every other name is that of a label."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "severity": ("info", "warning", "critical"),
    "kind": tuple(kind.value for kind in AlertKind),
    "phase": tuple(phase.value for phase in Phase),
    "status": tuple(status.value for status in Status),
}
"""Fields that have these values only."""

DEPENDS = "depends"
"""In facts: the commitments that the alert's own asks about. No matcher can name it."""

_TEXT = re.compile(r"\s*([\w.-]+)\s*(=~|!~|!=|=)\s*(.*?)\s*", re.DOTALL)
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Matcher:
    """Holds where any value of `field` is among `values` or matches `pattern`; negated: none."""

    field: str
    values: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    negated: bool = False

    def holds(self, facts: Facts) -> bool:
        """Whether it speaks of an alert."""
        found = facts.get(self.field) or ("",)
        if self.pattern is not None:
            hit = any(self.pattern.fullmatch(value) for value in found)
        else:
            hit = any(value in self.values for value in found)
        return hit is not self.negated

    def __str__(self) -> str:
        name = self.field.removeprefix("labels.") if self.field[7:] not in FIELDS else self.field
        if self.pattern is not None:
            return f'{name}{"!~" if self.negated else "=~"}"{self.pattern.pattern}"'
        operator = "!=" if self.negated else "="
        return f'{name}{operator}"{",".join(self.values)}"'


@lru_cache(maxsize=4096)
def parse_matcher(text: str) -> Matcher:
    """Read `severity=critical`, `theme != energy`, `desk=~"as.*"`.

    Several values are separated by commas where they are not in quotes: `theme=energy,tech`.

    Raises:
        ValueError: it cannot be read; the text says why.
    """
    match = _TEXT.fullmatch(text[:_LONGEST])
    if match is None or len(text) > _LONGEST:
        raise ValueError(f"{text[:80]!r} is no matcher: write for instance severity=critical")
    name, operator, value = match.groups()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    value = value[1:-1] if quoted else value
    negated = operator[0] == "!"
    if operator[1:] == "~" or operator == "!~":
        try:
            return Matcher(field_name(name), (), re.compile(value), negated)
        except (re.error, OverflowError, RecursionError) as error:
            raise ValueError(f"{value[:80]!r} is no regular expression: {error}") from None
    values = (value,) if quoted else tuple(part.strip() for part in value.split(","))
    return checked(Matcher(field_name(name), values, None, negated))


def field_name(name: str) -> str:
    """The field that a name means: `desk` and `labels.desk` are the label `desk`."""
    return name if name in FIELDS or name.startswith("labels.") else f"labels.{name}"


def checked(matcher: Matcher) -> Matcher:
    """The matcher, if it can hold at all.

    Raises:
        ValueError: its field never has one of its values.
    """
    known = WORDS.get(matcher.field)
    for value in matcher.values if known else ():
        if value and known and value not in known:
            raise ValueError(f"no {matcher.field} is called {value!r}: it is {_listed(known)}")
    return matcher


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def all_hold(matchers: Iterable[Matcher], facts: Facts) -> bool:
    return all(matcher.holds(facts) for matcher in matchers)


def facts_of(
    alert: Alert, commitment: Commitment | None, depends: Sequence[str] = ()
) -> dict[str, list[str]]:
    """What routes and silences see of an alert, JSON-ready.

    Args:
        alert: it.
        commitment: the one it is about, None where it is about a whole agreement.
        depends: the commitments that this one's rules ask about.
    """
    body: Mapping[str, Any] = alert.body
    facts = {
        "agreement": [alert.agreement],
        "severity": [alert.severity],
        "kind": [alert.kind.value],
        "phase": [alert.phase.value],
    }
    status = (body.get("after") or {}).get("status") or body.get("status")
    if status is not None:
        facts["status"] = [str(getattr(status, "value", status))]
    if alert.commitment is not None:
        facts["commitment"] = [alert.commitment, alert.commitment.partition("/")[2]]
    if commitment is not None:
        facts["party"] = list(commitment.parties)
        if commitment.theme:
            facts["theme"] = [commitment.theme]
    for name, value in alert.labels:
        facts[f"labels.{name}"] = [value]
    if depends:
        facts[DEPENDS] = list(depends)
    return facts
