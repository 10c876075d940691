"""The processes that this one has started and not waited for."""

from __future__ import annotations

import os
from pathlib import Path


def forks() -> set[int]:
    """Their numbers, those included that have ended."""
    held = (file.read_text(encoding="ascii").split() for file in Path("/proc/self/task").glob("*/children"))
    return {int(pid) for those in held for pid in those}


def wait_for(pids: set[int]) -> None:
    """Wait until they have ended."""
    for pid in pids:
        os.waitpid(pid, 0)
