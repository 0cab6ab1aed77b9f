"""One edition of a commitment's rules, in parts that can be compared with those of another.

A commitment is judged by its rules and by terms: durations, dates, sources, the engine itself. An
edition knows a short name of the content of each, so that a later one can say what is different
without the older rulebook being there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHORT = 7
"""So many digits of a hash are shown to people, as version control systems do."""


class RuleEdition(NamedTuple):
    """The content of one rule, as a hash, and where it stood ("file:line:column", or empty)."""

    hash: str
    where: str


class Edition(NamedTuple):
    """`hash` names it; it is another one when anything that is meant is another.

    `terms` are values by name. One that begins with `#` is the hash of something too long to show.
    """

    hash: str
    title: str
    rules: Mapping[str, RuleEdition]
    terms: Mapping[str, str]


class Difference(NamedTuple):
    """What is other in a newer edition: a rule, or a term (then `where` is None)."""

    name: str
    how: str
    where: str | None = None
    before: str | None = None
    after: str | None = None

    def __str__(self) -> str:
        if self.where is not None:
            place = f" ({self.where})" if self.where else ""
            return f"rule '{self.name}' {self.how}{place}"
        if self.before is None or self.before.startswith("#"):
            return f"{self.name} {self.how}"
        return f"{self.name} {self.before} → {self.after}"


def differences(old: Edition, new: Edition) -> tuple[Difference, ...]:
    """What makes `new` another edition than `old`: its rules in order, then those gone, the terms.

    A rule that moved in its file is the same rule.
    """
    return (*_of_rules(old, new), *_of_terms(old, new))


def _of_rules(old: Edition, new: Edition) -> Iterator[Difference]:
    for name, rule in new.rules.items():
        before = old.rules.get(name)
        if before is None:
            yield Difference(name, "added", rule.where, None, rule.hash)
        elif before.hash != rule.hash:
            yield Difference(name, "changed", rule.where, before.hash, rule.hash)
    for name, rule in old.rules.items():
        if name not in new.rules:
            yield Difference(name, "removed", rule.where, rule.hash, None)
    if list(old.rules) != list(new.rules) and set(old.rules) == set(new.rules):
        yield Difference("the order of the rules", "changed")


def _of_terms(old: Edition, new: Edition) -> Iterator[Difference]:
    for name in dict.fromkeys((*new.terms, *old.terms)):
        before, after = old.terms.get(name), new.terms.get(name)
        if before != after:
            yield Difference(name, "changed", None, before or "none", after or "none")
