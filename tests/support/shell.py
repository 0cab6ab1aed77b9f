"""The command line from inside and from outside, with a store of its own."""

import os
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from monitor.cli.app import app

ROOT = Path(__file__).parents[2]
OURS = ("MONITOR_CONFIG", "MONITOR_STORE", "MONITOR_RULES", "NO_COLOR", "FORCE_COLOR", "COLUMNS")


class Shell:
    """Runs commands on one store: `shell("run", "--now", "2026-01-01")`."""

    def __init__(self, store, config=ROOT / "monitor.yaml"):
        self.store = str(store)
        self.config = str(config)

    def __call__(self, *arguments, input=None):  # noqa: A002
        """In this process. An error that `main` would print is raised."""
        options = ["--config", self.config, "--store", self.store]
        result = CliRunner().invoke(app, [*options, *map(str, arguments)], input=input)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def process(self, *arguments, cwd=ROOT, env=None, **options):
        """In a process of its own."""
        return subprocess.run(
            self.command(*arguments),
            cwd=cwd,
            env=self.environment(env),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            **options,
        )

    def command(self, *arguments):
        options = ["--config", self.config, "--store", self.store]
        return [sys.executable, "-m", "monitor", *options, *map(str, arguments)]

    def environment(self, more=None):
        plain = {name: value for name, value in os.environ.items() if name not in OURS}
        return {**plain, "PYTHONPATH": str(ROOT), **(more or {})}
