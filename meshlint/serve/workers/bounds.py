"""The bounds of a worker, held by the operating system."""

from __future__ import annotations

import os
import resource
import signal
from contextlib import suppress
from pathlib import Path

_NICEST = 19


def bound_memory(more: int) -> None:
    """Let this process take `more` bytes of address space than it has now (setrlimit: RLIMIT_AS)."""
    _lower(resource.RLIMIT_AS, _address_space() + more)


def bound_question(seconds: float, memory: int) -> None:
    """Let this process live for `seconds`, take `memory` bytes more, and write no file."""
    bound_time(max(seconds, 0.001))
    bound_process(memory)
    _lower(resource.RLIMIT_CPU, int(seconds) + 2)


def bound_time(seconds: float) -> None:
    """Let this process live for `seconds` from now on, or as long as it likes for 0."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def bound_process(memory: int) -> None:
    """Let this process take `memory` bytes more, and write no file."""
    bound_memory(memory)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    with suppress(ValueError):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def step_back() -> None:
    """Have this process run when nobody else of its group wants to: whoever wakes up takes its place at once.

    To the scheduler of Linux, a processor that runs nothing else is free (sched(7): SCHED_IDLE).
    """
    with suppress(AttributeError, OSError):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
        return
    os.nice(_NICEST)


def silence() -> None:
    """Send what is written to the standard streams nowhere: a worker has nobody to tell."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _lower(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (allowed, allowed))


def _address_space() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * resource.getpagesize()
