"""What a VirtualService's route puts in force: timeouts, retries, faults, mirrors, changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from meshlint.mesh import Mesh
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.resources.istio.parts import Duration
from meshlint.traffic.effects.effect import (
    Effect,
    EffectKind,
    header_changes,
    no_retries,
    no_timeout,
    percent_of,
)

if TYPE_CHECKING:
    from meshlint.resources.istio.destination import Mirror
    from meshlint.resources.istio.http_actions import Abort, Delay, Retries
    from meshlint.resources.resource import Resource

DEFAULT_ATTEMPTS = 2
DEFAULT_CONDITIONS = "connect-failure,refused-stream,unavailable,cancelled"


def route_effects(
    mesh: Mesh, owner: Resource, route: HttpRoute | None, root: HttpRoute | None = None
) -> Iterator[Effect]:
    """What is in force for requests that a route of `owner` sends on; None for a host without routes.

    A delegate's route inherits what it leaves out from the `root` route (Istio: delegation).
    """
    routes = tuple(one for one in (route, root) if one is not None)
    yield _timeout(next((one.timeout for one in routes if one.timeout is not None), None))
    yield retries_in_force(mesh, next((one.retries for one in routes if one.retries is not None), None))
    for one in routes:
        if one.fault is not None:
            yield from _delays(one.fault.delay)
            yield from _aborts(one.fault.abort)
            break
    mirrors = next((one.mirrors for one in routes if one.mirrors), ())
    yield from (_mirror(mesh, owner, one) for one in mirrors)
    for one in routes:
        if one.rewrite is not None:
            yield from _rewrite(one)
            break
    yield from _headers(routes)
    cors = next((one.cors_policy for one in routes if one.cors_policy is not None), None)
    if cors is not None:
        yield Effect(EffectKind.CORS, "preflight requests are answered by the proxy", {}, cors.field)


def _timeout(written: Duration | None) -> Effect:
    if written is None or not written.nanoseconds:
        return no_timeout()
    return Effect(EffectKind.TIMEOUT, str(written.text), {"seconds": written.seconds}, written.field)


def retries_in_force(mesh: Mesh, written: Retries | None) -> Effect:
    """How often requests are tried again: as the route says, else the mesh's settings.

    Without either it is twice, for failures before an answer begins (Istio: retries).
    """
    if written is None and mesh.settings.default_retries is not None:
        from meshlint.resources.istio.http_actions import retries

        written = retries(mesh.settings.default_retries)
    if written is None:
        text = f"{_times(DEFAULT_ATTEMPTS)} on {DEFAULT_CONDITIONS}"
        return Effect(
            EffectKind.RETRIES, text, {"attempts": DEFAULT_ATTEMPTS, "retry_on": DEFAULT_CONDITIONS}
        )
    attempts = written.attempts or 0
    if attempts <= 0:
        return no_retries(written.field)
    conditions = str(written.retry_on or DEFAULT_CONDITIONS)
    limit = written.per_try_timeout
    text = f"{_times(attempts)} on {conditions}" + (f", each within {limit.text}" if limit else "")
    settings = {"attempts": attempts, "retry_on": conditions}
    if limit is not None:
        settings["per_try_seconds"] = limit.seconds
    return Effect(EffectKind.RETRIES, text, settings, written.field)


def _times(attempts: int) -> str:
    return "once more" if attempts == 1 else f"up to {attempts} times more"


def _delays(delay: Delay | None) -> Iterator[Effect]:
    if delay is not None:
        length = delay.fixed_delay
        text = f"{percent_of(delay.percentage)} of requests wait {length.text if length else '?'}"
        settings = {
            "type": "delay",
            "percentage": delay.percentage,
            "seconds": length.seconds if length else None,
        }
        yield Effect(EffectKind.FAULT, text, settings, delay.field)


def _aborts(abort: Abort | None) -> Iterator[Effect]:
    if abort is not None:
        status = abort.http_status
        answer = f"status {status}" if status is not None else f"gRPC status {abort.grpc_status}"
        text = f"{percent_of(abort.percentage)} of requests are answered with {answer} instead"
        settings = {
            "type": "abort",
            "percentage": abort.percentage,
            "status": status,
            "grpc_status": None if abort.grpc_status is None else str(abort.grpc_status),
        }
        yield Effect(EffectKind.FAULT, text, settings, abort.field)


def _mirror(mesh: Mesh, owner: Resource, mirror: Mirror) -> Effect:
    destination = mirror.destination
    host = mesh.hosts.expand(destination.host or "", owner.namespace)
    subset = None if destination.subset is None else str(destination.subset)
    where = host + (f":{destination.port}" if destination.port else "") + (f" {subset}" if subset else "")
    settings = {
        "host": host,
        "port": destination.port,
        "subset": subset,
        "percentage": mirror.percentage,
    }
    text = f"{percent_of(mirror.percentage)} of requests are copied to {where}"
    return Effect(EffectKind.MIRROR, text, settings, mirror.field)


def _rewrite(route: HttpRoute) -> Iterator[Effect]:
    rewrite = route.rewrite
    if rewrite is None:
        return
    if rewrite.regex_match is not None:
        text = f"in the path '{rewrite.regex_match}' becomes '{rewrite.regex_rewrite or ''}'"
        settings = {"regex": str(rewrite.regex_match), "path": str(rewrite.regex_rewrite or "")}
        yield Effect(EffectKind.REWRITE, text, settings, rewrite.field)
    elif rewrite.uri is not None:
        text = f"the matched part of the path becomes '{rewrite.uri}'"
        yield Effect(EffectKind.REWRITE, text, {"path": str(rewrite.uri)}, rewrite.field)
    if rewrite.authority is not None:
        text = f"the authority becomes '{rewrite.authority}'"
        yield Effect(EffectKind.REWRITE, text, {"authority": str(rewrite.authority)}, rewrite.field)


def _headers(routes: tuple[HttpRoute, ...]) -> Iterator[Effect]:
    headers = next((one.headers for one in routes if one.headers is not None), None)
    if headers is None:
        return
    for direction, change in (("request", headers.request), ("response", headers.response)):
        if change is not None:
            parts = {"set": tuple(change.set), "add": tuple(change.add), "remove": tuple(change.remove)}
            names = {verb: tuple(map(str, found)) for verb, found in parts.items()}
            yield from header_changes(direction, names, change.field)
