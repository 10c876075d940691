"""What istiod's webhook checks in an EnvoyFilter (Istio: pkg/config/validation/envoyfilter)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from meshlint.admission.istio.parts.selectors import selector
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Said, Scene, Steps
from meshlint.admission.istio.vocabulary.shape import shape
from meshlint.admission.istio.vocabulary.values import regex_problem, text
from meshlint.resources.schema.words.writing import listed, quoted

LONGEST_VERSION: Final = 1024
MANAGER: Final = ("envoy.filters.network.http_connection_manager", "envoy.http_connection_manager")
OBJECTS: Final = ("listener", "routeConfiguration", "cluster", "waypoint")
MATCHES: Final = {
    "LISTENER": "listener",
    "FILTER_CHAIN": "listener",
    "NETWORK_FILTER": "listener",
    "HTTP_FILTER": "listener",
    "ROUTE_CONFIGURATION": "routeConfiguration",
    "VIRTUAL_HOST": "routeConfiguration",
    "HTTP_ROUTE": "routeConfiguration",
    "CLUSTER": "cluster",
}
OLD_NAMES: Final = {
    "envoy.buffer": "envoy.filters.http.buffer",
    "envoy.cors": "envoy.filters.http.cors",
    "envoy.csrf": "envoy.filters.http.csrf",
    "envoy.http_dynamo_filter": "envoy.filters.http.dynamo",
    "envoy.ext_authz": "envoy.filters.http.ext_authz",
    "envoy.fault": "envoy.filters.http.fault",
    "envoy.grpc_http1_bridge": "envoy.filters.http.grpc_http1_bridge",
    "envoy.grpc_json_transcoder": "envoy.filters.http.grpc_json_transcoder",
    "envoy.grpc_web": "envoy.filters.http.grpc_web",
    "envoy.gzip": "envoy.filters.http.gzip",
    "envoy.health_check": "envoy.filters.http.health_check",
    "envoy.ip_tagging": "envoy.filters.http.ip_tagging",
    "envoy.lua": "envoy.filters.http.lua",
    "envoy.rate_limit": "envoy.filters.http.ratelimit",
    "envoy.router": "envoy.filters.http.router",
    "envoy.squash": "envoy.filters.http.squash",
    "envoy.listener.http_inspector": "envoy.filters.listener.http_inspector",
    "envoy.listener.original_dst": "envoy.filters.listener.original_dst",
    "envoy.listener.original_src": "envoy.filters.listener.original_src",
    "envoy.listener.proxy_protocol": "envoy.filters.listener.proxy_protocol",
    "envoy.listener.tls_inspector": "envoy.filters.listener.tls_inspector",
    "envoy.client_ssl_auth": "envoy.filters.network.client_ssl_auth",
    "envoy.http_connection_manager": "envoy.filters.network.http_connection_manager",
    "envoy.mongo_proxy": "envoy.filters.network.mongo_proxy",
    "envoy.ratelimit": "envoy.filters.network.ratelimit",
    "envoy.redis_proxy": "envoy.filters.network.redis_proxy",
    "envoy.tcp_proxy": "envoy.filters.network.tcp_proxy",
}


def _in_use(value: Any, _: Scene) -> Iterator[Said]:
    del value
    words = "patches what Istio makes for its proxies, so any release may break it"
    hint = "Use another API of Istio where one serves, and look at each upgrade."
    yield Said(Mistake.ENVOY_FILTER, words, hint=hint, on_key=True, refuses=False)


def _patch(value: Any, _: Scene) -> Iterator[Said]:
    """One entry; the webhook looks no further where something is missing."""
    if not isinstance(value, dict) or text(value.get("match"), "context") == "WAYPOINT":
        return
    lacking = _lacking(value)
    if lacking is not None:
        yield lacking
        return
    said, sound = _version(value)
    yield from said
    if sound:
        said, sound = _matched(value)
        yield from said
        if sound:
            yield from _value(value)


def _lacking(value: dict[str, Any]) -> Said | None:
    patch = value.get("patch")
    operation = text(patch, "operation")
    if text(value, "applyTo") in ("", "INVALID"):
        return _said("has a patch without applyTo", ("applyTo",), value, "Say what it applies to.")
    if not isinstance(patch, dict):
        return _said("has an entry without a patch", ("patch",), value, "Set patch.")
    if operation in ("", "INVALID"):
        return _said("has a patch without an operation", ("patch", "operation"), value, "Set operation.")
    if operation != "REMOVE" and not isinstance(patch.get("value"), dict):
        return _said(
            f"has a patch that does {operation} without a value", ("patch", "value"), value, "Set value."
        )
    return None


def _said(words: str, at: Steps, value: dict[str, Any], hint: str) -> Said:
    """At the field, or at what should hold it."""
    holder: Any = value
    for step in at[:-1]:
        holder = holder.get(step)
    written = at if isinstance(holder, dict) and at[-1] in holder else at[:-1]
    return Said(Mistake.PATCH, words, written, hint, on_key=True)


def _version(value: dict[str, Any]) -> tuple[list[Said], bool]:
    match = value.get("match")
    proxy = match.get("proxy") if isinstance(match, dict) else None
    version, at = text(proxy, "proxyVersion"), ("match", "proxy", "proxyVersion")
    if len(version.encode()) > LONGEST_VERSION:
        words = f"matches proxyVersion by more than {LONGEST_VERSION} characters, so it is ignored"
        return [Said(Mistake.PATCH_DOUBTFUL, words, at, "Shorten it.", refuses=False)], True
    problem = regex_problem(version) if version else ""
    if problem:
        words = f"matches proxyVersion by what {problem}"
        return [Said(Mistake.PATCH, words, at, "Regular expressions follow RE2.")], False
    return [], True


def _matched(value: dict[str, Any]) -> tuple[list[Said], bool]:
    """The match suits what the patch applies to."""
    target = text(value, "applyTo")
    wanted, match = MATCHES.get(target), value.get("match")
    given = [name for name in OBJECTS if isinstance(match, dict) and match.get(name) is not None]
    if wanted is None or not given:
        return [], True
    if given == ["waypoint"]:
        return [_misses_waypoints(value["match"])], True
    if wanted not in given:
        words = f"applies to {target} and matches by {listed(given, 'and')}"
        hint = f"Match by `{wanted}`, or apply it to another kind of object."
        places: tuple[Steps, Steps] = (("applyTo",), ("match", given[0]))
        at, other = places if _is_for_others(value, target) else places[::-1]
        said = Said(Mistake.PATCH, words, at, hint, on_key=at != ("applyTo",), related=(other,))
        return [said], wanted != "listener"
    return _filters(value, target) if wanted == "listener" else ([], True)


def _misses_waypoints(match: dict[str, Any]) -> Said:
    """Waypoints are met in a context of their own; in any other one the webhook takes them for no match."""
    words = f"matches a waypoint in context {text(match, 'context') or 'ANY'}"
    at = ("match", "context") if "context" in match else ("match", "waypoint")
    return Said(Mistake.PATCH, words, at, "Set `context: WAYPOINT`.", on_key="context" not in match)


def _is_for_others(value: dict[str, Any], target: str) -> bool:
    """Whether the value itself is none for what the patch applies to, which is then what is wrong."""
    from meshlint.admission.istio.vocabulary.envoy_types import patched

    patch = value["patch"].get("value")
    return isinstance(patch, dict) and any(patched(target, patch))


def _filters(value: dict[str, Any], target: str) -> tuple[list[Said], bool]:
    listener = value["match"]["listener"]
    chain = listener.get("filterChain") if isinstance(listener, dict) else None
    found = chain.get("filter") if isinstance(chain, dict) else None
    if not isinstance(found, dict):
        return [], True
    at: Steps = ("match", "listener", "filterChain", "filter")
    told: list[Said] = []
    if target in ("LISTENER", "FILTER_CHAIN"):
        words = f"applies to {target} and matches a filter, so that match has no effect"
        told.append(Said(Mistake.PATCH_DOUBTFUL, words, at, "Remove it.", on_key=True, refuses=False))
    problem = _filter_problem(value, found, at)
    if problem is not None:
        return [*told, problem], False
    names = ((at, found), ((*at, "subFilter"), found.get("subFilter")))
    for place, holder in names:
        name = text(holder, "name")
        if name in OLD_NAMES:
            words = f"matches the filter {quoted(name)}, an old name, so it may match nothing"
            hint = f"Write {quoted(OLD_NAMES[name])}."
            told.append(Said(Mistake.PATCH_DOUBTFUL, words, (*place, "name"), hint, refuses=False))
    return told, True


def _filter_problem(value: dict[str, Any], found: dict[str, Any], at: Steps) -> Said | None:
    name, sub, target = text(found, "name"), found.get("subFilter"), text(value, "applyTo")
    if not name:
        place = (*at, "name") if "name" in found else at
        return Said(Mistake.PATCH, "matches a filter without a name", place, "Name it.", on_key=True)
    if sub is None:
        return None
    place = (*at, "subFilter")
    if target != "HTTP_FILTER":
        words = f"applies to {target} and matches a subFilter"
        hint = "Only HTTP_FILTER has one."
        if _is_for_others(value, target):
            return Said(Mistake.PATCH, words, ("applyTo",), hint, related=(place,))
        return Said(Mistake.PATCH, words, place, hint, on_key=True)
    if name not in MANAGER:
        words = f"matches a subFilter of {quoted(name)}, which has none"
        return Said(Mistake.PATCH, words, (*at, "name"), f"Write {quoted(MANAGER[0])}.")
    if not text(sub, "name"):
        place = (*place, "name") if isinstance(sub, dict) and "name" in sub else place
        return Said(Mistake.PATCH, "matches a subFilter without a name", place, "Name it.", on_key=True)
    return None


def _value(value: dict[str, Any]) -> Iterator[Said]:
    patch = value["patch"].get("value")
    if not isinstance(patch, dict):
        return
    from meshlint.admission.istio.vocabulary.envoy_types import patched

    for fault in patched(text(value, "applyTo"), patch):
        mistake = Mistake.PATCH if fault.refuses else Mistake.PATCH_DOUBTFUL
        at = ("patch", "value", *fault.at)
        yield Said(mistake, fault.words, at, fault.hint, fault.on_key, fault.refuses)


SHAPE: Final = shape(
    {
        "": _in_use,
        "workloadSelector": selector("labels"),
        "configPatches[]": _patch,
    }
)
