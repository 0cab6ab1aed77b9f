"""A report as one HTML page, without scripts and without anything from elsewhere."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined

from monitor.cli.formats.markdown import count_words, figure_words, link_of
from monitor.domain.assessment import words

if TYPE_CHECKING:
    from collections.abc import Mapping


def html_report(body: Mapping[str, Any]) -> str:
    """The whole page. All text is escaped; links lead to http and https only."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(words=words, counts=count_words, figure=figure_words, link=link_of)
    source = files(__package__).joinpath("report.html.j2").read_text(encoding="utf-8")
    return environment.from_string(source).render(report=body)
