"""Services that no file shows because a controller makes them for another object in the files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import chain

from meshlint.mesh.names.expansion import ServiceName
from meshlint.resources import Resource, ResourceSet
from meshlint.values import frozen

_MAKES_NONE = frozenset(
    {
        "",
        "apps",
        "autoscaling",
        "batch",
        "cert-manager.io",
        "extensions",
        "kustomize.config.k8s.io",
        "linkerd.io",
        "monitoring.coreos.com",
        "networking.k8s.io",
        "policy",
        "policy.linkerd.io",
        "rbac.authorization.k8s.io",
        "split.smi-spec.io",
    }
)
_RELEASES = frozenset({"HelmRelease", "HelmChart"})
_ANY = "*"


@frozen(eq=False, slots=False, repr=False)
class MadeServices:
    """What may be made at run time: Services named after gateways, canaries, custom objects and clusters."""

    resources: ResourceSet

    @cached_property
    def _makers(self) -> dict[str, frozenset[str]]:
        names: dict[str, set[str]] = {}
        for resource in made_for(self.resources):
            for namespace in _namespaces(resource):
                names.setdefault(namespace, set()).add(resource.name)
        return {namespace: frozenset(found) for namespace, found in names.items()}

    @cached_property
    def _clusters(self) -> tuple[str, ...]:
        links = self.resources.of("multicluster.linkerd.io", "Link")
        return tuple(name for link in links if (name := link.spec.text("targetClusterName")))

    def may_hold(self, service: ServiceName) -> bool:
        """Whether a controller may make a Service of this name.

        They name it after their object, as Istio does for a Gateway (`<name>-<class>`), or after the cluster
        that it is mirrored from, as Linkerd does.
        """
        parts = service.name.split("-")
        starts = {"-".join(parts[: end + 1]) for end in range(len(parts))}
        anywhere = self._makers.get(_ANY, frozenset())
        if starts & (self._makers.get(service.namespace, frozenset()) | anywhere):
            return True
        return any(service.name.endswith(f"-{cluster}") for cluster in self._clusters)


def _namespaces(resource: Resource) -> list[str]:
    """Where an object makes Services: beside itself, or where a release or an application goes.

    A release that names no namespace gets one from the tool that applies it, whichever that is.
    """
    wanted = resource.spec.text("targetNamespace") or (resource.spec / "destination").text("namespace")
    if wanted:
        return [str(wanted)]
    if resource.kind in _RELEASES and not resource.names_namespace:
        return [_ANY]
    return [resource.namespace]


def made_for(resources: ResourceSet) -> Iterator[Resource]:
    """The objects for which a controller that the files do not show may make Services, and pods."""
    making = (kind for kind in resources.kinds if _makes_services(*kind))
    return chain.from_iterable(resources.of(*kind) for kind in making)


def _makes_services(group: str, kind: str) -> bool:
    if group == "gateway.networking.k8s.io":
        return kind == "Gateway"
    return group not in _MAKES_NONE and not group.endswith("istio.io")
