"""JUnit XML: one suite for each file, one case for each test.

The form is that of the schema which Jenkins publishes for its xUnit plugin (junit-10.xsd): what
CI systems read. No times are given: nothing here measures them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from monitor.cli.formats.differences import told

if TYPE_CHECKING:
    from monitor.cli.formats.differences import Results
    from monitor.services.ruletests.running import Result


def junit(results: Results) -> str:
    """The document, with its declaration."""
    root = Element("testsuites", name="monitor rules test")
    everything = [result for _, tests in results for result in tests]
    _count(root, everything)
    for loaded, tests in results:
        file = loaded.document.file
        suite = SubElement(root, "testsuite", name=_xml(file))
        _count(suite, tests)
        for result in tests:
            _case(suite, file, result)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")


def _count(element: Element, results: list[Result]) -> None:
    errors = sum(result.error is not None for result in results)
    failures = sum(not result.passed for result in results) - errors
    for name, number in (("tests", len(results)), ("failures", failures), ("errors", errors)):
        element.set(name, str(number))


def _case(suite: Element, file: str, result: Result) -> None:
    case = SubElement(suite, "testcase", name=_xml(result.name), classname=_xml(file))
    where = f"{file}:{result.line}"
    if result.error is not None:
        error = SubElement(case, "error", type="cannot-be-run", message=_xml(result.error))
        error.text = _xml(f"{where}\n{result.error}")
    elif result.differences:
        lines = [f"{file}:{d.line}: {told(d)}" for d in result.differences]
        count = "1 difference" if len(lines) == 1 else f"{len(lines)} differences"
        failure = SubElement(case, "failure", type="difference", message=count)
        failure.text = _xml("\n".join(lines))


def _xml(text: str) -> str:
    """Without the characters that XML 1.0 has no way to write."""
    return "".join(c if c in "\t\n\r" or c.isprintable() else "\ufffd" for c in text)
