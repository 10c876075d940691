"""How many processes share a piece of work."""

from __future__ import annotations

import os
import sys
from _thread import _count as _threads


def jobs_for(wanted: int | None, size: int, worth: int) -> int:
    """How many processes share work of a `size`: those `wanted`, else one for each so much as it is `worth`.

    No more than there are processors, and one where forks are not to be had.
    """
    if wanted == 1 or (wanted is None and size < 2 * worth) or not may_fork():
        return 1
    return wanted or max(1, min(_processors(), size // worth))


def may_fork() -> bool:
    """Whether the system forks, and this process is one thread: a fork never lets go of what others hold.

    On macOS libraries of the system have threads of their own.
    """
    return hasattr(os, "fork") and sys.platform != "darwin" and _threads() == 0


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
