"""What a rule of a Gateway API route puts in force beside its backends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from meshlint.documents import Field
from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.resources.gateway_api.filters import Filter
from meshlint.resources.gateway_api.reference import backend_ref
from meshlint.resources.gateway_api.route import RouteRule
from meshlint.resources.istio.parts import duration
from meshlint.traffic.effects.effect import (
    Effect,
    EffectKind,
    header_changes,
    no_retries,
    no_timeout,
    percent_of,
)
from meshlint.traffic.effects.istio import DEFAULT_ATTEMPTS, retries_in_force

_WHOLE = 100


def rule_effects(mesh: Mesh, namespace: str, rule: RouteRule[Any]) -> Iterator[Effect]:
    """What is in force for requests of a rule, as Istio does it (Istio: Gateway API timeouts and retries)."""
    yield _timeout(rule)
    yield _retries(mesh, rule)
    yield from filter_effects(mesh, namespace, rule.filters)


def filter_effects(mesh: Mesh, namespace: str, filters: tuple[Filter, ...]) -> Iterator[Effect]:
    """What the filters of a rule, or of one backend, do to requests."""
    for one in filters:
        if one.mirror is not None:
            yield _mirror(mesh, namespace, one, one.mirror)
        elif one.type == "URLRewrite":
            yield from _rewrite(one.field / "urlRewrite")
        elif one.type == "RequestHeaderModifier":
            yield from _headers("request", one.field / "requestHeaderModifier")
        elif one.type == "ResponseHeaderModifier":
            yield from _headers("response", one.field / "responseHeaderModifier")
        elif one.type == "CORS":
            yield Effect(EffectKind.CORS, "preflight requests are answered by the proxy", {}, one.field)


def _timeout(rule: RouteRule[Any]) -> Effect:
    keys = ("request",) if rule.field / "retry" else ("request", "backendRequest")
    for key in keys:
        found = duration(rule.timeouts, key)
        if found is not None and found.nanoseconds:
            return Effect(EffectKind.TIMEOUT, str(found.text), {"seconds": found.seconds}, found.field)
    return no_timeout()


def _retries(mesh: Mesh, rule: RouteRule[Any]) -> Effect:
    retry = rule.field / "retry"
    if not isinstance(retry.value, dict):
        return retries_in_force(mesh, None)
    written = retry.integer("attempts")
    attempts = DEFAULT_ATTEMPTS if written is None else written
    if attempts <= 0:
        return no_retries(retry)
    codes = [str(code.value) for code in retry.items("codes")]
    limit = duration(rule.timeouts, "backendRequest")
    on = f" on {','.join(codes)}" if codes else ""
    text = ("once more" if attempts == 1 else f"up to {attempts} times more") + on
    settings: dict[str, Any] = {"attempts": attempts, "retry_on": ",".join(codes)}
    if limit is not None and limit.nanoseconds:
        text += f", each within {limit.text}"
        settings["per_try_seconds"] = limit.seconds
    return Effect(EffectKind.RETRIES, text, settings, retry)


def _mirror(mesh: Mesh, namespace: str, one: Filter, place: Field) -> Effect:
    backend = backend_ref(place, namespace)
    host = ServiceName(str(backend.namespace), str(backend.name)).host(mesh.settings.cluster_domain)
    share = _share(one.field / "requestMirror")
    where = host + (f":{backend.port}" if backend.port else "")
    settings = {"host": host, "port": backend.port, "subset": None, "percentage": share}
    return Effect(
        EffectKind.MIRROR, f"{percent_of(share)} of requests are copied to {where}", settings, one.field
    )


def _share(mirror: Field) -> float:
    percent, fraction = mirror.integer("percent"), mirror / "fraction"
    if percent is not None:
        return percent
    numerator = fraction.integer("numerator")
    if numerator is None:
        return _WHOLE
    return numerator * _WHOLE / (fraction.integer("denominator") or _WHOLE)


def _rewrite(rewrite: Field) -> Iterator[Effect]:
    path, host = rewrite / "path", rewrite.text("hostname")
    prefix, whole = path.text("replacePrefixMatch"), path.text("replaceFullPath")
    if prefix is not None:
        text = f"the matched part of the path becomes '{prefix}'"
        yield Effect(EffectKind.REWRITE, text, {"path": str(prefix)}, rewrite)
    elif whole is not None:
        yield Effect(EffectKind.REWRITE, f"the path becomes '{whole}'", {"path": str(whole)}, rewrite)
    if host is not None:
        yield Effect(EffectKind.REWRITE, f"the authority becomes '{host}'", {"authority": str(host)}, rewrite)


def _headers(direction: str, change: Field) -> Iterator[Effect]:
    names = {verb: tuple(str(item.text("name")) for item in change.items(verb)) for verb in ("set", "add")}
    removed = tuple(map(str, change.texts("remove")))
    yield from header_changes(direction, {**names, "remove": removed}, change)
