"""Which module holds which command.

Only the modules of the commands that are named on the command line are loaded: a cron job should
not pay for the others at every start.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MODULES = {
    "alerts": "alerts.command",
    "audit": "trackers.audit",
    "backtest": "backtest.command",
    "check": "views.check",
    "config": "config",
    "coverage": "intake.coverage",
    "cron": "cron.command",
    "deliver": "alerts.deliver",
    "deliveries": "alerts.deliver",
    "doctor": "doctor.command",
    "explain": "explain.command",
    "history": "views.history",
    "import": "trackers.importing",
    "ingest": "intake.ingest",
    "init": "init",
    "receivers": "alerts.receivers",
    "report": "views.report",
    "rules": "rules.command",
    "run": "run.command",
    "silence": "alerts.silence",
    "status": "views.status",
    "update": "intake.update",
}


def register(words: Sequence[str] = ()) -> None:
    """Load the commands that occur among the words of a command line; all where none does."""
    completing = any(name.endswith("_COMPLETE") for name in os.environ)
    named = [] if completing else [word for word in words if word in MODULES]
    for module in dict.fromkeys(MODULES[name] for name in named or MODULES):
        import_module(f"monitor.cli.{module}")
