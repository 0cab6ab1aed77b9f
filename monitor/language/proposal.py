"""A commitment in the making -> commented YAML, as `monitor rules new` writes it."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from monitor.language.document import parse_document
from monitor.language.layout.formatting import formatted
from monitor.language.layout.scalars import WIDTH
from monitor.language.profiles import BUILT_IN, built_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NUMERIC, MEASURE = "numeric-target", "measure"
"""The built-in profile that asks for an indicator, and the id of it."""

_OTHER_YAML = frozenset({"yes", "no", "on", "off", "y", "n"})
"""Text here, truth in YAML 1.1: in quotes for those who read a rulebook with something else."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is known of a commitment; "" and () are left out.

    `done` are words in the title of a report that mean that it is done.
    """

    id: str = ""
    title: str = ""
    quote: str = ""
    guideline: str = ""
    theme: str = ""
    basis: str = ""
    parties: tuple[str, ...] = ()
    profile: str = ""
    topics: tuple[str, ...] = ()
    deadline: str = ""
    unit: str = ""
    baseline: str = ""
    target: str = ""
    done: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """The top of a rulebook; `press` are names of tier 2, `official` hosts of tier 1."""

    agreement: str
    title: str
    date: str
    timezone: str = "UTC"
    parties: tuple[str, ...] = ()
    source: str = ""
    official: tuple[str, ...] = ()
    press: tuple[str, ...] = ()
    schema: bool = False


def opening_text(opening: Opening) -> str:
    """A rulebook without commitments."""
    lines = ["# yaml-language-server: $schema=./monitor.schema.json"] if opening.schema else []
    lines += [
        f"agreement: {value(opening.agreement)}",
        f"title: {value(opening.title)}",
        f"date: {value(opening.date)}",
    ]
    if opening.timezone != "UTC":
        lines.append(f"timezone: {value(opening.timezone)}")
    if opening.parties:
        lines.append(f"parties: {_list(opening.parties)}")
    if opening.source:
        lines.append(f"source: {value(opening.source)}")
    lines += ["", *_sources(opening)]
    return "\n".join(lines) + "\n"


def _sources(opening: Opening) -> Iterator[str]:
    """Who is how reliable; without anybody a comment, because nothing moves then."""
    yield "# Who is how reliable: tier 1 is the official record, 2 established press. Whoever is"
    yield "# not named is tier 3, and moves nothing."
    groups = []
    if opening.official:
        groups.append(f"  official: {{tier: 1, hosts: {_list(opening.official)}}}")
    if opening.press:
        groups.append(f"  press: {{tier: 2, names: {_list(opening.press)}}}")
    if groups:
        yield from ("sources:", *groups)
    else:
        yield "# sources:"
        yield "#   official: {tier: 1, hosts: [parliament.example]}"
        yield "#   press: {tier: 2, names: [The Herald]}"


def commitment_lines(proposal: Proposal, default: str, reason: str) -> list[str]:
    """The item of a list of commitments, its dash two columns from the left.

    Args:
        proposal: what is known; `id`, `title` and `quote` are.
        default: the profile where it names none.
        reason: what its profile is for, a sentence or more.
    """
    text = "\n".join(("commitments:", *_written(proposal, default, reason), ""))
    return formatted(text.encode(), proposal.id).decode().splitlines()[1:]


def _written(proposal: Proposal, default: str, reason: str) -> Iterator[str]:
    yield f"  - id: {value(proposal.id)}"
    yield f"    title: {value(proposal.title)}"
    yield f"    quote: {value(proposal.quote)}"
    if proposal.guideline:
        yield f"    guideline: {value(proposal.guideline)}"
    else:
        yield "    # guideline: what counts as full, partial and no implementation, and what not"
    for key in ("theme", "basis"):
        if getattr(proposal, key):
            yield f"    {key}: {value(getattr(proposal, key))}"
    if proposal.parties:
        yield f"    parties: {_list(proposal.parties)}"
    yield from _comment(reason)
    if proposal.profile:
        yield f"    profile: {value(proposal.profile)}"
    else:
        yield f"    # profile: {default}, as none is named"
    if proposal.topics:
        yield f"    about: {{topics: {_list(proposal.topics)}}}"
    else:
        yield from _comment(
            f"An update with the topic {proposal.id} concerns it; others: about: {{topics: [...]}}"
        )
    if proposal.deadline:
        yield f"    deadline: {value(proposal.deadline)}"
    if proposal.baseline or proposal.target:
        yield f"    indicators: [{{{', '.join(_measure(proposal))}}}]"
    yield from _rules(proposal)


def _rules(proposal: Proposal) -> Iterator[str]:
    """The rule that delivers it; where nothing is known of that, how one would look."""
    mark = "" if proposal.done else "# "
    title = _list(proposal.done or ("opens", "opened"))
    if not proposal.done:
        yield "    # Rules of its own, besides those of its profile:"
    yield f"    {mark}rules:"
    yield f"    {mark}  - id: done"
    yield f"    {mark}    when: {{update: {{kind: implementation, title: {title}}}}}"
    yield f"    {mark}    then: deliver"


def _measure(proposal: Proposal) -> Iterator[str]:
    yield f"id: {MEASURE}"
    yield f"title: {value(proposal.title, inside=True)}"
    for key in ("unit", "baseline", "target"):
        if getattr(proposal, key):
            yield f"{key}: {value(getattr(proposal, key), inside=True, number=key != 'unit')}"
    try:
        falls = float(proposal.target) < float(proposal.baseline)
    except ValueError:
        falls = False
    if falls:
        yield "direction: at_most"


def _comment(text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent="    # ", subsequent_indent="    # ")


def _list(words: Sequence[str]) -> str:
    return f"[{', '.join(value(word, inside=True) for word in words)}]"


def value(text: str, *, inside: bool = False, number: bool = False) -> str:
    """A text as YAML: as it is where every reader takes it for this text, else in quotes.

    Args:
        text: white space in it becomes single spaces.
        inside: of brackets.
        number: it is one, or should be.
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    document, faults = parse_document(f"[{line}]".encode() if inside else f"a: {line}".encode(), "")
    data = document.data if document is not None and not faults else None
    plain = data in ([line], {"a": line}) or (number and data is not None)
    if plain and line.lower() not in _OTHER_YAML and (number or not line.startswith("<<")):
        return line
    escaped = line.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def purpose(description: str | None) -> str:
    """What a profile is for: the first sentence of its description."""
    words = " ".join((description or "").split())
    return words.partition(". ")[0].rstrip(".") + "." if words else ""


def built_in_purposes() -> dict[str, str]:
    """What each built-in profile is for."""
    return {name: purpose(built_in(name)[0].description) for name in BUILT_IN}
