"""`monitor init`: a folder to begin with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.context import NowOption, current
from monitor.cli.output import emit, say
from monitor.cli.root import app

if TYPE_CHECKING:
    from monitor.domain.time import Instant

FILES = ("monitor.yaml", "rules/example.yaml", "rules/example.test.yaml", "updates.jsonl")
SCHEMAS = ("rules/config.schema.json", "rules/monitor.schema.json")
"""Of monitor.yaml and of rulebooks: their first lines lead an editor to them."""

IGNORED = "var/\n"
_DAY = re.compile(r"@(-?\d+)@")
"""`@-30@` in a starter file is the date of thirty days ago: the example is never out of date."""


@app.command(short_help="Write a commented configuration to begin with.")
def init(
    ctx: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where to; it is made if need be.")
    ] = Path(),
    now: NowOption = None,
) -> None:
    """Write a commented configuration, a rulebook with tests, and updates to try it with.

    Prints what it wrote and what to do next. Never overwrites: exit code 2, and nothing written,
    where one of the files is there already. A .gitignore that is there stays as it is.
    """
    from monitor.bootstrap import system_clock
    from monitor.errors import UsageError

    context = current(ctx)
    present = system_clock() if now is None else context.moment(now, "--now", "UTC")
    every = (*FILES, *SCHEMAS)
    there = [str(folder / name) for name in every if (folder / name).exists()]
    if there:
        verb = "is" if len(there) == 1 else "are"
        raise UsageError(
            f"{', '.join(there)} {verb} there already; nothing was written",
            hint="name another folder: monitor init DIR",
        )
    written = [*every]
    try:
        for name in FILES:
            _write(folder / name, starter(name, present))
        for name, text in _schemas().items():
            _write(folder / name, text)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            _write(ignore, IGNORED)
            written.append(".gitignore")
    except OSError as error:
        raise UsageError(f"cannot write {error.filename}: {error.strerror}") from None
    for name in written:
        emit(str(folder / name))
    if ".gitignore" not in written and "var/" not in ignore.read_text("utf-8", "replace").split():
        say("add var/ to your .gitignore: the database is there", quiet=context.quiet)
    go = "" if folder == Path() else f"cd {folder} && "
    say(f"next: {go}monitor run", quiet=context.quiet)
    say(
        "then: monitor status, monitor explain night-train, monitor rules test", quiet=context.quiet
    )


def starter(name: str, now: Instant) -> str:
    """The text of a starter file, its dates counted from `now`."""
    from importlib.resources import files

    from monitor.domain.time import DAY, format_date

    text = (files("monitor.cli") / "starter" / name).read_text(encoding="utf-8")
    return _DAY.sub(lambda match: format_date(now + int(match[1]) * DAY, "UTC"), text)


def _schemas() -> dict[str, str]:
    """What tells an editor which keys there are, and what they mean."""
    import json

    from monitor.config_schema import config_schema
    from monitor.language.schema import json_schema

    made = zip(SCHEMAS, (config_schema(), json_schema()), strict=True)
    return {name: json.dumps(of, ensure_ascii=False, indent=2) + "\n" for name, of in made}


def _write(path: Path, text: str) -> None:
    """Make a file that must not be there yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
