"""Which rules and conclusions no test has ever made speak."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from monitor.domain.commitment import Rule, Rulebook
    from monitor.domain.location import Location
    from monitor.services.ruletests.running import Result

BUILT_IN = "built-in/"
"""What the names of the files of built-in profiles begin with: their rules are not counted."""


class Written(NamedTuple):
    """One rule as it stands in a file, the commitments that have it, and whether it ever spoke."""

    where: Location
    id: str
    conclusion: str
    commitments: tuple[str, ...]
    spoken: bool


class RuleCoverage(NamedTuple):
    """Every rule of the tested rulebooks, in the order of their files."""

    rules: tuple[Written, ...]

    @property
    def spoken(self) -> int:
        return sum(rule.spoken for rule in self.rules)

    @property
    def silent(self) -> list[Written]:
        """Those that never spoke."""
        return [rule for rule in self.rules if not rule.spoken]

    @property
    def percent(self) -> float:
        """Of the rules that spoke, of all; 100 where there are none."""
        return 100.0 * self.spoken / len(self.rules) if self.rules else 100.0

    def conclusions(self) -> Mapping[str, tuple[int, int]]:
        """(spoken, all) by conclusion, such as `advance substantial`."""
        found: dict[str, tuple[int, int]] = {}
        for rule in self.rules:
            spoken, total = found.get(rule.conclusion, (0, 0))
            found[rule.conclusion] = (spoken + rule.spoken, total + 1)
        return found


def rule_coverage(tested: Iterable[tuple[Rulebook, Iterable[Result]]]) -> RuleCoverage:
    """What the results of tests say about the rules of their rulebooks.

    A rule of a profile is one rule, however many commitments have it. A rulebook that several
    files test is counted once.
    """
    rules: dict[tuple[Location, str], Rule] = {}
    having: dict[tuple[Location, str], dict[str, None]] = {}
    spoken: set[tuple[Location, str]] = set()
    for rulebook, results in tested:
        heard = frozenset[tuple[str, str]]().union(*(r.spoken or () for r in results))
        for key, commitment in rulebook.commitments.items():
            for rule in commitment.rules if commitment.rated else ():
                if rule.where.file.startswith(BUILT_IN):
                    continue
                name = (rule.where, rule.id)
                rules[name] = rule
                having.setdefault(name, {})[key] = None
                if (key, rule.id) in heard:
                    spoken.add(name)
    order = sorted(rules, key=lambda name: (name[0].file, name[0].line, name[1]))
    return RuleCoverage(
        tuple(
            Written(name[0], name[1], _conclusion(rules[name]), tuple(having[name]), name in spoken)
            for name in order
        )
    )


def _conclusion(rule: Rule) -> str:
    then = rule.then
    return then.kind.value if then.level is None else f"{then.kind.value} {then.level.word}"
