"""`monitor check`: the command whose exit code is the answer."""

from __future__ import annotations

import sys
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand

from monitor.cli.context import NowOption, at
from monitor.cli.output import OutputFormat, OutputOption, coloured, emit, emit_json, stdout
from monitor.cli.root import app
from monitor.cli.viewing import AsOfOption, KnownAtOption, present_of, view_of
from monitor.errors import MonitorError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.cli.context import Context
    from monitor.domain.assessment import Status
    from monitor.services.views.check import Checked, Failing
    from monitor.services.views.view import View


class Asked(NamedTuple):
    """The options that say what is judged."""

    fail_on: Sequence[str] | None
    expectations: bool
    max_age: str | None
    as_of: str | None
    known_at: str | None


class CheckFormat(StrEnum):
    TEXT = "text"
    NAGIOS = "nagios"


NAGIOS_UNKNOWN = 3


class PluginCommand(TyperCommand):
    """As a plugin, a wrong command line is UNKNOWN too: the guideline keeps 2 for CRITICAL."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the command line of this command."""
        plugin = _asks_for_nagios(args)
        try:
            return super().parse_args(ctx, args)
        except Exception as error:
            told = getattr(error, "format_message", None)
            if not plugin or told is None:
                raise
            from monitor.services.views.plugin import plugin_error

            emit(plugin_error(told()))
            raise typer.Exit(NAGIOS_UNKNOWN) from None


def _asks_for_nagios(args: Sequence[str]) -> bool:
    return "--format=nagios" in args or any(
        pair == ("--format", "nagios") for pair in pairwise(args)
    )


@app.command(cls=PluginCommand, short_help="Say by the exit code whether every pledge is well.")
def check(
    ctx: typer.Context,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-on",
            metavar="LIST",
            help="What is not well; default: stalled,overdue,at_risk,reversed,no_data.",
        ),
    ] = None,
    expectations: Annotated[
        bool, typer.Option("--expectations", help="Judge expectations too, not only pledges.")
    ] = False,
    max_age: Annotated[
        str | None,
        typer.Option("--max-age", metavar="TIME", help="Oldest last run to rely on, such as 2d."),
    ] = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    output: OutputOption = OutputFormat.TABLE,
    form: Annotated[
        CheckFormat, typer.Option("--format", help="As text, or as a monitoring plugin.")
    ] = CheckFormat.TEXT,
    now: NowOption = None,
) -> None:
    """Say whether every pledge is well: one line for each that is not, and a count.

    Exit codes: 0 all is well; 1 a pledge is stalled, overdue, at risk or reversed; 2 an error of
    usage, configuration or rules; 3 it could not be assessed (no data, never run, or the last run
    is older than --max-age). With --format nagios those of a monitoring plugin: 0 OK, 1 WARNING
    (stalled, at risk), 2 CRITICAL (overdue, reversed), 3 UNKNOWN (all else, errors included).
    """
    context = at(ctx, now)
    asked = Asked(fail_on, expectations, max_age, as_of, known_at)
    if form is CheckFormat.NAGIOS:
        raise typer.Exit(_as_plugin(context, asked, output))
    checked, view = _checked(context, asked)
    if output is OutputFormat.JSON:
        from monitor.services.views.plugin import check_body

        emit_json(check_body(checked, view, context.zone))
    else:
        _print(checked, context)
    raise typer.Exit(checked.verdict.value)


def _checked(context: Context, asked: Asked) -> tuple[Checked, View]:
    """What was found, and in which view."""
    from monitor.services.views.check import FAILINGS, check
    from monitor.services.views.view import View

    wanted = FAILINGS if asked.fail_on is None else _failings(asked.fail_on)
    oldest = None
    if asked.max_age is not None:
        from monitor.domain.time import parse_duration

        try:
            oldest = parse_duration(asked.max_age)
        except ValueError as error:
            raise UsageError(f"--max-age: {error}") from None
    application = context.application
    with application.store.read() as reader:
        present = present_of(context, reader)
        elsewhere = asked.as_of is not None or asked.known_at is not None
        view = view_of(context, reader, asked.as_of, asked.known_at) if elsewhere else None
        checked = check(
            reader,
            application.register(reader),
            lambda: application.engine,
            present,
            fail_on=wanted,
            expectations=asked.expectations,
            max_age=oldest,
            view=view,
        )
    return checked, view or View(present, present)


def _failings(words: Sequence[str]) -> tuple[Status, ...]:
    from monitor.services.views.check import FAILINGS
    from monitor.services.views.naming import one_of

    names = [name.strip().replace("-", "_") for word in words for name in word.split(",")]
    try:
        wanted = {one_of(name, FAILINGS, "headline") for name in names if name}
    except UsageError as error:
        raise UsageError(f"--fail-on: {error.message}", hint=error.hint) from None
    if not wanted:
        raise UsageError("--fail-on names nothing", hint=f"there are: {', '.join(FAILINGS)}")
    return tuple(status for status in FAILINGS if status in wanted)


def _as_plugin(context: Context, asked: Asked, output: OutputFormat) -> int:
    from monitor.services.views.plugin import plugin_error, plugin_report

    if output is OutputFormat.JSON:
        emit(plugin_error("--format nagios is one line of text: leave out -o json"))
        return NAGIOS_UNKNOWN
    try:
        checked, _ = _checked(context, asked)
        line, code = plugin_report(checked, context.zone)
    except MonitorError as error:
        emit(plugin_error(f"{error.message} ({error.hint})" if error.hint else error.message))
        return NAGIOS_UNKNOWN
    except Exception as error:  # noqa: BLE001 - a crash would exit 1, which reads as WARNING
        emit(plugin_error(f"internal error: {type(error).__name__}: {error}"))
        return NAGIOS_UNKNOWN
    emit(line)
    return code


def _print(checked: Checked, context: Context) -> None:
    from monitor.services.views.plugin import summary_words

    if checked.failing:
        if sys.stdout.isatty():
            _print_coloured(checked.failing)
        else:
            for line in _lines(checked.failing):
                emit("  ".join(line).rstrip())
    if not context.quiet or checked.verdict:
        emit(summary_words(checked, context.zone))


def _lines(failing: Sequence[Failing]) -> list[tuple[str, str, str, str]]:
    """Headline, since when, id, title: padded to columns."""
    from monitor.domain.time import format_date

    ids = [f.commitment.id for f in failing]
    names = [
        f.commitment.key if ids.count(f.commitment.id) > 1 else f.commitment.id for f in failing
    ]
    width = max(len(name) for name in names)
    lines = []
    for one, name in zip(failing, names, strict=True):
        since = "" if one.since is None else format_date(one.since, one.commitment.zone)
        words = one.as_what.value.replace("_", " ")
        title = one.commitment.title
        if one.as_what.value == "no_data":
            title += f" (last known {one.assessment.last_known.value.replace('_', ' ')})"
        lines.append((words.ljust(8), since.rjust(10), name.ljust(width), title))
    return lines


def _print_coloured(failing: Sequence[Failing]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(3):
        table.add_column(no_wrap=True)
    table.add_column()
    for one, (_, since, name, title) in zip(failing, _lines(failing), strict=True):
        table.add_row(coloured(one.as_what), since, Text(name), Text(title, style="dim"))
    stdout().print(table)
