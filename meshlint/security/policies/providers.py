"""External providers: ports at which they are not asked, and policies that ask several of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.matching import LabelSelector
from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.policies.attachment import reach_of
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.istio import Chain
from meshlint.security.istio.comparing import concerns_port
from meshlint.security.istio.translate import translated
from meshlint.security.policies.scope import before_sidecars
from meshlint.security.transport.inbound import chains, service_ports
from meshlint.values import frozen

_HTTP_ONLY = "envoyExtAuthzHttp"


def unasked_ports(mesh: Mesh) -> Iterator[tuple[AuthorizationPolicy, Workload, int]]:
    """CUSTOM policies with a provider that knows only HTTP, each with a TCP port that they are for.

    There the policy is ignored, and the connection passes (Istio: CUSTOM on TCP).
    """
    kinds = dict(mesh.settings.extension_provider_kinds)
    asking = (one for one in mesh.authorization_policies.all if one.action == "CUSTOM")
    for policy, workloads in before_sidecars(mesh, asking):
        if kinds.get(policy.provider or "") == _HTTP_ONLY:
            found = ((one, port) for one in workloads for port in _open_ports(mesh, policy, one))
            first = next(found, None)
            if first is not None:
                yield policy, *first


def _open_ports(mesh: Mesh, policy: AuthorizationPolicy, workload: Workload) -> Iterator[int]:
    rules = [
        rule for rule in translated(mesh, policy, Chain.TCP, ()) if not rule.dropped and not rule.vanished
    ]
    ports = {target for found in service_ports(mesh, workload).values() for target in found}
    for port in sorted(ports):
        if chains(mesh, workload, port) == (Chain.TCP,) and any(concerns_port(one, port) for one in rules):
            yield port


@frozen(eq=False, repr=False)
class Rivals:
    """Two policies that ask different providers for the same pods; no `workload` where none is in view."""

    policy: AuthorizationPolicy
    other: AuthorizationPolicy
    workload: Workload | None


def rivals(mesh: Mesh) -> Iterator[Rivals]:
    """Policies with different providers for one workload, or for whatever pods both select, each once."""
    told: set[int] = set()
    for one in (*_at_workloads(mesh), *_out_of_view(mesh)):
        if id(one.other) not in told:
            told.add(id(one.other))
            yield one


def _at_workloads(mesh: Mesh) -> Iterator[Rivals]:
    for workload in _contested(mesh):
        attached = mesh.authorization_policies.attached_to(workload)
        asking = [policy for policy in attached if policy.action == "CUSTOM" and policy.provider]
        for other in asking[1:]:
            if other.provider != asking[0].provider:
                yield Rivals(asking[0], other, workload)
                break


def _contested(mesh: Mesh) -> Iterable[Workload]:
    """The workloads of namespaces that policies with different providers are for, which few are."""
    providers: dict[str | None, set[str]] = {None: set()}
    for policy in mesh.authorization_policies.all:
        if policy.action == "CUSTOM" and policy.provider:
            providers.setdefault(reach_of(policy, mesh.settings), set()).add(policy.provider)
    everywhere = providers.pop(None)
    if len(everywhere) > 1:
        return mesh.workloads.all
    places = {place for place, asked in providers.items() if len(asked | everywhere) > 1}
    return [one for one in mesh.workloads.all if one.namespace in places] if places else ()


def _out_of_view(mesh: Mesh) -> Iterator[Rivals]:
    """Pairs of one namespace with one selector or target: what pods they are for, they are both for."""
    first: dict[object, AuthorizationPolicy] = {}
    for policy in mesh.authorization_policies.all:
        if policy.action != "CUSTOM" or not policy.provider:
            continue
        other = first.setdefault((policy.resource.namespace, _subject(policy)), policy)
        if other.provider != policy.provider and belong_together(other.resource, policy.resource):
            yield Rivals(other, policy, None)


def _subject(policy: AuthorizationPolicy) -> object:
    if policy.target_refs:
        return frozenset((str(one.group), str(one.kind), str(one.name)) for one in policy.target_refs)
    return LabelSelector.of(policy.selector.labels if policy.selector is not None else {})
