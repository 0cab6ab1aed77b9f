"""What a run found: transitions by commitment, what no longer holds, and one line of sums."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from monitor.cli.changes.sums import print_sums
from monitor.cli.changes.words import changed, is_minor, why
from monitor.cli.output import OutputFormat, emit_json, stdout
from monitor.domain.alert import AlertKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from rich.console import Console
    from rich.text import Text

    from monitor.domain.alert import Alert
    from monitor.domain.commitment import Commitment, Rulebook
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.services.assessment.step import StepReport
    from monitor.services.run import RunReport

_MARGIN = 16
"""Columns that stand before the text of a transition."""

_TOLD = frozenset({AlertKind.CORRECTION, AlertKind.RULES_CHANGED})


def print_run(
    report: RunReport,
    rulebook: Rulebook,
    output: OutputFormat,
    *,
    quiet: bool,
    last: Instant | None = None,
    show: Callable[[Collection[str]], None] | None = None,
) -> None:
    """What a run found; nothing at all when it found nothing.

    Commitments that are seen for the first time are shown as they stand, the others by what has
    changed. As JSON there is always a document.

    Args:
        report: of the run.
        rulebook: that it was run with.
        output: how to print it.
        quiet: without the line of sums.
        last: the instant of the run before it: what happened until then was found late.
        show: prints how commitments stand at the end of the run, by their keys.
    """
    if output is OutputFormat.JSON:
        from monitor.cli.changes.run_json import run_shape

        emit_json(run_shape(report, last))
        return
    step = report.step
    introduced = introduced_in(step)
    if introduced and show is not None:
        show(introduced)
    print_changes(step, rulebook, last=last, standing=introduced)
    if not quiet:
        print_sums(report, introduced)


def introduced_in(step: StepReport) -> frozenset[str]:
    """The commitments that are summed up by this step, because it saw them for the first time."""
    return frozenset(
        f"{row['agreement']}/{row['id']}"
        for alert in step.alerts
        if alert.kind is AlertKind.SUMMARY
        for row in alert.body["commitments"]
    )


class _News(NamedTuple):
    """About one commitment, each oldest first."""

    rows: list[tuple[Transition, bool]]
    notes: list[Alert]


def print_changes(
    step: StepReport,
    rulebook: Rulebook,
    *,
    last: Instant | None = None,
    standing: Collection[str] = (),
    only: Collection[str] | None = None,
) -> int:
    """The transitions of a step, by commitment; how many of them were printed.

    Args:
        step: what it found.
        rulebook: gives the order and the titles.
        last: what happened until then was found late.
        standing: commitments of which only what was announced one by one is shown.
        only: commitments to show, None: all.
    """
    news, announced = _by_commitment(step, standing, only)
    console = stdout() if news else None
    printed = 0
    for agreement in rulebook.agreements:
        listed = [c for c in agreement.commitments if c.key in news]
        if not listed or console is None:
            continue
        console.print(f"[bold]{_plain(agreement.title)}[/]")
        for commitment in listed:
            printed += _print_commitment(console, commitment, news[commitment.key], announced, last)
    lost = sorted(news.keys() - rulebook.commitments)
    if lost and console is not None:
        _print_lost(console, {key: news[key] for key in lost})
    return printed


def _print_lost(console: Console, news: dict[str, _News]) -> None:
    """What there is to say of commitments that the rulebook does not have any more."""
    for key, lost in news.items():
        console.print(f"  [dim]{_plain(key)}[/]")
        for alert in lost.notes:
            _print_beside(console, "", _dim(alert.message))


def _by_commitment(
    step: StepReport, standing: Collection[str], only: Collection[str] | None
) -> tuple[dict[str, _News], dict[str, Alert]]:
    announced: dict[str, Alert] = {}
    for alert in step.alerts:
        if alert.transition is not None:
            announced.setdefault(alert.transition, alert)
    news: dict[str, _News] = defaultdict(lambda: _News([], []))
    for transition in step.transitions:
        if transition.commitment not in standing or transition.id in announced:
            news[transition.commitment].rows.append((transition, True))
    for row in step.withdrawn:
        news[row.transition.commitment].rows.append((row.transition, False))
    for alert in step.alerts:
        if alert.kind in _TOLD and alert.commitment is not None:
            news[alert.commitment].notes.append(alert)
    if only is not None:
        news = {key: value for key, value in news.items() if key in only}
    for value in news.values():
        value.rows.sort(key=lambda row: (row[0].at, row[1]))
    return news, announced


def _print_commitment(
    console: Console,
    commitment: Commitment,
    news: _News,
    announced: dict[str, Alert],
    last: Instant | None,
) -> int:
    from rich.text import Text

    from monitor.domain.time import format_date

    fits = len(commitment.title) + len(commitment.id) + 4 <= console.width
    heading = Text(f"  {commitment.title}{'  ' if fits else chr(10) + '  '}")
    console.print(heading.append(commitment.id, style="dim"))
    restated = _restated(news)
    for transition, stands in news.rows:
        date = format_date(transition.at, commitment.zone)
        late = last is not None and transition.at <= last
        if (transition.at, changed(transition).plain) in restated:
            if stands:
                level = f" (as before, now at level {transition.after.level.word})"
                _print_beside(console, date, Text.assemble(changed(transition), level, style="dim"))
        elif not stands:
            gone = Text("withdrawn: ", style="yellow")
            gone.append(changed(transition).plain, style="dim strike")
            _print_beside(console, date, gone)
        elif is_minor(transition):
            reasons = "; ".join(reason.text for reason in transition.reasons)
            text = Text.assemble(changed(transition), f" ({reasons})", style="dim")
            _print_beside(console, date, _marked(text) if late else text)
        else:
            _print_beside(console, date, changed(transition))
            for number, line in enumerate(why(transition, announced.get(transition.id))):
                _print_beside(console, "", _marked(line) if late and not number else line)
    for alert in news.notes:
        style = "yellow" if alert.kind is AlertKind.CORRECTION else "dim"
        _print_beside(console, "", Text(alert.message, style=style))
    return sum(stands for _, stands in news.rows)


def _restated(news: _News) -> set[tuple[Instant, str]]:
    """What was withdrawn only to stand again, in the same words, at another level."""
    said: tuple[set[tuple[Instant, str]], set[tuple[Instant, str]]] = (set(), set())
    for transition, stands in news.rows:
        said[stands].add((transition.at, changed(transition).plain))
    return said[False] & said[True]


def _print_beside(console: Console, date: str, text: Text) -> None:
    """The date, and the text in its own column; no blanks at the end of a line."""
    from rich.text import Text

    for number, line in enumerate(text.wrap(console, max(console.width - _MARGIN, 20))):
        line.rstrip()
        console.print(Text(f"    {'' if number else date:10}  ") + line)


def _marked(text: Text) -> Text:
    return text.append("  found late", style="yellow")


def _dim(text: str) -> Text:
    from rich.text import Text

    return Text(text, style="dim")


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)
