"""What `monitor import` and `monitor audit` have in common: a tracker's file and its mapping."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAP = typer.Option("--map", metavar="FILE", help="The mapping: which column holds what.")


def write_new(files: Mapping[Path, str]) -> None:
    """Write all of these files or none of them, none over one that is there.

    Raises:
        UsageError: one of them is there already.
        InputError: one cannot be written.
    """
    there = [str(path) for path in files if path.exists()]
    if there:
        raise UsageError(
            f"{', '.join(there)} {'is' if len(there) == 1 else 'are'} there already;"
            " nothing was written",
            hint="name another folder with --to",
        )
    made: list[Path] = []
    waiting: dict[Path, Path] = {}
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f".{path.name}.{os.getpid()}.tmp")
            waiting[part] = path
            with part.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
        for part, path in waiting.items():
            os.link(part, path)  # unlike a rename it takes nobody's place
            made.append(path)
    except OSError as error:
        for path in made:
            path.unlink(missing_ok=True)
        name = error.filename2 or error.filename or next(iter(files))
        raise InputError(
            f"cannot write {name}: {error.strerror or error}", hint="nothing was written"
        ) from None
    finally:
        for part in waiting:
            part.unlink(missing_ok=True)
