"""Lints that an author allows at a line: `# monitor: allow never-fires -- why it is meant so`.

The comment stands at the end of the line that a lint points at, or alone above it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import yaml

from monitor.domain.location import Location
from monitor.language.compose import Loader
from monitor.language.faults import Fault, FaultSeverity, shorten
from monitor.language.lintcodes import LINTS, LintLevel, known_lint

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

MARK = b"monitor:"
_ALLOW = re.compile(r"(?:^|(?<=\s))#[ \t]*monitor:[ \t]*allow\b[ \t:]*(?P<said>.*)$", re.MULTILINE)
_ASIDE = re.compile(r"[ \t]*(#.*)?")


class Allowed(NamedTuple):
    """One comment: where it stands, the line it speaks of, and what it says."""

    place: Location
    line: int
    codes: tuple[str, ...]
    reason: str


class Suppressed(NamedTuple):
    """A lint that was found, and why its author allows it."""

    fault: Fault
    reason: str


def allowances(raw: bytes, file: str) -> tuple[Allowed, ...]:
    """The comments of a file that has been read as YAML."""
    if MARK not in raw:
        return ()
    text = raw.decode("utf-8-sig")
    found = list(_ALLOW.finditer(text))
    inside = _scalars(text) if found else []
    lines = text.split("\n")
    return tuple(
        _allowed(match, text, lines, file)
        for match in found
        if not any(start <= match.start() < end for start, end in inside)
    )


def _scalars(text: str) -> list[tuple[int, int]]:
    """Where texts stand: a # in one of them begins no comment."""
    tokens = yaml.scan(text, Loader)
    scalars = (token for token in tokens if isinstance(token, yaml.ScalarToken))
    return [(token.start_mark.index, token.end_mark.index) for token in scalars if not token.plain]


def _allowed(match: re.Match[str], text: str, lines: Sequence[str], file: str) -> Allowed:
    line = text.count("\n", 0, match.start()) + 1
    column = match.start() - (text.rfind("\n", 0, match.start()) + 1)
    about = line
    if not lines[line - 1][:column].strip():
        following = (n for n in range(line, len(lines)) if not _ASIDE.fullmatch(lines[n].rstrip()))
        about = next(following, line - 1) + 1
    codes, _, reason = match["said"].partition("--")
    words = tuple(word for word in re.split(r"[\s,]+", codes.strip()) if word)
    return Allowed(Location(file, line, column + 1), about, words, " ".join(reason.split()))


class Settled(NamedTuple):
    faults: list[Fault]
    suppressed: list[Suppressed]


def settle(
    faults: Iterable[Fault],
    allowed: Sequence[Allowed],
    levels: Mapping[str, LintLevel],
    *,
    unjudged: Collection[str] = (),
    broken: Collection[str] = (),
) -> Settled:
    """Take out what is allowed, and give the rest the levels that are configured.

    Args:
        faults: errors and lints; an error cannot be allowed.
        allowed: the comments of all files.
        levels: by code; what is not named keeps its own.
        unjudged: codes of lints that could not be looked for: to allow them is not in vain.
        broken: names of files with errors; there nothing was looked for.
    """
    by_place: dict[tuple[str, int], list[Allowed]] = {}
    for one in allowed:
        by_place.setdefault((one.place.file, one.line), []).append(one)
    kept: list[Fault] = []
    suppressed: list[Suppressed] = []
    used: set[tuple[Location, str]] = set()
    for fault in faults:
        near = by_place.get((fault.location.file, fault.location.line), ())
        by = [one for one in near if fault.code in one.codes and fault.code in LINTS]
        if by:
            used |= {(one.place, fault.code) for one in by}
            suppressed.append(Suppressed(fault, by[0].reason))
        else:
            kept.append(fault)
    pending = {code for code, level in levels.items() if level is LintLevel.OFF} | set(unjudged)
    for one in allowed:
        vain = one.place.file not in broken
        kept += _about(one, used, pending, vain=vain)
    found = (_levelled(fault, levels) for fault in kept)
    return Settled([fault for fault in found if fault is not None], suppressed)


def _about(
    one: Allowed, used: Collection[tuple[Location, str]], pending: Collection[str], *, vain: bool
) -> Iterator[Fault]:
    """What is to be said of the comment itself."""
    if not one.codes:
        yield _lint(one, "unknown-lint", "this comment allows nothing", "name a lint: allow CODE")
    elif not one.reason:
        hint = f"write # monitor: allow {', '.join(one.codes)} -- and why"
        yield _lint(one, "allowed-without-reason", "this comment does not say why", hint)
    for code in one.codes:
        if code not in LINTS:
            message, _, hint = _unknown(code).partition(", ")
            yield _lint(one, "unknown-lint", message, hint)
        elif vain and (one.place, code) not in used and code not in pending:
            message = f"there is no {code} in line {one.line}"
            yield _lint(one, "allowed-in-vain", message, "delete the comment")


def _unknown(code: str) -> str:
    try:
        return known_lint(shorten(code))
    except ValueError as error:
        return str(error)


def _lint(one: Allowed, code: str, message: str, hint: str) -> Fault:
    return Fault(one.place, "", message, code, hint, FaultSeverity.WARNING)


def _levelled(fault: Fault, levels: Mapping[str, LintLevel]) -> Fault | None:
    level = levels.get(fault.code)
    if level is None or fault.code not in LINTS:
        return fault
    if level is LintLevel.OFF:
        return None
    return replace(fault, severity=FaultSeverity(level.value))
