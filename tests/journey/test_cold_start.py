"""What `monitor check` waits for when it starts on the shipped configuration."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {
    "alembic",
    "apprise",
    "asyncio",
    "durable_rules_engine",
    "holidays",
    "httpcore",
    "httpx",
    "jinja2",
    "monitor.engine.folding.fold",
    "monitor.language.policy",
    "monitor.language.routing",
    "monitor.receiver_settings",
    "pydantic_settings",
    "rich",
    "sqlalchemy",
    "standardwebhooks",
}


@pytest.fixture
def monitor(tmp_path):
    given = ("-m", "monitor", "--config", str(ROOT / "monitor.yaml"))
    given = (*given, "--store", str(tmp_path / "monitor.db"))

    def call(command, *options):
        arguments = [sys.executable, *options, *given, command, "--now", "2026-02-28"]
        return subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)

    return call


def _is_there(module):
    """A name that no module has any more would keep nothing away."""
    return find_spec(module) is not None


def test_check_imports_nothing_heavy_that_it_does_not_need(monitor):
    assert monitor("run").returncode == 0
    checked = monitor("check", "-X", "importtime")
    assert checked.returncode == 1, checked.stderr[-500:]
    rows = [line.split("|") for line in checked.stderr.splitlines()]
    imported = {row[2].strip() for row in rows if len(row) == 3}
    assert {name for name in HEAVY if name.startswith("monitor.") and not _is_there(name)} == set()
    assert {"monitor.config", "monitor.services.views.check", "pydantic"} <= imported
    assert imported & HEAVY == set()
