"""Workflow commands of GitHub Actions: remarks that stand beside the lines of a change.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions, "Setting a notice,
warning or error message".
"""

from __future__ import annotations

LEVELS = ("error", "warning", "notice")


def annotation(level: str, message: str, *, file: str, line: int, column: int, title: str) -> str:
    """One command, on one line. Line and column count from 1; 0 leaves them out.

    Args:
        level: one of `LEVELS`.
        message: any text.
        file: relative to the root of the checkout.
        line: in the file.
        column: in the line.
        title: a few words.
    """
    places = {"file": file, "line": line or "", "col": column or "", "title": title}
    said = ",".join(f"{name}={_property(str(value))}" for name, value in places.items() if value)
    return f"::{level} {said}::{_data(message)}"


def _data(text: str) -> str:
    """Escaped as the runner's toolkit does it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
