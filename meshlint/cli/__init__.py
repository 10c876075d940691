"""Who asks? The command line, thin over meshlint.api."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line of this process and end it with its exit code."""
    leave_garbage()
    from meshlint.cli.loading import load_near

    load_near()
    from meshlint.cli.process import run

    end(run(sys.argv[1:]))


def leave_garbage() -> None:
    """Do not look for cyclic garbage: what is read lives until the end, and searching it halves the speed."""
    gc.disable()


def leave(value: object) -> None:
    """Leave a value to the system: a circle is not taken apart where no garbage is looked for."""
    circle = [value]
    circle.append(circle)


def end(code: int) -> None:
    """End this process, whose streams are flushed, with an exit code.

    Python would take modules and objects apart one by one, which is a seventh of a short run; the system
    takes all of them back at once. Whoever still works, or looks on, gets the long way.
    """
    import atexit

    threading = sys.modules.get("threading")  # nobody else has started a thread
    if (threading and threading.active_count() > 1) or sys.gettrace() or sys.getprofile():
        sys.exit(code)
    atexit._run_exitfuncs()
    os._exit(code)
