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
    elif figure.suffix.lower() == ".png":
        raise UsageError(
            "--figure draws SVG, no PNG",
            hint=f"--figure {figure.with_suffix('.svg')}, then for instance: rsvg-convert"
            f" {figure.with_suffix('.svg')} -o {figure}",
        )
    elif figure.suffix.lower() != ".svg":
        raise UsageError(f"--figure {figure}: name an .svg file", hint="- is standard output")


def draw(found: Backtest, zone: str, figure: Path) -> None:
    """Draw it where it is wanted.

    Raises:
        UsageError: the file cannot be written.
    """
    if str(figure) == "-":
        from monitor.cli.backtest.figure_terminal import print_figure

        print_figure(found, zone)
        return
    from monitor.cli.backtest.figure import svg

    try:
        figure.write_text(svg(found, zone), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--figure {figure}: {error.strerror or error}") from None
