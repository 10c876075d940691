"""Where the keys of tokens come from, and whether the issuers' word is clear."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.resources import Resource
from meshlint.resources.istio.request_authentication import JwtRule, RequestAuthentication
from meshlint.resources.kubernetes.workload import Workload, workload
from meshlint.security.policies.scope import covers, has_sidecar
from meshlint.security.transport.inbound import is_plain_tcp

_BLOCKED = "BLOCKED_CIDRS_IN_JWKS_URIS"
_CONTROL_PLANE = "istiod"

Pair = tuple[RequestAuthentication, JwtRule, RequestAuthentication, JwtRule]


def contested_issuers(mesh: Mesh) -> Iterator[Pair]:
    """Pairs of rules for one issuer and the same workloads that take different keys.

    A token is good if any of them finds it so (Istio: several token rules).
    """
    held = [(one, rule) for one in mesh.request_authentications.all for rule in one.jwt_rules if rule.issuer]
    for (one, rule), (other, second) in combinations(held, 2):
        if rule.issuer == second.issuer and _differ(rule, second) and _together(mesh, one, other):
            yield one, rule, other, second


def _together(mesh: Mesh, one: RequestAuthentication, other: RequestAuthentication) -> bool:
    if one is other:
        return True
    if one.resource.id == other.resource.id:
        return False
    return covers(mesh, one, other) or covers(mesh, other, one)


def _differ(one: JwtRule, other: JwtRule) -> bool:
    """Whether both say where their keys are, in the same way, and not the same."""
    addresses = one.jwks_uri and other.jwks_uri and one.jwks_uri != other.jwks_uri
    return bool(addresses or (one.jwks and other.jwks and one.jwks.split() != other.jwks.split()))


def on_tcp_only(mesh: Mesh) -> Iterator[tuple[RequestAuthentication, Workload]]:
    """Those that select only workloads of which every port speaks plain TCP, where no token is looked at."""
    for one in mesh.request_authentications.all:
        if one.selector is None or not one.selector.labels or one.target_refs or not one.jwt_rules:
            continue
        selected = mesh.request_authentications.selected(one)
        if selected and all(has_sidecar(mesh, pod) and is_plain_tcp(mesh, pod) for pod in selected):
            yield one, selected[0]


def for_any_audience(mesh: Mesh) -> Iterator[tuple[RequestAuthentication, JwtRule]]:
    """Token rules that take tokens meant for anyone."""
    for one in mesh.request_authentications.all:
        for rule in one.jwt_rules:
            if not rule.audiences and (rule.issuer or rule.jwks_uri):
                yield one, rule


def unrestricted_fetchers(mesh: Mesh) -> Iterator[tuple[Resource, Text]]:
    """Control planes that fetch keys from any address, each with one that some object tells them."""
    uris = [
        rule.jwks_uri for one in mesh.request_authentications.all for rule in one.jwt_rules if rule.jwks_uri
    ]
    for resource in mesh.resources.of("apps", "Deployment") if uris else ():
        found = workload(resource)
        if found is None or resource.labels.get("app", found.pod.labels.get("app")) != _CONTROL_PLANE:
            continue
        set_here = any(
            entry.text("name") == _BLOCKED and (entry.text("value") or "valueFrom" in entry)
            for container in found.pod.containers
            for entry in container.field.items("env")
        )
        if not set_here and found.pod.containers:
            yield resource, uris[0]
