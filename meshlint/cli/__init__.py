"""Who asks? The command line, thin over meshlint.api."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line of this process and end it with its exit code."""
    leave_garbage()
    from meshlint.cli.process import run

    sys.exit(run(sys.argv[1:]))


def leave_garbage() -> None:
    """Do not look for cyclic garbage: what is read lives until the end, and searching it halves the speed."""
    gc.disable()
