"""Running the service until it is told to stop."""

from __future__ import annotations

import asyncio
import logging.config
from contextlib import suppress
from math import ceil

from uvicorn import Server

from meshlint.serve.http.app import application
from meshlint.serve.http.guard import guarded, server_config
from meshlint.serve.http.logs import logging_config, tell
from meshlint.serve.http.service import Service
from meshlint.serve.security.certificates import Certificates, certificates
from meshlint.serve.settings import Settings, checked

_RENEW_SECONDS = 5.0
_GRACE_SECONDS = 5
"""How long an answer may take to be sent, after the longest question."""


def run(settings: Settings) -> bool:
    """Serve until a signal says to stop, and answer what is being asked first.

    True if the service came up; raises `UsageError` for settings that are not safe or cannot be read.
    """
    settings = checked(settings)
    logging.config.dictConfig(logging_config())
    tls = None
    if settings.certificate is not None and settings.key is not None:
        tls = certificates(settings.certificate, settings.key, settings.client_ca)
    app, service = application(settings)
    return asyncio.run(_served(app, service, settings, tls))


async def _served(app: object, service: Service, settings: Settings, tls: Certificates | None) -> bool:
    config = server_config(
        app,
        host=settings.host,
        port=settings.port,
        http=guarded(settings.limits),
        log_config=None,
        timeout_graceful_shutdown=ceil(settings.limits.seconds) + _GRACE_SECONDS,
    )
    config.load()
    config.ssl = None if tls is None else tls.context
    server = Server(config)
    renewing = asyncio.create_task(_renew(tls)) if tls is not None else None
    stopping = asyncio.create_task(_announce(server, service, settings))
    try:
        await service.open()
        await server.serve()
    finally:
        service.close()
        for task in (renewing, stopping):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
    return bool(server.started)


async def _announce(server: Server, service: Service, settings: Settings) -> None:
    while not server.started:
        await asyncio.sleep(0.05)
    scheme = "http" if settings.certificate is None else "https"
    port = server.servers[0].sockets[0].getsockname()[1]
    names = sorted(service.workspaces.by_name)
    tell("serving", url=f"{scheme}://{settings.host}:{port}", workspaces=names)


async def _renew(tls: Certificates) -> None:
    """Take new certificates when the files change, as cert-manager replaces them."""
    while True:
        await asyncio.sleep(_RENEW_SECONDS)
        if await asyncio.to_thread(tls.renewed):
            tell("certificates renewed")
