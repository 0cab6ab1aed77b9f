"""What `monitor check` prints: a summary, JSON, and the one line of a monitoring plugin.

The rules of the line are those of the Monitoring Plugins Development Guidelines
(https://www.monitoring-plugins.org/doc/guidelines.html): the exit codes 0 OK, 1 WARNING,
2 CRITICAL, 3 UNKNOWN (also for a wrong command line); `SERVICE STATUS - text | perfdata` on one
line of standard output; perfdata as space separated `'label'=value[UOM];[warn];[crit];[min];[max]`,
where the quotes are needed only for a label with a space, an equals sign or a quote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.domain.assessment import Status, words
from monitor.domain.time import format_date, format_instant
from monitor.services.views.check import FAILINGS, Verdict

if TYPE_CHECKING:
    from monitor.services.views.check import Checked, Failing
    from monitor.services.views.view import View

_SERVICE = "MONITOR"
_OK, _WARNING, _CRITICAL, _UNKNOWN = range(4)
_STATES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
_LONGEST = 200
_CRITICAL_WHEN = (Status.REVERSED, Status.OVERDUE)


def plugin_report(checked: Checked, zone: str) -> tuple[str, int]:
    """The line and the exit code of a plugin."""
    code = _code(checked)
    counts = [*((s.value, checked.count(s)) for s in FAILINGS), ("commitments", checked.total)]
    perfdata = " ".join(f"{label}={count};;;0" for label, count in counts)
    return f"{_SERVICE} {_STATES[code]} - {_plain(_told(checked, zone))} | {perfdata}", code


def plugin_error(message: str) -> str:
    """The line of a plugin that could not do its work."""
    return f"{_SERVICE} {_STATES[_UNKNOWN]} - {_plain(message)}"


def _code(checked: Checked) -> int:
    if checked.last is None or checked.too_old:
        return _UNKNOWN
    if any(checked.count(status) for status in _CRITICAL_WHEN):
        return _CRITICAL
    if checked.verdict is Verdict.ATTENTION:
        return _WARNING
    return _UNKNOWN if checked.verdict is Verdict.UNKNOWN else _OK


def _plain(text: str) -> str:
    """One line without the character that begins the perfdata."""
    line = " ".join(text.replace("|", "/").split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def summary_words(checked: Checked, zone: str) -> str:
    """The count below the list, one line."""
    text = _told(checked, zone)
    if checked.left_out:
        noun = "expectation" if checked.left_out == 1 else "expectations"
        text += f"; {checked.left_out} {noun} not judged"
    return text


def _told(checked: Checked, zone: str) -> str:
    if checked.last is None:
        return "never run: run `monitor run` first"
    counts = [(checked.count(s), words(s.value)) for s in FAILINGS]
    listed = ", ".join(f"{count} {word}" for count, word in counts if count)
    noun = "commitment" if checked.total == 1 else "commitments"
    if listed:
        text = f"{listed} ({checked.total} {noun})"
    elif checked.fail_on == FAILINGS:
        text = f"{checked.total} {noun}, all well"
    else:
        asked = " or ".join(words(s.value) for s in checked.fail_on)
        text = f"{checked.total} {noun}, none is {asked}"
    if checked.too_old:
        text = f"too old: last run {format_instant(checked.last, zone)}; it found {text}"
    return text


def check_body(checked: Checked, view: View, zone: str) -> dict[str, Any]:
    """The JSON of `monitor check`, version 1.

    `{version, now, as_of, known_at, verdict: well|attention|unknown, exit_code, last_run, too_old,
    commitments, expectations_left_out, counts: {stalled, overdue, at_risk, reversed, no_data},
    failing: [{id, agreement, title, basis, as, status, since, last_known, level}]}`. `as_of`,
    `known_at` and `last_run` are date-times (`last_run` null: never), `now` is `as_of`; `since` is
    a date in the zone of the agreement.
    """
    return {
        "version": 1,
        "now": format_instant(view.as_of, zone),
        "as_of": format_instant(view.as_of, zone),
        "known_at": format_instant(view.known_at, zone),
        "verdict": checked.verdict.name.lower(),
        "exit_code": checked.verdict.value,
        "last_run": None if checked.last is None else format_instant(checked.last, zone),
        "too_old": checked.too_old,
        "commitments": checked.total,
        "expectations_left_out": checked.left_out,
        "counts": {s.value: checked.count(s) for s in FAILINGS},
        "failing": [_failing_body(f) for f in checked.failing],
    }


def _failing_body(failing: Failing) -> dict[str, Any]:
    commitment, a = failing.commitment, failing.assessment
    since = failing.since
    return {
        "id": commitment.id,
        "agreement": commitment.agreement,
        "title": commitment.title,
        "basis": commitment.basis.value,
        "as": failing.as_what.value,
        "status": a.status.value,
        "since": None if since is None else format_date(since, commitment.zone),
        "last_known": a.last_known.value,
        "level": a.level.word,
    }
