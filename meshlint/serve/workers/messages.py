"""What the service and its workers say to each other, over sockets that nobody else can open.

A job goes as a pickle: only the service writes to these sockets. What comes back is read as JSON and bytes,
for it was made of what a caller sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from meshlint.engine.rule import Severity
from meshlint.serve.limits import Limits
from meshlint.serve.questions.answers import Question
from meshlint.values import field, frozen

LENGTH = 8
DONE, MISTAKE, EMPTY, MEMORY, CRASH = "done", "mistake", "empty", "memory", "crash"
LARGE = "large"
"""A file holds more than is read, so that nothing can be said of the set as a whole."""


@frozen
class Start:
    """What a worker is started with: where it listens, and the set that it keeps.

    The set is `files`, or the directory `path`, or none. Where it stands for the cluster, it is asked for
    reviews at an address of their own.
    """

    address: str
    limits: Limits
    files: Mapping[str, bytes] | None = None
    path: str | None = None
    reviews: str | None = None


@frozen
class Review:
    """An admission review: the object as it will be and as it was, each None where there is none.

    What is less severe than `least` is of no interest.
    """

    new: Mapping[str, Any] | None
    old: Mapping[str, Any] | None
    namespace: str
    least: Severity = Severity.INFO


@frozen
class Job:
    """A question about the kept set, or about `files`; or a review. `seconds` is the time that is left.

    A question about a change is about two of three: `before`, the kept set, and `files`, in this order. It
    `is_behind` where reviews are asked as well: the API server waits for one, and holds up whoever asked it.
    """

    question: Question
    seconds: float
    files: Mapping[str, bytes] | None = None
    before: Mapping[str, bytes] | None = None
    review: Review | None = None
    is_behind: bool = False


@frozen
class Reply:
    """How it went, and the answer or what was wrong."""

    state: str
    body: bytes = b""
    notes: Mapping[str, Any] = field(factory=dict)

    def packed(self) -> bytes:
        """The reply as it is sent: a line of JSON and the answer, with the length of both before them."""
        head = json.dumps({"state": self.state, "notes": dict(self.notes)}).encode() + b"\n"
        return (len(head) + len(self.body)).to_bytes(LENGTH, "big") + head + self.body


def unpacked(data: bytes) -> Reply:
    """The reply in what follows the length; raises `ValueError` where it is none."""
    head, newline, body = data.partition(b"\n")
    value = json.loads(head) if newline else None
    if not isinstance(value, dict) or not isinstance(value.get("notes"), dict):
        raise ValueError("no reply")
    return Reply(str(value.get("state")), body, value["notes"])
