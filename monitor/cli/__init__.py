"""The command line: the outermost layer, and the only one that prints."""

from __future__ import annotations

import io
import os
import sys

UNWRITABLE = 3
"""Exit code where our own output cannot be written: nothing can be said."""


def main() -> None:
    """Entry point of `monitor`: every error ends here, as words and an exit code."""
    from monitor.bootstrap import calm_collector
    from monitor.cli.commands import register
    from monitor.cli.output import complain
    from monitor.cli.root import app
    from monitor.errors import MonitorError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter shows "?"
            stream.reconfigure(errors="replace")
    register(sys.argv[1:])
    calm_collector()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except MonitorError as error:
        complain(error)
        sys.exit(error.exit_code)
    except OSError as error:
        what = error.filename or "the output cannot be written"
        complain(MonitorError(f"{what}: {error.strerror or error}"))
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(UNWRITABLE)
    except KeyboardInterrupt:
        sys.exit(130)
