"""`monitor rules`: write, check, test and format rulebooks, and print their schema."""

from __future__ import annotations

import json

from monitor.cli.output import emit
from monitor.cli.rules import check as rulescheck
from monitor.cli.rules import fmt, new
from monitor.cli.rules import test as rulestest
from monitor.cli.rules.group import rules

__all__ = ["fmt", "new", "rules", "rulescheck", "rulestest"]


@rules.command("schema")
def schema() -> None:
    """Print the JSON Schema of a rulebook, for editors. Exit code 0."""
    from monitor.language.schema import json_schema

    emit(json.dumps(json_schema(), ensure_ascii=False, indent=2))
