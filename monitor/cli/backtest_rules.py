"""The rules that `monitor backtest` replays a history with: those configured, or others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.cli.context import Context
    from monitor.engine.engine import Engine
    from monitor.services.backtest_body import Edition


class Edited(NamedTuple):
    """One version of the rules, ready to be asked."""

    edition: Edition
    engine: Engine


def editions(context: Context, named: Sequence[str]) -> list[Edited]:
    """The versions that are named; none: the configured rules.

    Raises:
        UsageError: more than one are named, or one is not there.
        RulebookError: one of them has faults.
    """
    from monitor.services.backtest_body import Edition

    if not named:
        engine = context.application.engine
        name = ", ".join(str(path) for path in context.application.settings.rules)
        return [Edited(Edition(name, None, engine.rulebook.hash), engine)]
    if len(named) > 1:
        raise UsageError("--rules is given more than once", hint="give one")
    return [_edited(context, name) for name in named]


def _edited(context: Context, name: str) -> Edited:
    from monitor.cli.testinputs import engine_for
    from monitor.services.backtest_body import Edition

    if not Path(name).exists():
        raise UsageError(f"--rules {name}: there is no such file or folder")
    engine = engine_for([Path(name)], context.application.settings.evaluator)
    return Edited(Edition(name, None, engine.rulebook.hash), engine)
