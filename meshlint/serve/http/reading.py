"""The body of a request, with a bound on its bytes and on its time."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request

from meshlint.serve.faults import Fault
from meshlint.serve.limits import Limits


async def body_of_request(request: Request, limits: Limits) -> bytes:
    """All bytes; raises `Fault` for too many of them, or where they take too long."""
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and (len(length) > 15 or int(length) > limits.body):
        raise _too_large(limits)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Fault(415, "the body must not be encoded; send an archive as application/gzip")
    parts, size = [], 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            async for part in request.stream():
                size += len(part)
                if size > limits.body:
                    raise _too_large(limits)
                parts.append(part)
    except TimeoutError as error:
        raise Fault(408, "the body did not come in time", Connection="close") from error
    except ClientDisconnect as error:
        raise Fault(400, "the body ended too early") from error
    return b"".join(parts)


def _too_large(limits: Limits) -> Fault:
    return Fault(413, f"the body is larger than {limits.body} bytes", Connection="close")
