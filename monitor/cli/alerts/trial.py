"""`monitor alerts routes test`: which way an alert would go, who is told, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from monitor.cli.alerts.routes import routes
from monitor.cli.context import Context, NowOption, at
from monitor.cli.output import OutputFormat, OutputOption, emit, emit_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.alert import Alert
    from monitor.domain.routing import Due, Route
    from monitor.domain.time import Instant
    from monitor.services.alerts.muting import Muted


class Told(NamedTuple):
    """One receiver: by which route, when, and what would keep it quiet then."""

    receiver: str
    route: Route
    due: Due
    quiet: Muted | None


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
    label. Silences are looked at for the time when it would be told; what is open, and mutes it,
    with --alert only. Exit code 0; 1 when no route has a receiver. As JSON: {version, at, steps:
    [{path, matches}], told: [{receiver, path, due, waits_for, kept_quiet: {why, by, until}}]}.
    """
    context = at(ctx, now)
    root = context.application.policy.root
    known = None if alert is None else _alert(context, alert)
    facts = _facts(context, labels or [], known)
    found = context.now if moment is None else context.moment(moment, "--at")
    steps = _steps(root, facts)
    taken: dict[str, Route] = {}
    for route in root.leaves(facts):
        for receiver in route.receivers:
            taken.setdefault(receiver, route)
    dues = [(name, route, route.timing.due(found, found)) for name, route in taken.items()]
    told = [Told(*one, _quiet(context, facts, known, one[2].at)) for one in dues]
    if output is OutputFormat.JSON:
        _print_json(found, steps, told)
    else:
        _print(context, found, steps, told)
    if not told:
        raise typer.Exit(1)


def _quiet(
    context: Context, facts: dict[str, list[str]], alert: Alert | None, due: Instant
) -> Muted | None:
    """What would keep it from being sent when it is due."""
    from monitor.services.alerts.muting import Muting

    path = context.application.store_path
    if path is not None and not path.exists():
        return None
    with context.application.store.read() as reader:
        muting = Muting(reader, context.application.policy, due)
        return muting.silenced(facts) if alert is None else muting.of(facts, alert)


def _alert(context: Context, identity: str) -> Alert:
    """The alert of an id.

    Raises:
        UsageError: there is none.
    """
    from monitor.errors import UsageError

    with context.application.store.read() as reader:
        known = reader.alerts_named([identity]).get(identity)
    if known is None:
        raise UsageError(f"no alert has the id {identity}", hint="see `monitor alerts list`")
    return known


def _facts(context: Context, labels: Sequence[str], alert: Alert | None) -> dict[str, list[str]]:
    """What the alert in question has.

    Raises:
        UsageError: a label is not NAME=VALUE.
    """
    from monitor.domain.matching import checked, facts_of, field_name, parse_matcher
    from monitor.errors import UsageError

    facts: dict[str, list[str]] = {}
    if alert is not None:
        key = alert.commitment or ""
        engine = context.application.engine
        facts = facts_of(alert, engine.commitments.get(key), engine.asks.get(key, ()))
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
    context: Context, found: Instant, steps: Sequence[tuple[Route, bool]], told: Sequence[Told]
) -> None:
    from monitor.domain.time import to_datetime

    def when(instant: Instant) -> str:
        return f"{to_datetime(instant, context.zone):%Y-%m-%d %H:%M}"

    for route, taken in steps:
        matchers = ", ".join(map(str, route.matchers)) or "everything"
        emit(f"{'→' if taken else '·'} {route.path or 'no routes'}  {matchers}")
    for name, _, due, quiet in told:
        line = "at once" if due.at <= found else f"{when(due.at)} ({due.why})"
        if quiet is not None:
            until = "" if quiet.until is None else f" until {when(quiet.until)}"
            line += f", but {_QUIET[quiet.why.value]} {quiet.by}{until}"
        emit(f"{name}: {line}")
    if not told:
        emit("nobody is told")


_QUIET = {"silence": "kept quiet by", "dependency": "it hangs on"}


def _print_json(found: Instant, steps: Sequence[tuple[Route, bool]], told: Sequence[Told]) -> None:
    from monitor.cli.changes.run_json import VERSION, utc

    def quiet(muted: Muted | None) -> dict[str, str | None] | None:
        if muted is None:
            return None
        until = None if muted.until is None else utc(muted.until)
        return {"why": muted.why.value, "by": muted.by, "until": until}

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
                    "kept_quiet": quiet(muted),
                }
                for name, route, due, muted in told
            ],
        }
    )
