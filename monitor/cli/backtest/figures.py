"""`monitor backtest --figure`: where the figure goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.cli.output import OutputFormat
from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from monitor.services.backtest.replay import Backtest


def check_figure(figure: Path, rules: Sequence[str], output: OutputFormat) -> None:
    """Refuse what cannot be drawn, before anything is replayed.

    Raises:
        UsageError: it cannot.
    """
    if len(rules) > 1:
        raise UsageError("--figure draws one version of the rules", hint="give --rules once")
    if str(figure) == "-":
        if output is OutputFormat.JSON:
            raise UsageError("--figure - would stand in the JSON", hint="name an .svg file")
    elif _is_png(figure):
        from monitor.cli.backtest.figure_png import check_png

        check_png(figure)
    elif figure.suffix.lower() != ".svg":
        hint = "- is standard output"
        raise UsageError(f"--figure {figure}: name an .svg or .png file", hint=hint)


def _is_png(figure: Path) -> bool:
    return figure.suffix.lower() == ".png"


def draw(found: Backtest, zone: str, figure: Path) -> None:
    """Draw it where it is wanted.

    Raises:
        UsageError: it would be too large, or the file cannot be written.
    """
    if str(figure) == "-":
        from monitor.cli.backtest.figure_terminal import print_figure

        print_figure(found, zone)
        return
    from monitor.cli.backtest.figure import svg

    made = svg(found, zone).encode()
    if _is_png(figure):
        from monitor.cli.backtest.figure_png import png

        made = png(made.decode(), figure)
    try:
        figure.write_bytes(made)
    except OSError as error:
        raise UsageError(f"--figure {figure}: {error.strerror or error}") from None
