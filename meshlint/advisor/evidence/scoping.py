"""How many services a sidecar of Istio is told of: all of them, unless Sidecar objects hide some."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from meshlint.matching import LabelSelector
from meshlint.matching.hosts import host_covers, is_wildcard
from meshlint.mesh import Mesh
from meshlint.resources.istio.sidecar import Sidecar, sidecar
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import frozen

_EVERYTHING = ("*/*",)


@frozen(eq=False, slots=False)
class Scoping:
    """The services that the sidecar of each workload keeps (Istio: Sidecar, egress hosts)."""

    mesh: Mesh

    @cached_property
    def _sidecars(self) -> tuple[Sidecar, ...]:
        return self.mesh.views("networking.istio.io", "Sidecar", sidecar)

    @cached_property
    def _names(self) -> Mapping[str, frozenset[str]]:
        """The full host names of the Services by namespace."""
        domain = self.mesh.settings.cluster_domain
        found: dict[str, set[str]] = {}
        for service in self.mesh.services.all:
            name = f"{service.name}.{service.namespace}.svc.{domain}".lower()
            found.setdefault(service.namespace, set()).add(name)
        return {namespace: frozenset(names) for namespace, names in found.items()}

    @cached_property
    def _known(self) -> dict[tuple[tuple[str, ...], str], int]:
        """How many Services some hosts bring, and in which namespace where that makes a difference."""
        return {}

    @property
    def is_scoped(self) -> bool:
        """Whether any Sidecar limits what sidecars are told of."""
        return any(one.egress and "*/*" not in _hosts(one) for one in self._sidecars)

    def services_seen_by(self, workload: Workload) -> int:
        """How many Services the sidecar of `workload` is told of."""
        if not self._sidecars:
            return self._count(_EVERYTHING, "")
        hosts = _hosts(self._sidecar_of(workload))
        is_own = any(host.startswith("./") for host in hosts)
        return self._count(hosts, workload.namespace if is_own else "")

    def _count(self, hosts: tuple[str, ...], own: str) -> int:
        key = (hosts, own)
        if key not in self._known:
            self._known[key] = len(self._seen(hosts, own))
        return self._known[key]

    def _sidecar_of(self, workload: Workload) -> Sidecar | None:
        """The one for its labels, else the one of its namespace, else that of the whole mesh."""
        local = [one for one in self._sidecars if one.namespace == workload.namespace]
        for one in local:
            selector = one.workload_selector
            if selector and selector.labels and _admits(selector.labels, workload):
                return one
        root = [one for one in self._sidecars if one.namespace == self.mesh.settings.root_namespace]
        plain = (one for one in (*local, *root) if not (one.workload_selector or None))
        return next(plain, None)

    def _seen(self, hosts: tuple[str, ...], own: str) -> set[str]:
        seen: set[str] = set()
        for host in hosts:
            namespace, _, name = host.rpartition("/")
            seen.update(self._matching(own if namespace == "." else namespace, name))
        return seen

    def _matching(self, namespace: str, pattern: str) -> set[str]:
        spaces = self._names if namespace in ("*", "") else (namespace,)
        names = (name for space in spaces for name in self._names.get(space, ()))
        if pattern == "*":
            return set(names)
        if not is_wildcard(pattern):
            return {pattern.lower()} & set(names)
        return {name for name in names if host_covers(pattern, name)}


def _hosts(chosen: Sidecar | None) -> tuple[str, ...]:
    if chosen is None or not chosen.egress:
        return _EVERYTHING
    return tuple(sorted({str(host) for listener in chosen.egress for host in listener.hosts}))


def _admits(labels: Mapping[str, str], workload: Workload) -> bool:
    return LabelSelector.of(labels).admits(workload.pod.labels)
