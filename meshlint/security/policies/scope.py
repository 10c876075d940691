"""Whether two policies of Istio attach to the same workloads, told by what they say of themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, partial
from typing import Generic, TypeVar

from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.placement import Nearby
from meshlint.mesh.policies.attachment import GATEWAY_GROUP, Attachable
from meshlint.mesh.remembered import once_each, remembered
from meshlint.mesh.workloads.gateways import is_gateway
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.istio.selection import TargetRef
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import istio_ambient, istio_sidecar
from meshlint.values import frozen

_CORE = ("", "core", None)


def labels_of(policy: Attachable) -> Mapping[str, str]:
    """The labels that a policy selects pods by; none where it is for all of them, or names its targets."""
    if policy.selector is None or policy.target_refs:
        return {}
    return policy.selector.labels


@remembered
def has_sidecar(mesh: Mesh, workload: Workload) -> bool:
    """Whether a sidecar stands before the ports; those of a gateway are what Gateway objects say."""
    if is_gateway(workload) or istio_ambient(mesh, workload).is_present:
        return False
    return istio_sidecar(mesh, workload).is_present


def selecting(mesh: Mesh) -> Iterator[AuthorizationPolicy]:
    """The AuthorizationPolicies that pick pods by labels."""
    return filter(_selects, mesh.authorization_policies.all)


def _selects(policy: AuthorizationPolicy) -> bool:
    return policy.selector is not None and bool(policy.selector.labels) and not policy.target_refs


def _have_sidecars(mesh: Mesh, workloads: tuple[Workload, ...]) -> bool:
    return all(has_sidecar(mesh, one) for one in workloads)


def before_sidecars(
    mesh: Mesh, policies: Iterable[AuthorizationPolicy]
) -> Iterator[tuple[AuthorizationPolicy, tuple[Workload, ...]]]:
    """Those of some policies that pick pods by labels, with the workloads in view, if all of these have
    sidecars.
    """
    have_sidecars = once_each(partial(_have_sidecars, mesh))
    for policy in filter(_selects, policies):
        workloads = mesh.authorization_policies.selected(policy)
        if workloads and have_sidecars(workloads):
            yield policy, workloads


@frozen(eq=False, repr=False)
class _Extent:
    """What a policy says of the workloads that it attaches to."""

    namespace: str
    labels: frozenset[tuple[str, str]]
    named: frozenset[tuple[str, str, str]]

    @classmethod
    def of(cls, policy: Attachable) -> _Extent:
        """What `policy` says."""
        labels = frozenset(labels_of(policy).items())
        return cls(policy.resource.namespace, labels, _named(policy.target_refs))

    def covers(self, narrow: _Extent, root: str) -> bool:
        """Whether that is surely all of what `narrow` says where `root` is the mesh's root namespace."""
        if narrow.named or self.named:
            return self.namespace == narrow.namespace and bool(narrow.named) and narrow.named <= self.named
        return self.namespace in (narrow.namespace, root) and self.labels <= narrow.labels


def covers(mesh: Mesh, wide: Attachable, narrow: Attachable) -> bool:
    """Whether `wide` surely attaches to every workload that `narrow` attaches to."""
    return _Extent.of(wide).covers(_Extent.of(narrow), mesh.settings.root_namespace)


Policy = TypeVar("Policy", bound=Attachable)


@frozen(eq=False, slots=False, repr=False)
class _Versions(Generic[Policy]):
    """Policies of one name that attach to the same, of which there may be one in each of many directories."""

    extent: _Extent
    policies: list[Policy]

    @cached_property
    def nearby(self) -> Nearby[Policy]:
        """The policies by the files that they stand in, which few are asked for."""
        return Nearby(tuple((one.resource.document.file, one) for one in self.policies))


