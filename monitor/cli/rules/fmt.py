"""`monitor rules fmt`: rulebooks and their tests in the usual layout, with all comments."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.context import Context, current
from monitor.cli.files import replace_file
from monitor.cli.output import complain, emit, say
from monitor.cli.rules.group import rules
from monitor.cli.rules.stdin import STDIN, StdinNameOption
from monitor.errors import InputError, MonitorError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Formatted:
    """A file before and after. `path` is None for standard input."""

    path: Path | None
    name: str
    before: bytes
    after: bytes

    @property
    def changed(self) -> bool:
        return self.before != self.after


@rules.command("fmt", short_help="Lay rulebooks out in the usual way, with all comments.")
def fmt(
    ctx: typer.Context,
    path: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH",
            help="Rulebooks, rule tests, folders of them, or - for standard input; default: those"
            " of the configuration.",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail where something would change.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="The same, and show what would change.")
    ] = False,
    stdin_name: StdinNameOption = None,
) -> None:
    """Lay rulebooks and their tests out in the usual way: order of keys, indentation, long lines.

    Every comment stays, and what a file means stays the same: that is compared before anything is
    written. What is formatted already is left alone. Exit codes: 0 done; 1 with --check or --diff,
    where something would change; 2 a file cannot be read as YAML: the others are formatted all the
    same.
    """
    context = current(ctx)
    paths = path or []
    if stdin_name is not None and STDIN not in paths:
        raise UsageError("--stdin-name goes with -", hint="monitor rules fmt - --stdin-name FILE")
    done: list[Formatted] = []
    failed = 0
    for source in _sources(context, paths, stdin_name):
        try:
            one = _format(*source)
            if one.path is not None and one.changed and not (check or diff):
                replace_file(one.path, one.after)
        except MonitorError as error:
            complain(error)
            failed += 1
            continue
        _tell(one, check=check, diff=diff)
        done.append(one)
    changed = sum(one.changed for one in done)
    if not (len(done) == 1 and done[0].path is None):
        say(_summary(changed, len(done), failed, dry=check or diff), quiet=context.quiet)
    if failed:
        raise typer.Exit(2)
    if changed and (check or diff):
        raise typer.Exit(1)


def _sources(
    context: Context, paths: list[Path], stdin_name: str | None
) -> Iterator[tuple[Path | None, str]]:
    """What is to be formatted, each file once, and what to call it."""
    from monitor.language.files import display_name, rulebook_files
    from monitor.language.loader import rulebook_error

    if STDIN in paths:
        yield None, stdin_name or "<stdin>"
    named = [path for path in paths if path != STDIN]
    if not paths:
        named = list(context.application.settings.rules)
    if not named:
        return
    files, faults = rulebook_files(named, tests=True)
    errors = [fault for fault in faults if fault.severity.value == "error"]
    if errors:
        raise rulebook_error(errors)
    for file in files:
        yield file.path, display_name(file.path)


def _format(path: Path | None, name: str) -> Formatted:
    """Format one file; nothing is written yet.

    Raises:
        MonitorError: it cannot be read.
    """
    from monitor.language.document import MAX_BYTES
    from monitor.language.faults import Fault
    from monitor.language.files import RulebookFile, read_bytes
    from monitor.language.layout.formatting import MODELS, formatted
    from monitor.services.ruletests.form import TestFile

    if path is None:
        raw: bytes | Fault = sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        raw = read_bytes(RulebookFile(path, name), MAX_BYTES)
    if isinstance(raw, Fault):
        raise InputError(f"{name}: {raw.message}", hint=raw.suggestion)
    return Formatted(path, name, raw, formatted(raw, name, (*MODELS, TestFile)))


def _tell(one: Formatted, *, check: bool, diff: bool) -> None:
    if diff:
        for line in _difference(one):
            emit(line)
    elif one.path is None and not check:
        sys.stdout.buffer.write(one.after)
        sys.stdout.buffer.flush()
    elif one.changed:
        emit(f"would format {one.name}" if check else f"formatted {one.name}")


def _difference(one: Formatted) -> Iterator[str]:
    from difflib import unified_diff

    before, after = (part.decode("utf-8-sig").splitlines() for part in (one.before, one.after))
    return unified_diff(before, after, one.name, f"{one.name} (formatted)", lineterm="")


def _summary(changed: int, total: int, failed: int, *, dry: bool) -> str:
    left = total - changed
    parts = [f"{_files(changed)} {'would be formatted' if dry else 'formatted'}"] if changed else []
    parts += [f"{_files(left)} unchanged"] if left or not (changed or failed) else []
    parts += [f"{_files(failed)} not formatted"] if failed else []
    return ", ".join(parts)


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"
