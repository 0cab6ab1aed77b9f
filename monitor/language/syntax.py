"""What a YAML parser says, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import yaml

_WORDS: tuple[tuple[str, str, str | None], ...] = (
    (
        "mapping values are not allowed",
        "a second ': ' on this line",
        "put the text in quotes, or begin a new line for the next key",
    ),
    (
        "could not find expected ':'",
        "a key without its ': '",
        "write `key: value`, and indent the continuation of a long text",
    ),
    (
        "did not find expected '-' indicator",
        "this line is not indented like the list it stands in",
        "align it with the other `-`",
    ),
    (
        "did not find expected key",
        "this line does not fit the indentation around it, or a quoted text ended early",
        "align it with the keys above; double a ' inside '…'",
    ),
    (
        "did not find expected ',' or ']'",
        "a list in [ ] is not closed, or a comma is missing",
        "separate its items by commas and end it with ]",
    ),
    (
        "did not find expected ',' or '}'",
        "a mapping in { } is not closed, or a comma is missing",
        "separate its entries by commas and end it with }",
    ),
    (
        "did not find expected node content",
        "a value is missing here, or a bracket is not closed",
        None,
    ),
    (
        "found unexpected end of stream",
        "a quoted text does not end",
        "close the quote",
    ),
    (
        "found unexpected document indicator",
        "a quoted text does not end before the document does",
        "close the quote",
    ),
    (
        "found unknown escape character",
        'an unknown \\ escape in a "…" text',
        "write \\\\ for a backslash, or use '…' quotes",
    ),
    (
        "block sequence entries are not allowed",
        "a list cannot begin on the line of its key",
        "begin the list on the next line",
    ),
    (
        "undefined tag handle",
        "tags (!…) are not supported",
        "put a text that begins with ! in quotes",
    ),
)

_INDICATORS = {
    "%": "a text cannot begin with %",
    "@": "a text cannot begin with @",
    "`": "a text cannot begin with a backtick",
}


def plain_words(error: yaml.YAMLError, text: str, line: int, column: int) -> tuple[str, str | None]:
    """(message, suggestion) for a syntax error at `line` and `column`, counted from 1."""
    problem = str(getattr(error, "problem", None) or error).splitlines()[0]
    lines = text.splitlines()
    current = lines[line - 1] if line <= len(lines) else ""
    if "\t" in current[: max(column, len(current) - len(current.lstrip()))]:
        return "a tab in the indentation", "indent with spaces"
    if "cannot start any token" in problem and current[column - 1 : column] in _INDICATORS:
        return _INDICATORS[current[column - 1]], "put the text in quotes"
    for fragment, message, hint in _WORDS:
        if fragment in problem:
            return message, hint
    return f"not valid YAML: {problem}", None