@frozen(eq=False, slots=False, repr=False)
class Covering(Generic[Policy]):
    """Policies by what they attach to, so that those which cover one are looked up and not tried in turn."""

    mesh: Mesh
    policies: tuple[Policy, ...]

    @cached_property
    def _by_target(self) -> dict[tuple[str, tuple[str, str] | None], list[_Versions[Policy]]]:
        """By namespace and one of the labels that they select by; by None where they select by none."""
        alike: dict[object, _Versions[Policy]] = {}
        for one in self.policies:
            extent = _Extent.of(one)
            key = one.resource.id, extent.labels, extent.named
            alike.setdefault(key, _Versions(extent, [])).policies.append(one)
        found: dict[tuple[str, tuple[str, str] | None], list[_Versions[Policy]]] = {}
        for those in alike.values():
            label = min(those.extent.labels, default=None)
            found.setdefault((those.extent.namespace, label), []).append(those)
        return found

    @cached_property
    def _order(self) -> dict[int, int]:
        return {id(one): place for place, one in enumerate(self.policies)}

    def any_of(self, narrow: Attachable) -> bool:
        """Whether some policy surely attaches to every workload that `narrow` attaches to."""
        return any(True for _ in self._covering(narrow))

    def beside(self, narrow: Attachable) -> list[Policy]:
        """The policies that surely attach to every workload that `narrow` attaches to, in their order, where
        they stand near it and are no versions of it.
        """
        itself, file = narrow.resource, narrow.resource.document.file
        found: list[Policy] = []
        for one in self._covering(narrow):
            other = one.policies[0].resource
            if other.name != itself.name or other.id != itself.id:
                found += one.nearby.of(file)
        return self._ordered(found)

    def over(self, narrow: Attachable) -> list[Policy]:
        """The policies that surely attach to every workload that `narrow` attaches to, in their order."""
        return self._ordered([policy for one in self._covering(narrow) for policy in one.policies])

    def _ordered(self, found: list[Policy]) -> list[Policy]:
        return sorted(found, key=lambda one: self._order[id(one)]) if len(found) > 1 else found

    def _covering(self, narrow: Attachable) -> Iterator[_Versions[Policy]]:
        """Those that cover a policy: they are filed by a label of its own, or by none."""
        extent, root = _Extent.of(narrow), self.mesh.settings.root_namespace
        for place in dict.fromkeys((extent.namespace, root)):
            for label in (None, *extent.labels):
                for one in self._by_target.get((place, label), ()):
                    if one.extent.covers(extent, root):
                        yield one


def may_share(mesh: Mesh, one: Attachable, other: Attachable) -> bool:
    """Whether both may attach to some workload: nothing that they say of themselves excludes it.

    A waypoint takes what names its Gateway or its Services, and no selectors (Istio: policy attachment).
    """
    places = {one.resource.namespace, other.resource.namespace}
    if len(places) > 1 and mesh.settings.root_namespace not in places:
        return False
    if one.target_refs and other.target_refs:
        kinds = {ref.kind for ref in (*one.target_refs, *other.target_refs)}
        return len(kinds) > 1 or bool(_named(one.target_refs) & _named(other.target_refs))
    if one.target_refs or other.target_refs:
        refs = one.target_refs or other.target_refs
        return any(ref.kind in ("Gateway", "GatewayClass") for ref in refs)
    labels = labels_of(one)
    return all(labels.get(key, value) == value for key, value in labels_of(other).items())


def names_service(ref: TargetRef) -> bool:
    """Whether a target is a Service of Kubernetes, whose waypoint then enforces the policy."""
    return ref.kind == "Service" and ref.group in _CORE


def names_kubernetes_gateway(ref: TargetRef) -> bool:
    """Whether a target is a Gateway of the Gateway API."""
    return ref.kind == "Gateway" and ref.group == GATEWAY_GROUP


def _named(refs: tuple[TargetRef, ...]) -> frozenset[tuple[str, str, str]]:
    return frozenset((ref.group or "", ref.kind or "", ref.name or "") for ref in refs)
