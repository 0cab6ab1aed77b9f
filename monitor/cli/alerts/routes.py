"""`monitor alerts routes`: who would be told what, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.alerts.group import commands
from monitor.cli.context import Context, NowOption, at
from monitor.cli.output import OutputFormat, OutputOption, emit, emit_json, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.routing import Route

routes = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Who is told what: show, test."
)
commands.add_typer(routes, name="routes")


@routes.command("show", short_help="Show the tree of routes.")
def show(
    ctx: typer.Context,
    output: OutputOption = OutputFormat.TABLE,
) -> None:
    """Show the tree of routes: what each takes, who is told, and when.

    What is doubtful is told on standard error. Exit code 0. As JSON: {version, routes: [{path,
    matchers, continue, receivers, timing}], remarks: [{path, text}]}.
    """
    from monitor.language.policy import lints

    policy = at(ctx, None).application.policy
    remarks = lints(policy)
    if output is OutputFormat.JSON:
        from monitor.cli.changes.run_json import VERSION

        emit_json(
            {
                "version": VERSION,
                "routes": [_shape(route) for route in policy.root.all()],
                "remarks": [{"path": path, "text": text} for path, text in remarks],
            }
        )
        return
    for line in _tree(policy.root, 0):
        emit(line)
    for path, text in remarks:
        say(f"warning: {path} {text}")


@routes.command("test", short_help="Show which way an alert would go.")
def try_out(
    ctx: typer.Context,
    labels: Annotated[
        list[str] | None,
        typer.Option(
            "--labels",
            metavar="NAME=VALUE",
            help="What the alert has, such as severity=critical; may be repeated.",
        ),
    ] = None,
    alert: Annotated[
        str | None, typer.Option("--alert", metavar="ID", help="An alert from `alerts list`.")
    ] = None,
    moment: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="When it is found [now].")
    ] = None,
    output: OutputOption = OutputFormat.TABLE,
    now: NowOption = None,
) -> None:
    """Show which way an alert would go through the routes, who is told, and when.

    A name is agreement, commitment, theme, party, severity, kind, phase, status, or that of a
    label. Looks at routes and intervals only, not at silences. Exit code 0; 1 when nobody is told.
    As JSON: {version, at, steps: [{path, matches}], told: [{receiver, path, due, waits_for}]}.
    """
    context = at(ctx, now)
    policy = context.application.policy
    facts = _facts(context, labels or [], alert)
    found = context.now if moment is None else context.moment(moment, "--at")
    leaves = policy.root.leaves(facts)
    told: list[tuple[str, Route]] = []
    for route in leaves:
        told += [(n, route) for n in route.receivers if n not in {name for name, _ in told}]
    steps = _steps(policy.root, facts)
    if output is OutputFormat.JSON:
        _print_json(found, steps, told)
    else:
        _print(context, found, steps, told)
    if not told:
        raise typer.Exit(1)


def _facts(context: Context, labels: Sequence[str], alert: str | None) -> dict[str, list[str]]:
    """What the alert in question has.

    Raises:
        UsageError: a label is not NAME=VALUE, or there is no such alert.
    """
    from monitor.domain.matching import checked, facts_of, field_name, parse_matcher
    from monitor.errors import UsageError

    facts: dict[str, list[str]] = {}
    if alert is not None:
        with context.application.store.read() as reader:
            known = reader.alerts_named([alert]).get(alert)
        if known is None:
            raise UsageError(f"no alert has the id {alert}", hint="see `monitor alerts list`")
        commitments = context.application.rulebook.commitments
        facts = facts_of(known, commitments.get(known.commitment or ""))
    for text in labels:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise UsageError(f"--labels {text}: write NAME=VALUE")
        try:
            checked(parse_matcher(f'{name.strip()}="{value.strip()}"'))
        except ValueError as error:
            raise UsageError(f"--labels {text}: {error}") from None
        facts.setdefault(field_name(name.strip()), []).append(value.strip())
    return facts


def _steps(root: Route, facts: dict[str, list[str]]) -> list[tuple[Route, bool]]:
    """Every route that is asked, in order, and whether it takes the alert."""
    found = [(root, True)]
    for child in root.children:
        if child.matches(facts):
            found += _steps(child, facts)
            if not child.goes_on:
                break
        else:
            found.append((child, False))
    return found


def _print(
    context: Context,
    found: int,
    steps: Sequence[tuple[Route, bool]],
    told: Sequence[tuple[str, Route]],
) -> None:
    from monitor.domain.time import to_datetime

    for route, taken in steps:
        matchers = ", ".join(map(str, route.matchers)) or "everything"
        emit(f"{'→' if taken else '·'} {route.path or 'no routes'}  {matchers}")
    for name, route in told:
        due = route.timing.due(found, found)
        when = "at once"
        if due.at > found:
            when = f"{to_datetime(due.at, context.zone):%Y-%m-%d %H:%M} ({due.why})"
        emit(f"{name}: {when}")
    if not told:
        emit("nobody is told")


def _print_json(
    found: int, steps: Sequence[tuple[Route, bool]], told: Sequence[tuple[str, Route]]
) -> None:
    from monitor.cli.changes.run_json import VERSION, utc

    dues = [(name, route, route.timing.due(found, found)) for name, route in told]
    emit_json(
        {
            "version": VERSION,
            "at": utc(found),
            "steps": [{"path": route.path, "matches": taken} for route, taken in steps],
            "told": [
                {
                    "receiver": name,
                    "path": route.path,
                    "due": utc(due.at),
                    "waits_for": due.why or None,
                }
                for name, route, due in dues
            ],
        }
    )


def _tree(route: Route, depth: int) -> list[str]:
    matchers = ", ".join(map(str, route.matchers)) or "everything"
    names = ", ".join(route.receivers) or "nobody"
    more = "  and goes on" if route.goes_on else ""
    told = _timing(route)
    lines = [f"{'  ' * depth}{matchers} → {names}{more}" + (f"  ({told})" if told else "")]
    for child in route.children:
        lines += _tree(child, depth + 1)
    return lines


def _timing(route: Route) -> str:
    from monitor.domain.time import format_duration as span

    timing = route.timing
    parts = []
    if timing.digest is not None:
        parts.append(str(timing.digest))
    if timing.group_by is not None:
        parts.append(f"by {', '.join(timing.group_by)}" if timing.group_by else "all together")
    if timing.wait:
        parts.append(f"waits {span(timing.wait)}")
    if timing.interval:
        parts.append(f"every {span(timing.interval)} at most")
    if timing.repeat:
        parts.append(f"again every {span(timing.repeat)}")
    if timing.active:
        parts.append(f"only in {', '.join(i.name for i in timing.active)}")
    if timing.mute:
        parts.append(f"not in {', '.join(i.name for i in timing.mute)}")
    parts += [f"after {span(s.after)} {', '.join(s.receivers)} too" for s in timing.escalate]
    return "; ".join(parts)


def _shape(route: Route) -> dict[str, Any]:
    return {
        "path": route.path,
        "matchers": [str(matcher) for matcher in route.matchers],
        "continue": route.goes_on,
        "receivers": list(route.receivers),
        "timing": _timing(route) or None,
    }
