"""`monitor audit`: what contradicts itself in another tracker."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import NowOption, at
from monitor.cli.output import OutputFormat, OutputOption, emit, emit_json, say
from monitor.cli.root import app
from monitor.cli.trackers.reading import MAP

if TYPE_CHECKING:
    from monitor.domain.tracker import Tracker
    from monitor.services.trackers.contradictions import Audit
    from monitor.services.trackers.finding import Finding


@app.command(short_help="List what contradicts itself in another tracker.")
def audit(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A tracker's file, or a rulebook made of one.")
    ],
    mapping: Annotated[Path | None, MAP] = None,
    updates: Annotated[
        Path | None,
        typer.Option("--updates", metavar="FILE", help="The updates of an imported rulebook."),
    ] = None,
    output: OutputOption = OutputFormat.TABLE,
    now: NowOption = None,
) -> None:
    """List what contradicts itself in another tracker, and recompute its published totals.

    With --map the tracker's own file is read, with --updates what `monitor import` made of one.
    Stores nothing. Exit codes: 0 nothing found, 1 contradictions, 2 the mapping or a file is
    wrong, 3 there was no promise to look at.
    """
    from monitor.services.trackers.contradictions import audit as judge

    context = at(ctx, now)
    tracker = _tracker(file, mapping, updates)
    found = judge(tracker, context.now)
    if output is OutputFormat.JSON:
        emit_json(_body(found))
    else:
        for line in _lines(found):
            emit(line)
    if not tracker.promises:
        say(f"{file}: no promise could be read")
        raise typer.Exit(3)
    say(_summary(found), quiet=context.quiet)
    if found.findings:
        raise typer.Exit(1)


def _tracker(file: Path, mapping: Path | None, updates: Path | None) -> Tracker:
    from monitor.errors import UsageError

    if (mapping is None) == (updates is None):
        raise UsageError(
            "give either --map or --updates",
            hint="--map reads a tracker's own file, --updates what `monitor import` made of one",
        )
    if updates is not None:
        from monitor.sources.tracker.imported import read_imported

        return read_imported(file, updates)
    assert mapping is not None  # noqa: S101 - one of both is given
    from monitor.sources.tracker.mapping import load_mapping
    from monitor.sources.tracker.reading import read_tracker

    return read_tracker(file, load_mapping(mapping), mapping.parent)


def _lines(found: Audit) -> list[str]:
    lines = []
    for finding in found.findings:
        where = str(finding.places[0]) if finding.places else found.tracker.name
        lines.append(f"{where}: {finding.code}: {finding.message}")
        lines += [f"    see {place}" for place in finding.places[1:] if place != finding.places[0]]
        lines += [f"    {_cut(text)}" for text in finding.evidence]
    if found.tracker.promises:
        counted = ", ".join(f"{number} {status}" for status, number in found.counts)
        lines.append(f"counted: {counted} of {len(found.tracker.promises)}")
    return lines


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 200 else line[:199] + "…"


def _summary(found: Audit) -> str:
    promises, updates = len(found.tracker.promises), len(found.tracker.entries)
    number = len(found.findings)
    told = "1 contradiction" if number == 1 else f"{number:,} contradictions"
    return f"{promises:,} promises, {updates:,} updates: {told}"


def _body(found: Audit) -> dict[str, Any]:
    tracker = found.tracker
    return {
        "version": 1,
        "tracker": tracker.name,
        "ok": not found.findings,
        "promises": len(tracker.promises),
        "updates": len(tracker.entries),
        "counts": [{"status": status, "promises": number} for status, number in found.counts],
        "findings": [_finding(finding) for finding in found.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "promise": finding.promise or None,
        "message": finding.message,
        "records": [
            {
                "file": place.file,
                "number": place.number,
                "update": place.part or None,
                "line": place.line,
            }
            for place in finding.places
        ],
        "evidence": list(finding.evidence),
    }
