"""What Istio's policies and extensions ask of proxies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from meshlint.advisor.evidence.features.evidence import Found, seen
from meshlint.documents import Field
from meshlint.mesh import Mesh
from meshlint.resources import Resource
from meshlint.resources.istio.authorization_policy import authorization_policy
from meshlint.resources.istio.parts import parts

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
_TOKENS = ("requestPrincipals", "notRequestPrincipals")
_IDENTITIES = (
    "principals",
    "notPrincipals",
    "namespaces",
    "notNamespaces",
    "serviceAccounts",
    "notServiceAccounts",
)
_OF_REQUESTS = ("hosts", "notHosts", "methods", "notMethods", "paths", "notPaths")


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
        for need, field in _needs(resource):
            yield seen(need, resource, field, at_gateway=at_gateway)


def is_for_gateway(resource: Resource) -> bool:
    """Whether an object of Istio is for the pods of a gateway alone, by the labels that gateways carry.

    Plain values do, as all policies are asked.
    """
    spec = resource.field.value.get("spec")
    selecting = [labels for path in _SELECTING if isinstance(labels := _within(spec, *path), dict)]
    named = (_first_text(selecting, name) for name in ("istio", "app"))
    return any(word in name for name in named for word in _GATEWAY_PODS)


def _within(value: Any, *path: str) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _first_text(held: Iterable[dict[str, Any]], key: str) -> str:
    return next((text for one in held if isinstance(text := one.get(key), str)), "")


def _needs(policy: Resource) -> Iterator[tuple[str, Field]]:
    """The needs that an AuthorizationPolicy shows, as it is written: its view would tell of much more."""
    if policy.spec.text("action") == "CUSTOM":
        yield "external-authorization", policy.field
    for rule in parts(policy.spec, "rules", _itself):
        for source in parts(rule, "from", lambda item: item / "source"):
            yield from _of_source(source)
        for operation in parts(rule, "to", lambda item: item / "operation"):
            if _says_any(operation, _OF_REQUESTS):
                yield "request-authorization", operation
        for condition in parts(rule, "when", _itself):
            yield from _of_condition(condition)


def _itself(field: Field) -> Field:
    return field


def _says_any(field: Field, names: Iterable[str]) -> bool:
    return any(field.texts(name) for name in names)


def _of_source(source: Field) -> Iterator[tuple[str, Field]]:
    if _says_any(source, _TOKENS):
        yield "jwt", source
    if _says_any(source, _IDENTITIES):
        yield "identity-authorization", source


def _of_condition(condition: Field) -> Iterator[tuple[str, Field]]:
    key = str(condition.text("key") or "")
    if key.startswith("request.auth."):
        yield "jwt", condition
    elif key.startswith("request."):
        yield "request-authorization", condition
    elif key.startswith("source.") and key in ("source.principal", "source.namespace"):
        yield "identity-authorization", condition
