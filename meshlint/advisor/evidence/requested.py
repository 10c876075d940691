"""What the pods of a workload request, with the defaults that apply where they do not say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property

from meshlint.advisor.cost.weights import Weights
from meshlint.mesh import Mesh
from meshlint.resources.kubernetes.container import Container
from meshlint.resources.kubernetes.quantity import quantity
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import frozen

RESOURCES = ("cpu", "memory")
_MIB = 2**20
_PROXIES = frozenset({"istio-proxy", "linkerd-proxy"})
_MOST = Fraction(10**18)


@frozen
class Requested:
    """What one pod requests, in cores and bytes, and how many of its containers leave each of them out."""

    cpu: Fraction
    memory: Fraction
    without_cpu: int
    without_memory: int


Defaults = Mapping[str, Mapping[str, Fraction]]


def limit_range_defaults(mesh: Mesh) -> Defaults:
    """By namespace, what its LimitRanges make a container request that requests nothing itself."""
    found: dict[str, dict[str, Fraction]] = {}
    for resource in mesh.resources.of("", "LimitRange"):
        for limit in resource.spec.items("limits"):
            if limit.text("type") != "Container":
                continue
            for name in RESOURCES:
                amount = quantity((limit / "defaultRequest" / name).value)
                amount = quantity((limit / "default" / name).value) if amount is None else amount
                if amount is not None and amount >= 0:
                    found.setdefault(resource.namespace, {}).setdefault(name, amount)
    return found


@frozen(eq=False, slots=False)
class Requests:
    """What pods request, worked out once for all whose containers say the same."""

    defaults: Defaults
    weights: Weights

    @cached_property
    def _known(self) -> dict[tuple[str, str], Requested]:
        return {}

    @cached_property
    def _assumed(self) -> Mapping[str, Fraction]:
        weights = self.weights
        return {"cpu": weights.assumed("request-cpu"), "memory": weights.assumed("request-memory") * _MIB}

    def of(self, workload: Workload) -> Requested:
        """What one pod of `workload` requests; proxies of a mesh that stand in it already do not count."""
        own = [one for one in workload.pod.running_containers if one.name not in _PROXIES]
        place = workload.namespace if workload.namespace in self.defaults else ""
        key = place, repr([(one.field / "resources").value for one in own])
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._sum(own, self.defaults.get(place, {}))
        return found

    def _sum(self, containers: Iterable[Container], local: Mapping[str, Fraction]) -> Requested:
        sums = dict.fromkeys(RESOURCES, Fraction(0))
        missing = dict.fromkeys(RESOURCES, 0)
        for container in containers:
            requests = container.requests
            for name in RESOURCES:
                amount = requests.get(name)
                if amount is None or amount < 0:
                    amount = local.get(name)
                    missing[name] += amount is None
                sums[name] += min(self._assumed[name] if amount is None else amount, _MOST)
        return Requested(sums["cpu"], sums["memory"], missing["cpu"], missing["memory"])
