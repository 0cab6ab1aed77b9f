"""`python -m tests.benchmarks [--quick] [NAME...]`: one table of everything."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from importlib import import_module

from tests.benchmarks.measure import table

NAMES = ("ingest", "tick", "cold", "memory", "truth", "deliver", "alerts", "check", "backtest")


def main() -> None:
    """Run what is named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="small sizes")
    options = parser.parse_args()
    wrong = [name for name in options.names if name not in NAMES]
    if wrong:
        parser.error(f"there is no {wrong[0]!r}; there are {', '.join(NAMES)}")
    rows = []
    for name in options.names or NAMES:
        sys.stderr.write(f"{name} ...\n")
        rows += import_module(f"tests.benchmarks.{name}").rows(quick=options.quick)
    machine = f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {platform.machine()}"
    sys.stdout.write(f"{machine}{', small sizes' if options.quick else ''}\n\n{table(rows)}\n")


if __name__ == "__main__":
    main()
