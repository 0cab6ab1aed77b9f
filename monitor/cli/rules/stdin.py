"""A rulebook that comes in by standard input, and the file that it stands for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

STDIN = Path("-")

StdinNameOption = Annotated[
    str | None,
    typer.Option("--stdin-name", metavar="FILE", help="The file that standard input stands for."),
]
