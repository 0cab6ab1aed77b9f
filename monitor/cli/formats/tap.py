"""The Test Anything Protocol, version 14 (https://testanything.org/tap-version-14-specification).

A reader of version 13 understands it as well: it has neither subtests nor pragmas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.cli.formats.differences import Results
    from monitor.services.ruletests.running import Result


def tap(results: Results) -> str:
    """The stream as one text."""
    return "\n".join(_lines(results))


def _lines(results: Results) -> Iterator[str]:
    numbered = [(loaded.document.file, result) for loaded, tests in results for result in tests]
    yield "TAP version 14"
    yield f"1..{len(numbered)}"
    for number, (file, result) in enumerate(numbered, 1):
        verdict = "ok" if result.passed else "not ok"
        yield f"{verdict} {number} - {_escaped(f'{file}: {result.name}')}"
        if not result.passed:
            yield from _diagnosis(file, result)


def _escaped(text: str) -> str:
    """A # would begin a directive; a description has one line."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("#", "\\#")


def _diagnosis(file: str, result: Result) -> Iterator[str]:
    """A block of YAML, indented by two spaces."""
    body: dict[str, object] = {"file": file, "line": result.line}
    if result.error is not None:
        body |= {"severity": "error", "message": result.error}
    else:
        body |= {"severity": "fail", "differences": [d._asdict() for d in result.differences]}
    text = yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=1_000)
    yield "  ---"
    yield from (f"  {line}" for line in text.splitlines())
    yield "  ..."
