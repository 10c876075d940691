"""Progress of long runs, on a terminal only."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

_PATIENCE = 1.0
"""Seconds after which a reader would like to know that something happens."""


class Progress:
    """Told of each step with `(phase, done, total)`, it draws a bar on stderr once the run takes long.

    Nothing is drawn where stderr is no terminal, and what was drawn is gone at the end.
    """

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted and sys.stderr.isatty()
        self._start = time.monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Progress:
        """Start to wait."""
        return self

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Tell that `done` of `total` steps of `phase` are behind us; a total of 0 is an unknown one."""
        if not self._wanted or time.monotonic() - self._start < _PATIENCE:
            return
        if self._bar is None:
            self._draw()
        self._bar.update(self._task, description=phase, completed=done, total=total or None, refresh=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def _draw(self) -> None:
        from rich.console import Console
        from rich.progress import Progress as Bar

        # What refreshes by itself is a thread, and a process with threads cannot be forked.
        self._bar = Bar(console=Console(stderr=True), transient=True, auto_refresh=False)
        self._task = self._bar.add_task("")
        self._bar.start()
