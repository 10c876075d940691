"""What the pods of a workload request, with the defaults that apply where they do not say."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from meshlint.advisor.cost.weights import Weights
from meshlint.mesh import Mesh
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


def requested(workload: Workload, defaults: Defaults, weights: Weights) -> Requested:
    """What one pod of `workload` requests; proxies of a mesh that stand in it already do not count."""
    local = defaults.get(workload.namespace, {})
    assumed = {"cpu": weights.assumed("request-cpu"), "memory": weights.assumed("request-memory") * _MIB}
    sums = dict.fromkeys(RESOURCES, Fraction(0))
    missing = dict.fromkeys(RESOURCES, 0)
    for container in workload.pod.running_containers:
        if container.name in _PROXIES:
            continue
        requests = container.requests
        for name in RESOURCES:
            amount = requests.get(name)
            if amount is None or amount < 0:
                amount = local.get(name)
                missing[name] += amount is None
            sums[name] += min(assumed[name] if amount is None else amount, _MOST)
    return Requested(sums["cpu"], sums["memory"], missing["cpu"], missing["memory"])
