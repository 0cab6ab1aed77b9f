"""The command line: the outermost layer, and the only one that prints."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of `monitor`: every error ends here, as words and an exit code."""
    from monitor.bootstrap import calm_collector
    from monitor.cli.commands import register
    from monitor.cli.output import complain
    from monitor.cli.root import app
    from monitor.errors import MonitorError

    register(sys.argv[1:])
    calm_collector()
    try:
        app()
    except MonitorError as error:
        complain(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
