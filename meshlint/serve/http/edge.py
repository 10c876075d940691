"""What every request passes: its id, its role, its headers, its line in the log, its counters."""

from __future__ import annotations

import time
from collections.abc import Mapping, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from meshlint.serve.faults import Fault, Problem
from meshlint.serve.http.logs import request_id, tell
from meshlint.serve.http.metrics import Metrics
from meshlint.serve.security.gate import Gate
from meshlint.values import define

_HEADERS = {
    "Content-Security-Policy": "; ".join(
        f"{what} 'none'" for what in ("default-src", "frame-ancestors", "base-uri", "form-action")
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "interest-cohort=()",
    "Cache-Control": "no-store",
}
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


@define(eq=False)
class Edge:
    """The outermost layer."""

    app: ASGIApp
    metrics: Metrics
    gate: Gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or end it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        told = _Told(request_id(headers.get("x-request-id", "")), time.perf_counter())
        scope.setdefault("state", {})["request_id"] = told.id

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                told.status = message["status"]
                _complete(message, told.id)
            await send(message)

        try:
            told.holder = self.gate.admitted(scope, headers)
            await self.app(scope, receive, sending)
        except Fault as fault:
            await answer_of(fault.problem, told.id)(scope, receive, sending)
        except Exception:
            if told.status is None:
                problem = Problem(500, "meshlint failed; this is a bug")
                await answer_of(problem, told.id)(scope, receive, sending)
            raise
        finally:
            self._count(scope, told)

    def _count(self, scope: Scope, told: _Told) -> None:
        seconds = time.perf_counter() - told.began
        route = str(scope.get("state", {}).get("route", "other"))
        method = scope["method"] if scope["method"] in _METHODS else "other"
        status = told.status or 499
        self.metrics.requests.labels(route, method, str(status)).inc()
        self.metrics.seconds.labels(route).observe(seconds)
        who = {"caller": told.holder} if told.holder else {}
        tell(
            "request",
            request_id=told.id,
            route=route,
            method=method,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            **who,
        )


@define
class _Told:
    """What is known of a request so far."""

    id: str
    began: float
    status: int | None = None
    holder: str = ""


def _complete(message: MutableMapping[str, Any], told: str) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    headers["X-Request-ID"] = told


def answer_of(problem: Problem, told: str = "") -> JSONResponse:
    """The response that tells a problem."""
    headers: Mapping[str, str] = problem.headers
    media = "application/problem+json"
    return JSONResponse(problem.as_json(told), problem.status, dict(headers), media)
