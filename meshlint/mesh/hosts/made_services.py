"""Services that no file shows because a controller makes them for another object in the files."""

from __future__ import annotations

from functools import cached_property

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
        for resource in self.resources.resources:
            if makes_services(resource):
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


def makes_services(resource: Resource) -> bool:
    """Whether a controller that the files do not show may make Services, and pods, for an object."""
    if resource.group == "gateway.networking.k8s.io":
        return resource.kind == "Gateway"
    return resource.group not in _MAKES_NONE and not resource.group.endswith("istio.io")
