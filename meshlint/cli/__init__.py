"""Who asks? The command line, thin over meshlint.api."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line of this process and end it with its exit code."""
    from meshlint.cli.process import run

    sys.exit(run(sys.argv[1:]))
