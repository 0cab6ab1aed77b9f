"""`monitor explain`: why a commitment stands as it does, and what would change it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.context import NowOption, at
from monitor.cli.output import emit_json, say
from monitor.cli.root import app
from monitor.cli.viewing import AsOfOption, KnownAtOption, view_of

if TYPE_CHECKING:
    from monitor.domain.commitment import Commitment
    from monitor.engine.engine import Engine
    from monitor.services.ports import Reader
    from monitor.services.standing import View


class ExplainFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


@app.command(short_help="Say why a commitment stands where it does.")
def explain(
    ctx: typer.Context,
    commitment: Annotated[str, typer.Argument(help="Id or agreement/id.")],
    when_next: Annotated[
        bool,
        typer.Option("--when-next", help="What will happen at which date if nothing is heard."),
    ] = False,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    output: Annotated[
        ExplainFormat, typer.Option("-o", "--output", help="How to print it.")
    ] = ExplainFormat.TEXT,
    now: NowOption = None,
) -> None:
    """Show why a commitment stands where it does: rules, evidence, numbers, and what comes next.

    The answer comes first; then the promise, the last change with its sources, every rule and
    whether it has spoken, what was set aside, and the dates ahead. Exit code 0.
    """
    from monitor.services.naming import commitment_key

    context = at(ctx, now)
    application = context.application
    engine = application.engine
    key = commitment_key(commitment, engine.commitments)
    with application.store.read() as reader:
        view = view_of(context, reader, as_of, known_at)
        _check_begun(engine.commitments[key], view)
        if reader.meta("now") is None:
            say("nothing is known yet; run `monitor run`", quiet=context.quiet)
        if when_next:
            _when_next(reader, engine, view, key, output)
        else:
            _why(reader, engine, view, key, output)


def _check_begun(one: Commitment, view: View) -> None:
    """Refuse what has no history yet."""
    if one.start > view.as_of:
        from monitor.domain.time import format_date
        from monitor.errors import UsageError

        begins = format_date(one.start, one.zone)
        raise UsageError(f"{one.id} begins only on {begins}", hint="ask --as-of a later date")


def _why(reader: Reader, engine: Engine, view: View, key: str, output: ExplainFormat) -> None:
    from monitor.services.explanation import explain as look_closely

    grader = engine.router.graders[engine.commitments[key].agreement]
    told = look_closely(reader, engine, view, key, grader.tier)
    if output is ExplainFormat.JSON:
        from monitor.services.explanation_body import explanation_body

        emit_json(explanation_body(told))
    else:
        from monitor.cli.explanation import print_explanation

        print_explanation(told)


def _when_next(reader: Reader, engine: Engine, view: View, key: str, output: ExplainFormat) -> None:
    from monitor.services.foresight import foresee, foresight_body

    told = foresee(reader, engine, view, key)
    if output is ExplainFormat.JSON:
        emit_json(foresight_body(told))
    else:
        from monitor.cli.foresight import print_foresight

        print_foresight(told)
