"""`monitor import`: another tracker's file, as a rulebook and a file of updates."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import current
from monitor.cli.output import OutputFormat, OutputOption, emit, emit_json, say
from monitor.cli.root import app
from monitor.cli.trackers.reading import MAP

if TYPE_CHECKING:
    from monitor.domain.tracker import Problem
    from monitor.services.trackers.importing import Imported

_SHOWN = 20


@app.command("import", short_help="Make a rulebook and updates of another tracker's file.")
def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, JSON or NDJSON.")],
    mapping: Annotated[Path, MAP],
    to: Annotated[
        Path, typer.Option("--to", metavar="DIR", help="Where to; it is made if need be.")
    ] = Path(),
    strict: Annotated[
        bool, typer.Option("--strict", help="Write nothing when anything could not be mapped.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be written, and write nothing.")
    ] = False,
    output: OutputOption = OutputFormat.TABLE,
) -> None:
    """Make a rulebook and a file of updates of another tracker's file.

    Writes AGREEMENT.yaml, AGREEMENT.updates.jsonl and, where something could not be mapped,
    AGREEMENT.rejects.jsonl with record numbers and reasons: all of them or none, and none over a
    file that is there. Exit code 0; 2 when nothing could be mapped, the mapping is wrong, or with
    --strict anything could not be mapped.
    """
    from monitor.cli.trackers.reading import write_new
    from monitor.errors import InputError

    context = current(ctx)
    name, done = _imported(file, mapping)
    texts = {to / f"{name}.yaml": done.rulebook, to / f"{name}.updates.jsonl": done.updates}
    if done.refused:
        rejects = "".join(
            json.dumps(reject_body(p), ensure_ascii=False) + "\n" for p in done.refused
        )
        texts[to / f"{name}.rejects.jsonl"] = rejects
    if not done.commitments:
        for line in refusals(done.refused):
            say(line)
        raise InputError(f"{file}: no promise could be mapped; nothing was written")
    held = strict and bool(done.refused)
    if not held and not dry_run:
        write_new(texts)
    _print(done, [str(path) for path in texts], output, written=not held and not dry_run)
    for line in refusals(done.refused):
        say(line, quiet=context.quiet)
    if held:
        raise typer.Exit(2)


def _imported(file: Path, map_file: Path) -> tuple[str, Imported]:
    """The texts, which are known to be read back without a fault."""
    from monitor.language.files import RulebookFile
    from monitor.language.layout.formatting import formatted
    from monitor.language.loader import check_rulebook, rulebook_error
    from monitor.services.trackers.importing import Head, import_tracker
    from monitor.sources.tracker.mapping import load_mapping
    from monitor.sources.tracker.reading import read_tracker

    form = load_mapping(map_file)
    tracker = read_tracker(file, form, map_file.parent)
    head = Head(form.agreement, form.title, form.date, form.timezone, form.parties)
    done = import_tracker(tracker, head)
    if done.commitments:
        made = Path(f"{form.agreement}.yaml (as imported)")
        text = formatted(done.rulebook.encode(), str(made))
        report = check_rulebook([], given=[(RulebookFile(made, str(made)), text)])
        if report.errors:
            raise rulebook_error(report.errors)
        done = replace(done, rulebook=text.decode())
    return form.agreement, done


def reject_body(problem: Problem) -> dict[str, Any]:
    """A record that could not be mapped, for machines."""
    place = problem.place
    return {
        "file": place.file,
        "number": place.number,
        "update": place.part or None,
        "line": place.line,
        "code": problem.code,
        "reason": problem.reason,
        "record": problem.record,
    }


def refusals(problems: tuple[Problem, ...]) -> list[str]:
    """One line each, the first twenty."""
    lines = [f"{problem.place}: {problem.reason}" for problem in problems[:_SHOWN]]
    more = len(problems) - _SHOWN
    return [*lines, f"… and {more:,} more"] if more > 0 else lines


def _print(done: Imported, paths: list[str], output: OutputFormat, *, written: bool) -> None:
    if output is OutputFormat.JSON:
        emit_json(
            {
                "version": 1,
                "written": written,
                "files": paths,
                "commitments": done.commitments,
                "updates": done.reports,
                "refused": [reject_body(problem) for problem in done.refused],
            }
        )
        return
    count = f"{done.commitments:,} commitments, {done.reports:,} updates"
    if done.refused:
        count += f", {len(done.refused):,} could not be mapped"
    emit(count if written else f"{count}; nothing was written")
    for path in paths if written else ():
        emit(path)
