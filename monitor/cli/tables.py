"""Tables as this program prints them: no frames, and no blanks at the ends of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.cli.output import emit, stdout

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def joined(parts: Sequence[str], width: int) -> list[str]:
    """Lines of whole parts, as many on each as fit: a count is not parted from what it counts."""
    from rich.cells import cell_len

    lines: list[str] = []
    for part in parts:
        if lines and cell_len(lines[-1]) + 1 + cell_len(part) <= width:
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    return lines


def fitted(text: str, width: int) -> str:
    """The text, cut between words and marked where it is wider than that."""
    from rich.cells import cell_len, set_cell_size

    if cell_len(text) <= width:
        return text
    cut = set_cell_size(text, max(width - 1, 0)).rstrip()
    at = cut.rfind(" ")
    if text[len(cut) : len(cut) + 1] != " " and at > len(cut) // 2:
        cut = cut[:at]
    return f"{cut.rstrip(' ,;:-')}…"
