"""The command line: the outermost layer, and the only one that prints."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Entry point of `monitor`: every error a user can meet ends here, as words and an exit code."""
    from monitor.cli.app import app
    from monitor.cli.output import complain
    from monitor.errors import MonitorError

    try:
        app()
    except MonitorError as error:
        complain(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # the reader of our output has gone; what it did not want is not an error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
