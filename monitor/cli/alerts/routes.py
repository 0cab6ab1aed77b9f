"""`monitor alerts routes`: who would be told what, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from monitor.cli.alerts.group import commands
from monitor.cli.context import at
from monitor.cli.output import OutputFormat, OutputOption, emit, emit_json, say

if TYPE_CHECKING:
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
    from monitor.language.routelints import lints

    context = at(ctx, None)
    policy = context.application.policy
    remarks = lints(policy, context.application.receiver_names, context.now)
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
