"""`monitor explain`: why a commitment stands as it does, and what would change it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.context import NowOption, at
from monitor.cli.output import emit, emit_json, say
from monitor.cli.root import app
from monitor.cli.viewing import AsOfOption, CommitmentArgument, KnownAtOption, view_of

if TYPE_CHECKING:
    from monitor.cli.context import Context
    from monitor.domain.commitment import Commitment
    from monitor.engine.engine import Engine
    from monitor.services.explanation.inspecting import Explanation
    from monitor.services.ports import Reader
    from monitor.services.views.view import View


class ExplainFormat(StrEnum):
    TEXT = "text"
    JSON = "json"
    MERMAID = "mermaid"


@app.command(short_help="Say why a commitment stands where it does.")
def explain(
    ctx: typer.Context,
    commitment: CommitmentArgument,
    when_next: Annotated[
        bool,
        typer.Option("--when-next", help="What will happen at which date if nothing is heard."),
    ] = False,
    why_not: Annotated[
        str | None,
        typer.Option(
            "--why-not",
            metavar="STATUS|RULE",
            help="What it lacks to be so: advanced, stalled, delivered, at_risk, …, or the id of "
            "a rule.",
        ),
    ] = None,
    tree: Annotated[
        bool, typer.Option("--tree", help="The whole derivation as a tree, each condition in it.")
    ] = False,
    what_if: Annotated[
        list[Path] | None,
        typer.Option(
            "--what-if",
            metavar="FILE",
            help="What would change if these updates were reported now; - is standard input; may "
            "be repeated. Nothing is stored.",
        ),
    ] = None,
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
    from monitor.services.explanation.inspecting import explain as look_closely
    from monitor.services.views.naming import commitment_key

    context = at(ctx, now)
    application = context.application
    engine = application.engine
    key = commitment_key(commitment, engine.commitments)
    asked = {"--when-next": when_next, "--why-not": why_not, "--tree": tree, "--what-if": what_if}
    _check_options(as_of or known_at, [name for name, given in asked.items() if given], output)
    if what_if:
        _what_if(context, key, what_if, output)
        return
    with application.store.read() as reader:
        view = view_of(context, reader, as_of, known_at)
        _check_begun(engine.commitments[key], view)
        if reader.meta("now") is None:
            say("nothing is known yet; run `monitor run`", quiet=context.quiet)
        if when_next:
            _when_next(reader, engine, view, key, output)
            return
        grader = engine.router.graders[engine.commitments[key].agreement]
        told = look_closely(reader, engine, view, key, grader.tier)
    if why_not:
        _why_not(told, why_not, output)
    else:
        _why(told, output, tree=tree)


def _check_options(past: str | None, asked: list[str], output: ExplainFormat) -> None:
    """Refuse what does not go together."""
    from monitor.errors import UsageError

    if len(asked) > 1:
        raise UsageError(
            f"{' and '.join(asked)} are {len(asked)} questions", hint="ask one at a time"
        )
    if "--what-if" in asked and output is ExplainFormat.MERMAID:
        raise UsageError("--what-if has no figure", hint="ask for --output text or json")
    if "--what-if" in asked and past is not None:
        raise UsageError(
            "--what-if asks about the present: what is reported now was not known before",
            hint="leave out --as-of and --known-at; --now may say when it is reported",
        )


def _check_begun(one: Commitment, view: View) -> None:
    """Refuse what has no history yet."""
    if one.start > view.as_of:
        from monitor.domain.time import format_date
        from monitor.errors import UsageError

        begins = format_date(one.start, one.zone)
        raise UsageError(f"{one.id} begins only on {begins}", hint="ask --as-of a later date")


def _why(told: Explanation, output: ExplainFormat, *, tree: bool) -> None:
    if output is ExplainFormat.MERMAID:
        from monitor.services.explanation.mermaid import flowchart
        from monitor.services.explanation.twigs import derivation

        emit(flowchart([derivation(told)]))
    elif output is ExplainFormat.JSON:
        from monitor.services.explanation.body import explanation_body

        emit_json(explanation_body(told))
    elif tree:
        from monitor.cli.explain.twigs import print_tree
        from monitor.services.explanation.twigs import derivation

        print_tree(derivation(told))
    else:
        from monitor.cli.explain.text import print_explanation

        print_explanation(told)


def _why_not(told: Explanation, asked: str, output: ExplainFormat) -> None:
    from monitor.language.faults import did_you_mean
    from monitor.services.explanation.whynot import why_not, why_not_body

    found = why_not(told, asked, did_you_mean)
    if output is ExplainFormat.MERMAID:
        from monitor.services.explanation.mermaid import flowchart
        from monitor.services.explanation.twigs import Twig

        c = told.commitment
        emit(flowchart([Twig("headline", f"{c.id}: {found.target}?", found.holds, of=found.ways)]))
    elif output is ExplainFormat.JSON:
        emit_json(why_not_body(found))
    else:
        from monitor.cli.explain.twigs import print_why_not

        print_why_not(found)


def _when_next(reader: Reader, engine: Engine, view: View, key: str, output: ExplainFormat) -> None:
    from monitor.services.explanation.foresight import foresee, foresight_body
    from monitor.services.views.standing import Derived

    told = foresee(Derived(reader, engine, view), key)
    if output is ExplainFormat.MERMAID:
        from monitor.services.explanation.mermaid import chain

        emit(chain(told))
    elif output is ExplainFormat.JSON:
        emit_json(foresight_body(told))
    else:
        from monitor.cli.explain.foresight import print_foresight

        print_foresight(told)


def _what_if(context: Context, key: str, files: list[Path], output: ExplainFormat) -> None:
    from monitor.cli.inputs import opened_inputs
    from monitor.services.assessment.options import Options
    from monitor.services.rehearsal import rehearse
    from monitor.sources.feed import FileSource
    from monitor.store.rehearse import rehearsal

    application = context.application
    with (
        opened_inputs(files, FileSource("", Path("-")), None, named=False) as inputs,
        rehearsal(application.store.path) as copy,
    ):
        told = rehearse(
            copy,
            application.engine,
            inputs,
            application.clock,
            Options(receivers=application.receiver_names, policy=application.policy),
            key,
            kinds=application.kinds,
            zone=context.zone,
        )
    if output is ExplainFormat.JSON:
        from monitor.cli.explain.rehearsal import rehearsal_shape

        emit_json(rehearsal_shape(told, application.engine))
    else:
        from monitor.cli.explain.rehearsal import print_rehearsal

        print_rehearsal(told, application.engine)
