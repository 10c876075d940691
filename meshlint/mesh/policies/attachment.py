"""Which workloads a policy of Istio attaches to.

AuthorizationPolicy, RequestAuthentication, Telemetry, WasmPlugin and their like all attach alike: by
`targetRefs` to Gateways and Services, by `selector` to pods, and by neither to a whole namespace, which for
the root namespace is the whole mesh (Istio: policy attachment).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from meshlint.matching import LabelSelector, SelectorIndex
from meshlint.mesh.parts import Placed
from meshlint.mesh.settings.settings import MeshSettings
from meshlint.mesh.shelves import Shelf
from meshlint.mesh.workloads.gateways import GATEWAY_NAME
from meshlint.mesh.workloads.workloads import Workloads
from meshlint.resources import Resource
from meshlint.resources.istio.selection import TargetRef, WorkloadSelector
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import frozen

GATEWAY_GROUP = "gateway.networking.k8s.io"

Target = tuple[str, str, str]
"""Group, kind and name of what a policy is attached to."""


class Attachable(Protocol):
    """What a policy must say of itself to be attached."""

    @property
    def resource(self) -> Resource:
        """The object."""

    @property
    def namespace(self) -> str:
        """The namespace that it lives in."""

    @property
    def selector(self) -> WorkloadSelector | None:
        """The pods it picks, if it has a selector."""

    @property
    def target_refs(self) -> tuple[TargetRef, ...]:
        """The objects it names instead."""


Policy = TypeVar("Policy", bound=Attachable)


@frozen(eq=False, slots=False, repr=False)
class FiledHere(Generic[Policy]):
    """The policies of one namespace, by what they attach to."""

    all: tuple[Policy, ...]

    @cached_property
    def selecting(self) -> SelectorIndex[Policy]:
        """Those that go by labels."""
        return SelectorIndex((_labels_of(one), one) for one in self.all if not one.target_refs)

    @cached_property
    def by_target(self) -> dict[Target, tuple[Policy, ...]]:
        """Those that name an object."""
        found: dict[Target, dict[int, Policy]] = {}
        for policy in self.all:
            for target in filter(None, map(target_of, policy.target_refs)):
                found.setdefault(target, {})[id(policy)] = policy
        return {target: tuple(policies.values()) for target, policies in found.items()}


@frozen(eq=False, repr=False)
class Filed(Generic[Policy]):
    """Policies, and those of each namespace: the same whichever workloads there are."""

    shelf: Shelf[Policy]
    within: Mapping[str, FiledHere[Policy]]


@frozen(eq=False, slots=False, repr=False)
class Selected(Generic[Policy]):
    """The workloads that policies attach to."""

    workloads: Workloads
    settings: MeshSettings

    @cached_property
    def _known(self) -> dict[Policy, tuple[Workload, ...]]:
        return {}

    def by(self, policy: Policy) -> tuple[Workload, ...]:
        """The workloads in the files that a policy attaches to."""
        known = self._known.get(policy)
        if known is None:
            known = self._known[policy] = self._found(policy)
        return known

    def _found(self, policy: Policy) -> tuple[Workload, ...]:
        if policy.target_refs:
            return self._named(policy)
        return self.workloads.labelled(reach_of(policy, self.settings), _labels_of(policy))

    def _named(self, policy: Policy) -> tuple[Workload, ...]:
        return tuple(
            workload
            for workload in self.workloads.in_namespace(policy.resource.namespace)
            if names_gateway(policy.target_refs, workload.pod.labels.get(GATEWAY_NAME))
        )


@frozen(eq=False, slots=False, repr=False)
class Attachment(Generic[Policy]):
    """Policies of one kind and the workloads they attach to, asked from either side."""

    filed: Filed[Policy]
    settings: MeshSettings
    chosen: Callable[[], Selected[Policy]]
    """The workloads of each policy, which are only asked for where they matter."""

    @property
    def all(self) -> tuple[Policy, ...]:
        """All of them."""
        return self.filed.shelf.all

    def attached_to(self, workload: Workload) -> tuple[Policy, ...]:
        """The policies that attach to the pods of `workload`, waypoints apart."""
        known = self._attached.get(workload)
        if known is None:
            known = self._attached[workload] = self._attached_to(workload)
        return known

    @cached_property
    def _attached(self) -> dict[Workload, tuple[Policy, ...]]:
        return {}

    def _attached_to(self, workload: Workload) -> tuple[Policy, ...]:
        labels = workload.pod_labels
        namespaces = dict.fromkeys((self.settings.root_namespace, workload.namespace))
        found = [
            policy
            for namespace in namespaces
            if namespace in self.filed.within
            for policy in self.filed.within[namespace].selecting.selecting(labels)
        ]
        gateway = labels.get(GATEWAY_NAME)
        if gateway is not None:
            found.extend(self.naming(workload.namespace, (GATEWAY_GROUP, "Gateway", gateway)))
        return tuple(found)

    def selected(self, policy: Policy) -> tuple[Workload, ...]:
        """The workloads in the files that `policy` attaches to."""
        return self._selected.by(policy)

    @cached_property
    def _selected(self) -> Selected[Policy]:
        return self.chosen()

    def naming(self, namespace: str, target: Target) -> tuple[Policy, ...]:
        """The policies of a namespace whose `targetRefs` name an object, which always lies beside them."""
        here = self.filed.within.get(namespace)
        return () if here is None else here.by_target.get(target, ())


def reach_of(policy: Placed, settings: MeshSettings) -> str | None:
    """The namespace whose pods a policy may attach to; None where it is for those of all namespaces."""
    return None if policy.namespace == settings.root_namespace else policy.namespace


def selector_of(policy: Attachable) -> LabelSelector:
    """The pods that a policy picks; without a selector, or with an empty one, all of them."""
    return LabelSelector.of(_labels_of(policy))


def _labels_of(policy: Attachable) -> Mapping[str, str]:
    return policy.selector.labels if policy.selector is not None else {}


def target_of(ref: TargetRef) -> Target | None:
    """What a reference names; None for one that names nothing, or a namespace, which is not allowed."""
    if not (ref.kind and ref.name) or ref.namespace:
        return None
    group = ref.group or ""
    return ("" if group == "core" else str(group), str(ref.kind), str(ref.name))


def names_gateway(refs: Iterable[TargetRef], gateway: str | None) -> bool:
    """Whether one of `refs` names the Gateway API Gateway of that name."""
    return gateway is not None and any(
        ref.kind == "Gateway" and ref.group == GATEWAY_GROUP and ref.name == gateway for ref in refs
    )
