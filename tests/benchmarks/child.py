"""The other side of `measure.Child`: answers a line for a line."""

from __future__ import annotations

import json
import sys
from importlib import import_module


def main() -> None:
    """`child MODULE:FUNCTION JSON`: the function's next answer for each line on standard input."""
    module, _, function = sys.argv[1].partition(":")
    answers = getattr(import_module(f"tests.benchmarks.{module}"), function)(
        **json.loads(sys.argv[2])
    )
    for _ in sys.stdin:
        answer = next(answers, None)
        if answer is None:
            return
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
