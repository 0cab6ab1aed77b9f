"""`rules check` of very many files, beside the bare parse of their YAML with line numbers.

The two are compared by their processor time on one core, which says what a check costs whatever
else the machine does. A check may use more cores than one; then it is timed by the clock.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import yaml

from monitor.bootstrap import calm_collector
from monitor.language.loader import check_rulebook
from tests.benchmarks.measure import Child, Row, Timer, met

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES, EACH, ROUNDS = 1_000, 10, 5
GOAL, LIMIT = 5_000, 2.0
"""Commitments a second, and how many times the bare parse a check may cost."""

HEAD = """\
# yaml-language-server: $schema=./monitor.schema.json
agreement: pact-{n}
title: Pact {n} of the two towns
date: 2025-06-01
timezone: Europe/London
parties: [EAST, WEST]
source: text.txt
defaults: {{quiet: 90d, stalled: 200d, labels: {{desk: north}}}}
sources:
  official: {{tier: 1, hosts: [east.example, west.example]}}
  press: {{tier: 2, names: [The Ford Herald, Yonhap]}}
commitments:
"""

COMMITMENT = """\
  # {n}: in the words of the article
  - id: work-{n}
    title: Work together on matter {n}
    theme: matters
    quote: the towns will work together on matter {n}
    guideline: |
      Full: a scheme of both is in force. Substantial: it is signed or funded. Limited: they meet.
      Does not count: what one of them does alone, and statements that repeat the promise.
    about: {{topics: [matter-{n}, matters], text: {{none: [weather, sports]}}}}
    rules:
      - id: signed
        when: {{update: {{kind: [agreement, funding], all_parties: [EAST, WEST], tier: 1}}}}
        then: {{advance: substantial}}
      - id: slipping
        when: {{count: {{update: {{kind: delay}}, within: 120d, at_least: 2}}}}
        then: {{at_risk: repeated delays}}
        recover: {{silence: {{update: {{kind: delay}}, for: 60d}}}}
        severity: critical
      - id: in-force
        when: {{update: {{kind: implementation, title: [in force, opens]}}}}
        then: deliver
"""

SHORT = """\
  - id: short-{n}
    title: A short promise {n}
    quote: the towns will keep promise {n}
    deadline: 2027-12-31
    profile: one-off-act
"""
"""Every second commitment has only the rules of a profile."""


def write(folder: Path, files: int) -> int:
    """Rulebooks in a folder, and how many bytes they are."""
    quotes = [f"the towns will work together on matter {n}" for n in range(EACH)]
    quotes += [f"the towns will keep promise {n}" for n in range(EACH)]
    (folder / "text.txt").write_text("\n".join(quotes))
    total = 0
    for number in range(files):
        parts = [(COMMITMENT, SHORT)[n % 2].format(n=n) for n in range(EACH)]
        text = HEAD.format(n=number) + "".join(parts)
        total += (folder / f"{number:04}.yaml").write_text(text)
    return total


def bare(folder: Path) -> int:
    """Parse every file with libyaml and walk it: data, and (line, column) by path."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    values = 0
    for path in sorted(folder.glob("*.yaml")):
        reader = loader(path.read_bytes())
        try:
            places: dict[tuple[str | int, ...], tuple[int, int]] = {}
            _walk(reader.get_single_node(), (), places)
        finally:
            reader.dispose()
        values += len(places)
    return values


def _walk(
    node: Any, path: tuple[str | int, ...], places: dict[tuple[str | int, ...], tuple[int, int]]
) -> Any:
    mark = node.start_mark
    places[path] = (mark.line, mark.column)
    if isinstance(node, yaml.MappingNode):
        return {key.value: _walk(value, (*path, key.value), places) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_walk(part, (*path, index), places) for index, part in enumerate(node.value)]
    return node.value


def checking(folder: str, *, alone: bool) -> Iterator[dict[str, Any]]:
    """In a process of its own: a whole check of the folder, again and again; `alone`: on one core."""
    calm_collector()  # as the command line does
    if alone and sys.platform == "linux":
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
    while True:
        with Timer() as timer:
            report = check_rulebook([Path(folder)])
        if report.errors or report.size is None:
            raise ValueError("the made up rulebooks have faults")
        yield {"cpu": timer.cpu, "wall": timer.wall, "commitments": report.size.commitments}


def parsing(folder: str) -> Iterator[dict[str, Any]]:
    """In a process of its own: the bare parse, again and again."""
    calm_collector()
    while True:
        with Timer() as timer:
            values = bare(Path(folder))
        yield {"cpu": timer.cpu, "values": values}


def measure(files: int, rounds: int) -> dict[str, float]:
    """Median CPU seconds of a check and of the bare parse, taking turns; and what they read.

    `wall` are the seconds of a check that may use every core.
    """
    with tempfile.TemporaryDirectory() as name:
        size = write(Path(name), files)
        check = Child("check:checking", folder=name, alone=True)
        parse = Child("check:parsing", folder=name)
        shared = Child("check:checking", folder=name, alone=False)
        try:
            turns = [(check.next(), parse.next()) for _ in range(rounds)]
            wall = median(shared.next()["wall"] for _ in range(rounds))
        finally:
            check.close()
            parse.close()
            shared.close()
    return {
        "check": median(one["cpu"] for one, _ in turns),
        "parse": median(other["cpu"] for _, other in turns),
        "wall": wall,
        "ratio": median(one["cpu"] / other["cpu"] for one, other in turns),
        "commitments": turns[0][0]["commitments"],
        "bytes": size,
    }


def rows(*, quick: bool) -> list[Row]:
    """The rows of the table."""
    files = FILES // 10 if quick else FILES
    found = measure(files, 3 if quick else ROUNDS)
    one, every = (found["commitments"] / found[key] for key in ("check", "wall"))
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    what = f"{files} files, {found['commitments']} commitments"
    return [
        Row("check", f"{what}, one core", f"{one:,.0f}/s", f"{GOAL:,}/s", met(one >= GOAL)),
        Row("check", f"the same by the clock, {cores} cores", f"{every:,.0f}/s"),
        Row("check", "rules check, one core", f"{found['check']:.2f} s"),
        Row("check", "bare parse with lines and columns", f"{found['parse']:.2f} s"),
        Row(
            "check", "times the bare parse", f"{found['ratio']:.2f}", f"{LIMIT:g}",
            met(found["ratio"] <= LIMIT),
        ),
    ]  # fmt: skip
