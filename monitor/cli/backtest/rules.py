"""The rules that `monitor backtest` replays a history with: those configured, or others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.cli.context import Context
    from monitor.engine.engine import Engine
    from monitor.services.backtest.body import Edition


_MOST = 2


class Edited(NamedTuple):
    """One version of the rules, ready to be asked."""

    edition: Edition
    engine: Engine


def editions(context: Context, named: Sequence[str]) -> list[Edited]:
    """The versions that are named; none: the configured rules.

    A name that is no path is a revision of the repository in which the configured rules lie.

    Raises:
        UsageError: more than two are named, or one is not there.
        RulebookError: one of them has faults.
    """
    from monitor.services.backtest.body import Edition

    if not named:
        engine = context.application.engine
        name = ", ".join(str(path) for path in context.application.settings.rules)
        return [Edited(Edition(name, None, engine.rulebook.hash), engine)]
    if len(named) > _MOST:
        raise UsageError(f"--rules is given {len(named)} times", hint="two versions are compared")
    return [_edited(context, name) for name in named]


def _edited(context: Context, name: str) -> Edited:
    from monitor.services.backtest.body import Edition

    if not name:
        raise UsageError("--rules is empty", hint="name a file, a folder or a git revision")
    settings = context.application.settings
    if Path(name).exists():
        from monitor.cli.rules.testinputs import engine_for

        engine = engine_for([Path(name)], settings.evaluator)
        return Edited(Edition(name, None, engine.rulebook.hash), engine)
    from monitor.bootstrap import make_evaluator
    from monitor.cli.backtest.gitrules import find_revision, rulebook_at
    from monitor.engine.engine import Engine

    revision = find_revision(name, settings.rules)
    engine = Engine(rulebook_at(revision, name), make_evaluator(settings.evaluator))
    return Edited(Edition(name, revision.commit, engine.rulebook.hash), engine)
