"""Who asks? The command line, thin over meshlint.api."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line of this process and end it with its exit code."""
    from meshlint.cli.process import run

    collect_garbage_rarely()
    sys.exit(run(sys.argv[1:]))


def collect_garbage_rarely() -> None:
    """Look for cyclic garbage seldom: what is read lives until the end, and searching it halves the speed."""
    gc.set_threshold(100_000, 50, 1000)
