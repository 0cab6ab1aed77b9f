"""A report as Markdown: what people wrote in updates and rules is text there and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from monitor.domain.assessment import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&#!])")


def markdown_report(body: Mapping[str, Any]) -> str:
    """The whole report."""
    return "\n".join(
        line for agreement in body["agreements"] for line in _agreement(agreement, body)
    )


def plain(text: str) -> str:
    """Text that formats nothing, links nowhere and mentions nobody."""
    line = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return line.replace("://", "\\://").replace("www.", "www\\.").replace("@", "&#64;")


def link_of(url: str) -> str:
    """An address that can be opened in a browser; "" where it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return quote(url, safe=":/?#[]@!$&'()*+,;=%-._~")


def count_words(headlines: Mapping[str, int]) -> str:
    """Such as 2 stalled, 1 at risk."""
    return ", ".join(f"{number} {words(status)}" for status, number in headlines.items())


def figure_words(row: Mapping[str, Any]) -> str:
    """The figures of a scale: "+0.42, 71%", "-" where there are none."""
    average = "" if row["average"] is None else f"{row['average']:+.2f}"
    percent = "" if row["percent"] is None else f"{row['percent']:g}%"
    return ", ".join(part for part in (average, percent) if part) or "-"


def _agreement(agreement: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {plain(agreement['title'])}"
    yield ""
    yield f"As of {body['as_of']}, by what was known at {body['known_at']}; {agreement['watched']}."
    yield ""
    yield f"**{count_words(agreement['headlines'])}** (n = {agreement['n']})"
    yield ""
    yield from _counts(agreement)
    yield f"How it is counted: {agreement['rule']}."
    yield ""
    if agreement["scale"] is not None:
        yield from _scale(agreement["scale"])
    for commitment in agreement["commitments"]:
        yield from _commitment(commitment)


def _counts(agreement: Mapping[str, Any]) -> Iterator[str]:
    if agreement["themes"]:
        yield "| theme | n | how they stand |"
        yield "|---|---|---|"
        for row in agreement["themes"]:
            yield f"| {plain(row['theme'])} | {row['n']} | {count_words(row['headlines'])} |"
        yield ""


def _scale(scale: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {scale['title']}"
    yield ""
    yield "| theme | figure | n | counted | left out |"
    yield "|---|---|---|---|---|"
    for row in scale["of"]:
        theme = "all" if row["theme"] is None else plain(row["theme"])
        counts, left = (count_words(row[key]) for key in ("counts", "left_out"))
        yield f"| {theme} | {figure_words(row)} | {row['n']} | {counts} | {left} |"
    yield ""
    yield f"How it is counted: {scale['rule']}."
    yield ""


def _commitment(one: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {plain(one['title'])}"
    yield ""
    yield f"> {plain(one['quote'])}"
    yield ""
    about = [one["basis"], *([one["theme"]] if one["theme"] else []), ", ".join(one["parties"])]
    yield f"*{plain(' · '.join(part for part in about if part))}*"
    yield ""
    yield f"- **{words(one['status'])}** since {one['since']}, level {one['level']}"
    if one["status"] != one["last_known"]:
        yield f"- last known: {words(one['last_known'])} since {one['known_since']}"
    if one["rating"] is not None:
        value = "-" if one["rating"]["value"] is None else one["rating"]["value"]
        yield f"- on the scale: {value}, {one['rating']['word']}"
    if one["why"]:
        yield f"- why: {plain(one['why'])}"
    yield f"- last progress: {one['last_progress'] or 'none'}"
    if one["next"] is not None:
        yield f"- next, if nothing is heard: {one['next']['at']}, {plain(one['next']['why'])}"
    yield ""
    if one["evidence"]:
        yield "It rests on:"
        yield ""
        for report in one["evidence"]:
            yield _cite(report)
        if one["more_evidence"]:
            yield f"- and {one['more_evidence']} earlier"
        yield ""


def _cite(report: Mapping[str, Any]) -> str:
    title, source = plain(report["title"]), plain(report["source"])
    link = link_of(report["url"])
    shown = f"[{title}](<{link}>)" if link else title
    return f"- {report['occurred']}: {shown}{', ' if source else ''}{source}"
