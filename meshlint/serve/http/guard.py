"""Connections with a bound on their number and on the time that a caller may take to say what it wants."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol

from meshlint.serve.limits import Limits


class Guarded(H11Protocol):
    """HTTP/1.1, guarded. A connection that has waited for its head too long is closed without a word."""

    limits = Limits()
    slow: dict[Guarded, None]
    """The connections that have not said yet what they want, the one that has waited longest first."""
    _deadline: asyncio.TimerHandle | None = None
    _seen: Any = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection; where there are too many, the slowest makes room, or this one goes."""
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            slowest = next(iter(self.slow), None)
            if slowest is None:
                transport.abort()
                return
            slowest._too_slow()
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Go on; the time for a head ends with the head, and begins anew with the next one."""
        super().data_received(data)
        if self.cycle is not None and self.cycle is not self._seen:
            self._seen = self.cycle
            self._end_wait()
        elif self.cycle is not None and self.cycle.response_complete and self._deadline is None:
            self._wait_for_head()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Answer whoever says no more after a whole request, then close; True keeps the way to it open."""
        cycle = self.cycle
        if self.transport is None or cycle is None or cycle.more_body or cycle.response_complete:
            return False
        cycle.keep_alive = False
        return self.transport.get_extra_info("sslcontext") is None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time."""
        self._end_wait()
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        self.slow[self] = None
        self._deadline = self.loop.call_later(self.limits.head_seconds, self._too_slow)

    def _too_slow(self) -> None:
        self._end_wait()
        if self.transport is not None:
            self.transport.abort()

    def _end_wait(self) -> None:
        self.slow.pop(self, None)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def guarded(limits: Limits) -> type[asyncio.Protocol]:
    """A protocol that closes what is too many or too slow, before the application hears of it."""
    return type("Guarded", (Guarded,), {"limits": limits, "slow": {}})


def server_config(app: Any, **given: Any) -> Config:
    """The configuration of the server: nothing that a caller sends is believed to be from a proxy."""
    return Config(
        app,
        proxy_headers=False,
        server_header=False,
        date_header=True,
        access_log=False,
        ws="none",
        lifespan="on",
        h11_max_incomplete_event_size=32 * 1024,
        timeout_keep_alive=15,
        **given,
    )
