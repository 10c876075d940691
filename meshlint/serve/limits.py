"""How much one caller, and all of them together, may take."""

from __future__ import annotations

from meshlint.values import frozen

MEBIBYTE = 1024 * 1024


@frozen
class Limits:
    """The bounds of a service. Sizes are in bytes, times in seconds.

    `body` is what a request may send, `unpacked` what may come out of it, in at most `files` files of at most
    `file` bytes each, whose names lead at most `depth` folders down. A question may take `seconds` and
    `memory` beyond what its set takes; a set may take `load_seconds` to be read. `workers` questions are
    answered at a time, and `waiting` more may wait. A review that would have to wait, and likely be answered
    later than after `review_seconds`, is left to the API server to ask again. Of `connections` each has
    `head_seconds` to say what it wants and `body_seconds` to send it. Answers about workspaces are
    `remembered` up to so many bytes.
    """

    body: int = 16 * MEBIBYTE
    unpacked: int = 64 * MEBIBYTE
    file: int = 16 * MEBIBYTE
    files: int = 20_000
    depth: int = 32
    name: int = 1024
    seconds: float = 30.0
    memory: int = 1024 * MEBIBYTE
    load_seconds: float = 120.0
    workers: int = 2
    waiting: int = 64
    review_seconds: float = 0.25
    connections: int = 1000
    head_seconds: float = 10.0
    body_seconds: float = 30.0
    workspaces: int = 32
    answer: int = 256 * MEBIBYTE
    remembered: int = 64 * MEBIBYTE
