"""The kinds of listener that take a connection on the side of its server."""

from __future__ import annotations

from enum import Enum


class Chain(Enum):
    """Which kind of proxy listener enforces the policies."""

    HTTP = "http"
    TCP = "tcp"
    ZTUNNEL = "ztunnel"
