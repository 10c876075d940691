"""What Istio's policies and extensions ask of proxies."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.advisor.evidence.features.evidence import Found, seen
from meshlint.documents import Field
from meshlint.mesh import Mesh
from meshlint.resources import Resource
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy, Condition, Operation, Source

_WHOLE_OBJECTS = (
    ("security.istio.io", "RequestAuthentication", "jwt"),
    ("extensions.istio.io", "WasmPlugin", "wasm"),
    ("extensions.istio.io", "TrafficExtension", "wasm"),
    ("security.istio.io", "PeerAuthentication", "mtls"),
)
_TELEMETRY = (("tracing", "tracing"), ("accessLogging", "access-logs"))
_GATEWAY_PODS = ("ingress", "gateway")


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
    for policy in mesh.authorization_policies.all:
        at_gateway = is_for_gateway(policy.resource)
        for need, field in _needs(policy):
            yield seen(need, policy.resource, field, at_gateway=at_gateway)


def is_for_gateway(resource: Resource) -> bool:
    """Whether an object of Istio is for the pods of a gateway alone, by the labels that gateways carry."""
    spec = resource.spec
    labels = {
        **(spec / "selector").mapping("matchLabels"),
        **(spec / "workloadSelector").mapping("labels"),
    }
    named = (labels.get("istio", ""), labels.get("app", ""))
    return any(word in name for name in named for word in _GATEWAY_PODS)


def _needs(policy: AuthorizationPolicy) -> Iterator[tuple[str, Field]]:
    if policy.action == "CUSTOM":
        yield "external-authorization", policy.field
    for rule in policy.rules or ():
        for source in rule.from_ or ():
            yield from _of_source(source)
        for operation in rule.to or ():
            if _looks_at_requests(operation):
                yield "request-authorization", operation.field
        for condition in rule.when or ():
            yield from _of_condition(condition)


def _of_source(source: Source) -> Iterator[tuple[str, Field]]:
    if source.request_principals or source.not_request_principals:
        yield "jwt", source.field
    identities = (source.principals, source.not_principals, source.namespaces, source.not_namespaces)
    if any(identities) or source.service_accounts or source.not_service_accounts:
        yield "identity-authorization", source.field


def _of_condition(condition: Condition) -> Iterator[tuple[str, Field]]:
    key = str(condition.key or "")
    if key.startswith("request.auth."):
        yield "jwt", condition.field
    elif key.startswith("request."):
        yield "request-authorization", condition.field
    elif key.startswith("source.") and key in ("source.principal", "source.namespace"):
        yield "identity-authorization", condition.field


def _looks_at_requests(operation: Operation) -> bool:
    written = (operation.hosts, operation.not_hosts, operation.methods, operation.not_methods)
    return any(written) or bool(operation.paths or operation.not_paths)
