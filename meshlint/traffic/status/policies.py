"""What Istio writes into the status of policies for backends: BackendTLSPolicy and XBackendTrafficPolicy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from meshlint.documents import Field, Text
from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.resources.gateway_api.backend_tls_policy import (
    BackendTLSPolicy,
    PolicyTarget,
    backend_tls_policy,
)
from meshlint.resources.gateway_api.reference import GROUP, Reference, Target, reference
from meshlint.resources.resource import Resource
from meshlint.traffic.status.certificates import Certificates
from meshlint.traffic.status.conditions import ACCEPTED, RESOLVED, Condition, Objection, judged
from meshlint.traffic.status.controllers import ISTIO, WAYPOINT
from meshlint.values import NamedTuple, frozen

EXPERIMENTAL = "gateway.networking.x-k8s.io"
TARGET_NOT_FOUND = "TargetNotFound"
NO_VALID_CA = "NoValidCACertificate"
INVALID_CA = "InvalidCACertificateRef"
INVALID_KIND = "InvalidKind"
CONFLICTED = "Conflicted"
IGNORED = "IgnoredByIstio"
_IGNORE = "istio.io/ignore-policy-attachment"
_ENTRY = ("networking.istio.io", "ServiceEntry")
_MOST = 16


class Ancestor(NamedTuple):
    """What a policy is told of in its status: a target, or a Gateway whose routes lead to one."""

    group: str
    kind: str
    name: str
    section: str | None


@frozen(eq=False, repr=False)
class AncestorStatus:
    """What Istio says of a policy at one ancestor."""

    ancestor: Ancestor
    controller: str
    conditions: tuple[Condition, ...]
    target: Field | None


@frozen(eq=False, repr=False)
class PolicyStatus:
    """What Istio says of a policy."""

    policy: Resource
    ancestors: tuple[AncestorStatus, ...]


@frozen(eq=False, repr=False)
class _Policies:
    """Everything that policies are judged by."""

    mesh: Mesh
    certificates: Certificates
    by_target: Mapping[tuple[str, str, str, str, str | None], list[BackendTLSPolicy]]
    gateways: Mapping[tuple[str, str, str], list[str]]


def policy_statuses(mesh: Mesh) -> Iterator[PolicyStatus]:
    """What Istio says of every policy for backends."""
    written = mesh.views(GROUP, "BackendTLSPolicy", backend_tls_policy)
    around = _Policies(mesh, Certificates(mesh), _by_target(written), _gateways(mesh))
    for policy in written:
        found = _ignored(policy.resource) or tuple(_of_policy(around, policy))[:_MOST]
        yield PolicyStatus(policy.resource, found)
    for resource in mesh.resources.of(EXPERIMENTAL, "XBackendTrafficPolicy"):
        yield PolicyStatus(resource, _ignored(resource) or tuple(_of_traffic_policy(mesh, resource)))


def is_ignored(resource: Resource) -> bool:
    """Whether an annotation keeps a policy from Istio."""
    return str(resource.annotations.get(_IGNORE, "")).lower() == "true"


def _ignored(resource: Resource) -> tuple[AncestorStatus, ...]:
    if not is_ignored(resource):
        return ()
    objection = Objection(
        IGNORED, f"annotation {_IGNORE} keeps it from Istio", resource.annotations[_IGNORE].field
    )
    return tuple(
        AncestorStatus(_ancestor(target), WAYPOINT, (judged(ACCEPTED, objection),), target.field)
        for target in _targets(resource)
    )


def _targets(resource: Resource) -> Iterator[Reference]:
    for item in resource.spec.items("targetRefs"):
        yield reference(item, Target("", "Service", resource.namespace))


def _ancestor(target: Reference) -> Ancestor:
    section = target.field.text("sectionName")
    return Ancestor(
        str(target.group), str(target.kind), str(target.name), None if section is None else str(section)
    )


def _of_policy(around: _Policies, policy: BackendTLSPolicy) -> Iterator[AncestorStatus]:
    """What is said at each target, and last at each Gateway.

    What is wrong with one target is told at all that come after it, and at the Gateways: the conditions of
    targets share their errors (Istio: BackendTLSPolicyCollection).
    """
    resolved = _authority(around, policy)
    accepted = (
        None if resolved is None else Objection(NO_VALID_CA, resolved.words, resolved.field, resolved.certain)
    )
    accepted = _unknown_authorities(policy) or accepted
    gateways: dict[str, None] = {}
    for target in policy.target_refs:
        absent = _absent(around.mesh, target)
        told = absent or _conflict(around, policy, target)
        accepted = _worse(accepted, told)
        if absent is None or not absent.certain:
            name = (str(target.kind), policy.namespace, str(target.name))
            gateways.update(dict.fromkeys(around.gateways.get(name, ())))
        conditions = (judged(ACCEPTED, accepted), judged(RESOLVED, resolved))
        yield AncestorStatus(_ancestor(target), WAYPOINT, conditions, target.field)
    for gateway in sorted(gateways):
        conditions = (judged(ACCEPTED, accepted), judged(RESOLVED, resolved))
        ancestor = Ancestor(GROUP, "Gateway", gateway.partition("/")[2], None)
        yield AncestorStatus(ancestor, ISTIO, conditions, None)


def _worse(before: Objection | None, now: Objection | None) -> Objection | None:
    """What is told where something was wrong before: the newer, unless it is uncertain and the older not."""
    if now is None or (before is not None and before.certain and not now.certain):
        return before
    return now


def _authority(around: _Policies, policy: BackendTLSPolicy) -> Objection | None:
    """What is wrong with the authority for backends: Istio reads the first one, from a ConfigMap."""
    refs = policy.validation.ca_certificate_refs
    if policy.validation.well_known_ca_certificates is not None or not refs:
        return None
    if not refs[0].is_a("", "ConfigMap"):
        return Objection(
            INVALID_KIND, f"no authority is read from kind {refs[0].kind}", refs[0].field / "kind"
        )
    return around.certificates.root_problem(refs[0], INVALID_CA, parsed=False)


def _unknown_authorities(policy: BackendTLSPolicy) -> Objection | None:
    named = policy.validation.well_known_ca_certificates
    if named in (None, "System"):
        return None
    return Objection("Invalid", f"nobody knows authorities {str(named)!r}", named.field) if named else None


def _absent(mesh: Mesh, target: Reference) -> Objection | None:
    """Why a target is none: it does not exist, has no such port, or is of a kind that no policy is for."""
    name = target.name or Text.of("", target.field)
    if target.is_a("", "Service"):
        service = mesh.services.get(ServiceName(str(target.namespace), str(name)))
        ports = None if service is None else [str(port.name) for port in service.ports if port.name]
    elif target.is_a(*_ENTRY):
        entries = [one for one in mesh.service_entries if one.resource.namespace == target.namespace]
        entry = next((one for one in entries if one.resource.name == name), None)
        ports = (
            None if entry is None else [str(one.text("name")) for one in entry.resource.spec.items("ports")]
        )
    else:
        return Objection(TARGET_NOT_FOUND, f"no such policy is for kind {target.kind}", target.field / "kind")
    if ports is None:
        words = f"{target.kind} {target.namespace}/{name} must exist"
        return Objection(TARGET_NOT_FOUND, words, name.field, _is_missing(mesh, target))
    section = target.field.text("sectionName")
    if not section or section in ports:
        return None
    words = f"{target.kind} {target.namespace}/{name} has no port called {str(section)!r}"
    return Objection(TARGET_NOT_FOUND, words, section.field)


def _is_missing(mesh: Mesh, target: Reference) -> bool:
    """Whether a target is surely missing: its namespace shows its kind, and most of what policies name."""
    kind = (str(target.group), str(target.kind))
    place = str(target.namespace)
    if not mesh.namespaces.shows(place, (kind,), target.field):
        return False
    if mesh.settings.complete:
        return True
    known = [one.name for one in mesh.resources.living(*kind, place)]
    wanted = {
        str(one.name)
        for policy in mesh.resources.living(GROUP, "BackendTLSPolicy", place)
        for one in _targets(policy)
        if one.is_a(*kind)
    }
    routed = mesh.hosts.full_view.of_services(place, tuple(known))
    return routed and 2 * len(wanted & set(known)) >= len(wanted)


def _by_target(
    policies: tuple[BackendTLSPolicy, ...],
) -> dict[tuple[str, str, str, str, str | None], list[BackendTLSPolicy]]:
    found: dict[tuple[str, str, str, str, str | None], list[BackendTLSPolicy]] = {}
    for policy in policies:
        for target in policy.target_refs if not is_ignored(policy.resource) else ():
            found.setdefault((policy.namespace, *_ancestor(target)), []).append(policy)
    return found


def _conflict(around: _Policies, policy: BackendTLSPolicy, target: PolicyTarget) -> Objection | None:
    """An older policy for the same target wins, of one age the one whose name comes first."""
    rivals = around.by_target.get((policy.namespace, *_ancestor(target)), ())
    others = [one for one in rivals if one is not policy and one.name != policy.name]
    earlier = [one for one in others if _precedes(one.resource, policy.resource) is not False]
    if not earlier:
        return None
    certain = any(_precedes(one.resource, policy.resource) for one in earlier)
    words = f"{earlier[0]} is for the same target"
    return Objection(CONFLICTED, words, target.field, certain)


def _precedes(one: Resource, other: Resource) -> bool | None:
    """Whether a policy wins over another; None where their ages are in no file."""
    ages = [each.at("metadata").text("creationTimestamp") for each in (one, other)]
    if None in ages:
        return None
    return (str(ages[0]), one.name) < (str(ages[1]), other.name)


def _gateways(mesh: Mesh) -> dict[tuple[str, str, str], list[str]]:
    """The Gateways whose routes name a backend, whether or not they take the routes."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for route in mesh.routes:
        gateways = [f"{one.namespace}/{one.name}" for one in route.parent_refs if one.is_a(GROUP, "Gateway")]
        for rule in route.rules:
            for one in rule.backend_refs:
                name = (str(one.kind), str(one.namespace), str(one.name))
                found.setdefault(name, []).extend(gateways)
    return found


def _of_traffic_policy(mesh: Mesh, resource: Resource) -> Iterator[AncestorStatus]:
    accepted: Objection | None = None
    for target in _targets(resource):
        wrong = not target.is_a("", "Service")
        words = f"no such policy is for kind {target.kind}"
        absent = Objection(TARGET_NOT_FOUND, words, target.field / "kind") if wrong else _absent(mesh, target)
        accepted = _worse(accepted, absent)
        yield AncestorStatus(_ancestor(target), WAYPOINT, (judged(ACCEPTED, accepted),), target.field)
