"""Tables as this program prints them: no frames, and no blanks at the ends of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.cli.output import emit, stdout

if TYPE_CHECKING:
    from rich.table import Table


def new_table() -> Table:
    from rich.table import Table

    return Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")


def print_table(table: Table) -> None:
    """Print it as wide as it needs to be."""
    console = stdout()
    with console.capture() as captured:
        console.print(table)
    emit("\n".join(line.rstrip() for line in captured.get().splitlines()))
