"""`monitor cron`: let the machine run the monitor, by cron or by a timer of systemd."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.context import Context, current
from monitor.cli.output import emit, say
from monitor.cli.root import app

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.cli.cron.schedule import Every, Job

commands = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Run it by itself, with cron or systemd."
)
app.add_typer(commands, name="cron")

EveryOption = Annotated[
    str,
    typer.Option("--every", metavar="TIME", help="How often: 15m, 6h, 1d."),
]
AtOption = Annotated[
    str | None,
    typer.Option("--at", metavar="HH:MM", help="With --every 1d: when [06:00]."),
]
SystemdOption = Annotated[
    bool, typer.Option("--systemd", help="A service and a timer instead of a crontab line.")
]


@commands.command("print", short_help="Print the crontab line, or systemd's units.")
def print_(
    ctx: typer.Context,
    every: EveryOption = "15m",
    at: AtOption = None,
    systemd: SystemdOption = False,
) -> None:
    """Print the line that makes cron run the monitor, or the units of systemd that do.

    All paths are absolute. --config, --store, --rules and --env-file are those of this invocation.
    """
    from monitor.cli.cron.schedule import job, read_every

    context = current(ctx)
    todo, often = job(context), read_every(every, at)
    _tell_missing(context)
    if systemd:
        from monitor.cli.cron.systemd import folder, units

        emit("\n".join(f"# {folder() / n}\n{text}" for n, text in units(todo, often).items())[:-1])
    else:
        from monitor.cli.cron.crontab import block

        emit(block(todo, often)[:-1])


@commands.command(short_help="Put it into the crontab, or into systemd.")
def install(
    ctx: typer.Context,
    every: EveryOption = "15m",
    at: AtOption = None,
    systemd: SystemdOption = False,
    remove: Annotated[bool, typer.Option("--remove", help="Take it out again.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")
    ] = False,
) -> None:
    """Put the monitor into this user's crontab, or into systemd with --systemd.

    Shows what it changes. It stands in a marked block of its own, one for each configuration; a
    second time it is replaced where it differs. Nothing else in the crontab is touched.
    """
    from monitor.cli.cron.schedule import job, read_every

    context = current(ctx)
    todo = job(context)
    often = None if remove else read_every(every, at)
    if often is not None:
        _tell_missing(context)
    change = _in_systemd if systemd else _in_crontab
    if not change(todo, often, dry_run=dry_run):
        say("nothing to do: it is not there" if remove else "nothing to do: it is there already")
    elif dry_run:
        say("nothing was changed", quiet=context.quiet)
    else:
        say("removed" if often is None else f"it runs {often.words}", quiet=context.quiet)


def _in_crontab(todo: Job, often: Every | None, *, dry_run: bool) -> bool:
    """Change the crontab; False: it is as it should be."""
    from monitor.cli.cron import crontab

    old = crontab.read()
    new = crontab.merged(old, todo, None if often is None else crontab.block(todo, often))
    if not _shown({"crontab": old}, {"crontab": new}):
        return False
    if not dry_run:
        crontab.write(new)
    return True


def _in_systemd(todo: Job, often: Every | None, *, dry_run: bool) -> bool:
    """Change the units; False: they are as they should be."""
    from monitor.cli.cron import systemd

    new = {} if often is None else systemd.units(todo, often)
    if not _shown(systemd.installed(todo), new):
        return False
    if dry_run:
        return True
    if often is None:
        systemd.remove(todo)
    else:
        systemd.write(todo, new)
    return True


def _shown(old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """Print what becomes of each file, as a diff; False: nothing."""
    lines: list[str] = []
    for name in sorted({*old, *new}):
        before, after = old.get(name, "").splitlines(), new.get(name, "").splitlines()
        lines += unified_diff(before, after, name, name, n=1, lineterm="")
    if lines:
        emit("\n".join(lines))
    return bool(lines)


def _tell_missing(context: Context) -> None:
    """Cron has hardly any variables: what a run needs and will not have is told."""
    from monitor.cli.cron.schedule import missing_variables

    missing = missing_variables(context)
    if missing:
        say(
            f"warning: {', '.join(missing)} will not be set: put"
            f" {'it' if len(missing) == 1 else 'them'} into a file, and say"
            " `monitor --env-file FILE cron ...`",
            quiet=context.quiet,
        )
