"""A job as it comes over a socket, on the side of the worker."""

from __future__ import annotations

import pickle
import socket

from meshlint.serve.workers.messages import LENGTH, Job


def job_from(connection: socket.socket) -> Job:
    """The job that the service sends; raises `EOFError` where it hangs up."""
    size = int.from_bytes(_received(connection, LENGTH), "big")
    job: Job = pickle.loads(_received(connection, size))
    return job


def _received(connection: socket.socket, size: int) -> bytes:
    parts, left = [], size
    while left:
        part = connection.recv(min(left, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
