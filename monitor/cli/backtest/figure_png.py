"""The figure of a backtest as PNG: the SVG, drawn by resvg, with the fonts of this machine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

SCALE = 2
"""Pixels for each of the SVG: letters are small."""

MOST = 100_000_000
"""Pixels of a picture; each takes four bytes while it is drawn. 1,100 commitments have fewer."""

_FAMILIES = (
    *("Arial", "Helvetica", "Liberation Sans", "DejaVu Sans", "Noto Sans", "Open Sans", "Roboto"),
    *("Ubuntu", "Cantarell", "FreeSans", "Nimbus Sans", "Lato", "Segoe UI", "Verdana"),
    *("Noto Sans CJK JP", "Noto Sans CJK KR", "NanumGothic", "Nanum Gothic", "Malgun Gothic"),
    *("Apple SD Gothic Neo", "Hiragino Sans", "Yu Gothic", "IPAGothic", "TakaoPGothic"),
    *("WenQuanYi Micro Hei", "Droid Sans Fallback"),
)
"""resvg does not know what sans-serif is here; what none of these has it finds in other fonts."""

_PROBE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" font-family="sans-serif">'
    '<text x="2" y="15">{}</text></svg>'
)


def check_png(figure: Path) -> None:
    """Refuse what cannot be drawn here.

    Raises:
        UsageError: there is nothing to draw or to write with.
    """
    if _drawn(_PROBE.format("A"), figure) == _drawn(_PROBE.format(""), figure):
        raise UsageError(
            f"--figure {figure}: there is no font to write with",
            hint="install one, for instance DejaVu Sans (fonts-dejavu-core), or name an .svg file",
        )


def png(svg: str, figure: Path) -> bytes:
    """The picture of an SVG document whose size stands in its first line.

    Raises:
        UsageError: it is too large.
    """
    size = re.search(r'width="(\d+)" height="(\d+)"', svg)
    if size and int(size[1]) * int(size[2]) * SCALE**2 > MOST:
        raise UsageError(
            f"--figure {figure}: so many commitments are too high for a PNG",
            hint="name an .svg file, or give --rules with fewer of them",
        )
    return _drawn(svg, figure)


def _drawn(svg: str, figure: Path) -> bytes:
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise UsageError(
            f"--figure {figure}: what draws PNG is not installed",
            hint="pip install 'commitment-monitor[png]', or name an .svg file",
        ) from None
    families = ", ".join(f"'{name}'" for name in _FAMILIES)
    named = svg.replace('font-family="sans-serif"', f'font-family="{families}, sans-serif"')
    made: bytes = svg_to_bytes(svg_string=named, zoom=SCALE)
    return made
