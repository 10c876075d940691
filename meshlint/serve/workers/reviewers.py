"""Forks of a worker that answer reviews, one after the other.

A fork for each review would have the system copy the same memory each time, which takes as long as to answer.
One that dies takes a single review with it, and another takes its place.
"""

from __future__ import annotations

import gc
import os
import select
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress

from meshlint.serve.limits import Limits
from meshlint.serve.workers.bounds import bound_process, bound_time, silence
from meshlint.serve.workers.messages import DONE, Job, Reply
from meshlint.serve.workers.wire import job_from
from meshlint.values import define, field

_MOST = 500
"""Reviews that a fork answers: what it keeps of them goes with it."""
_COLLECTING = 10
"""After so many reviews what they left behind is given back, when the caller has its answer."""

_LINGERING = 1.0
_LEAST = 0.001


@define(eq=False)
class Reviewers:
    """The forks that listen at `listener`, which accepts without blocking: the first one takes a review."""

    listener: socket.socket
    limits: Limits
    answer: Callable[[Job], Reply]
    ties: list[socket.socket] = field(factory=list)
    """An end of a pair for each fork: it can be read once the fork is gone, and the fork ends with it."""

    def complete(self) -> None:
        """Fork until there are as many as reviews that are answered at a time."""
        while len(self.ties) < self.limits.workers:
            mine, other = socket.socketpair()
            if os.fork() == 0:
                mine.close()
                self._work(other)
            other.close()
            self.ties.append(mine)

    def replace(self, gone: Sequence[socket.socket]) -> None:
        """Fork anew for those whose ties can be read."""
        for tie in gone:
            tie.close()
        self.ties = [tie for tie in self.ties if tie not in gone]
        self.complete()

    def _work(self, tie: socket.socket) -> None:
        """Answer reviews until the worker ends, or for long enough, and end, whatever happens."""
        try:
            silence()
            for other in self.ties:
                other.close()
            bound_process(self.limits.memory)
            for count in range(1, _MOST + 1):
                if not self._next(tie):
                    break
                if count % _COLLECTING == 0:
                    gc.collect()
        finally:
            os._exit(0)

    def _next(self, tie: socket.socket) -> bool:
        """Answer the next review; whether there may be another one after it."""
        while self._is_asked(tie):
            with suppress(BlockingIOError):
                connection, _ = self.listener.accept()
                return self._answered(connection)

        return False

    def _is_asked(self, tie: socket.socket) -> bool:
        """Wait for a review, and not for long once the worker has ended: one may be on its way."""
        ready, _, _ = select.select([self.listener, tie], [], [])
        if self.listener not in ready:
            ready, _, _ = select.select([self.listener], [], [], _LINGERING)
        return self.listener in ready

    def _answered(self, connection: socket.socket) -> bool:
        """Whether all went well: memory is not looked at again after it has run out."""
        with connection:
            connection.settimeout(self.limits.seconds)
            job = job_from(connection)
            bound_time(max(job.seconds, _LEAST))
            reply = self.answer(job)
            connection.sendall(reply.packed())
            bound_time(0)
        return reply.state == DONE
