"""What Istio's policies and extensions ask of proxies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from meshlint.advisor.evidence.features.evidence import Found, mappings, seen
from meshlint.documents import Path
from meshlint.mesh import Mesh
from meshlint.resources import Resource
from meshlint.resources.istio.authorization_policy import authorization_policy

_WHOLE_OBJECTS = (
    ("security.istio.io", "RequestAuthentication", "jwt"),
    ("extensions.istio.io", "WasmPlugin", "wasm"),
    ("extensions.istio.io", "TrafficExtension", "wasm"),
    ("security.istio.io", "PeerAuthentication", "mtls"),
)
_TELEMETRY = (("tracing", "tracing"), ("accessLogging", "access-logs"))
_GATEWAY_PODS = ("ingress", "gateway")
_SELECTING = (("workloadSelector", "labels"), ("selector", "matchLabels"))
"""Where an object says for which pods it is; the first one that names a label counts."""
_TOKENS = frozenset({"requestPrincipals", "notRequestPrincipals"})
_IDENTITIES = frozenset(
    {"principals", "notPrincipals", "namespaces", "notNamespaces", "serviceAccounts", "notServiceAccounts"}
)
_OF_REQUESTS = frozenset({"hosts", "notHosts", "methods", "notMethods", "paths", "notPaths"})


def istio_policy_needs(mesh: Mesh) -> Found:
    """The needs that Istio's policies, extensions and telemetry show."""
    for group, kind, need in _WHOLE_OBJECTS:
        for resource in mesh.resources.of(group, kind):
            yield seen(need, resource, at_gateway=is_for_gateway(resource))
    for resource in mesh.resources.of("networking.istio.io", "EnvoyFilter"):
        at_gateway = is_for_gateway(resource)
        need = "gateway-envoyfilter" if at_gateway else "envoyfilter"
        yield seen(need, resource, at_gateway=at_gateway)
    for resource in mesh.resources.of("telemetry.istio.io", "Telemetry"):
        for key, need in _TELEMETRY:
            if resource.spec / key:
                yield seen(need, resource, resource.spec / key, at_gateway=True)
    policies = mesh.kind("security.istio.io", "AuthorizationPolicy", authorization_policy)
    for resource in policies.objects:
        at_gateway = is_for_gateway(resource)
        for need, path in _needs(resource.field.value.get("spec")):
            yield seen(need, resource, path, at_gateway=at_gateway)


def is_for_gateway(resource: Resource) -> bool:
    """Whether an object of Istio is for the pods of a gateway alone, by the labels that gateways carry.

    Plain values do, as all policies are asked.
    """
    spec = resource.field.value.get("spec")
    if not isinstance(spec, dict) or not ("selector" in spec or "workloadSelector" in spec):
        return False
    selectors = [(spec.get(name), key) for name, key in _SELECTING]
    labels = [one.get(key) for one, key in selectors if isinstance(one, dict)]
    selecting = [one for one in labels if isinstance(one, dict)]
    return _names_gateway(selecting, "istio") or _names_gateway(selecting, "app")


def _names_gateway(selecting: Iterable[dict[str, Any]], key: str) -> bool:
    text = next((text for one in selecting if isinstance(text := one.get(key), str)), "")
    return bool(text) and any(word in text for word in _GATEWAY_PODS)


def _needs(spec: Any) -> Iterator[tuple[str, Path]]:
    """The needs that the spec of an AuthorizationPolicy shows, each with the path to it, as it is written:
    its view would tell of much more.
    """
    if not isinstance(spec, dict):
        return
    if spec.get("action") == "CUSTOM":
        yield "external-authorization", ()
    for path, rule in mappings(("spec",), spec, "rules"):
        for at, entry in mappings(path, rule, "from"):
            yield from _of_source((*at, "source"), entry.get("source"))
        for at, entry in mappings(path, rule, "to"):
            if _says_any(entry.get("operation"), _OF_REQUESTS):
                yield "request-authorization", (*at, "operation")
        for at, entry in mappings(path, rule, "when"):
            yield from _of_condition(at, entry)


def _says_any(value: Any, names: frozenset[str]) -> bool:
    """Whether a text stands in any of some lists."""
    if not isinstance(value, dict) or names.isdisjoint(value):
        return False
    lists = (held for name in names if isinstance(held := value.get(name), list))
    return any(isinstance(one, str) for held in lists for one in held)


def _of_source(path: Path, source: Any) -> Iterator[tuple[str, Path]]:
    if _says_any(source, _TOKENS):
        yield "jwt", path
    if _says_any(source, _IDENTITIES):
        yield "identity-authorization", path


def _of_condition(path: Path, condition: dict[str, Any]) -> Iterator[tuple[str, Path]]:
    key = condition.get("key")
    if not isinstance(key, str):
        return
    if key.startswith("request.auth."):
        yield "jwt", path
    elif key.startswith("request."):
        yield "request-authorization", path
    elif key in ("source.principal", "source.namespace"):
        yield "identity-authorization", path
