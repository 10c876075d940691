"""How many pods a workload has: as written, or as an autoscaler may choose."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.advisor.evidence.places import Place, place_of
from meshlint.mesh.questions.scalers import Scaler, Target
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import frozen

ON_EACH_NODE = "DaemonSet"
"""The kind whose pods are as many as the nodes."""
_RUNS_ONCE = frozenset({"Job", "CronJob"})
_MOST_PODS = 1_000_000
"""More pods than any cluster holds: what is above it is a slip of the pen."""


@frozen
class Replicas:
    """The fewest, the usual and the most pods, why, and where that is written."""

    fewest: int
    usual: int
    most: int
    basis: str
    place: Place


def replicas_of(workload: Workload, scaling: Mapping[Target, Scaler], nodes: int) -> Replicas:
    """How many pods `workload` has in a cluster of so many nodes."""
    if workload.kind == ON_EACH_NODE:
        return Replicas(nodes, nodes, nodes, "one on each node", place_of(workload.resource))
    if workload.kind in _RUNS_ONCE:
        return _parallel(workload, place_of(workload.resource))
    scaler = scaling.get((workload.namespace, workload.kind, workload.name))
    if scaler is not None:
        return _scaled(workload, scaler)
    if workload.replicas is None:
        return Replicas(1, 1, 1, "one, as Kubernetes fills in", place_of(workload.resource))
    count = _bounded(workload.replicas)
    written = place_of(workload.resource, ("spec", "replicas"))
    return Replicas(count, count, count, "as spec.replicas says", written)


def _scaled(workload: Workload, scaler: Scaler) -> Replicas:
    fewest = _bounded(scaler.fewest)
    most = max(fewest, _bounded(fewest if scaler.most is None else scaler.most))
    written = fewest if workload.replicas is None else _bounded(workload.replicas)
    usual = min(max(written, fewest), most)
    return Replicas(fewest, usual, most, f"as {scaler.resource} allows", place_of(scaler.resource))


def _parallel(workload: Workload, place: Place) -> Replicas:
    spec = workload.resource.spec
    job = spec / "jobTemplate" / "spec" if workload.kind == "CronJob" else spec
    count = job.integer("parallelism")
    pods = 1 if count is None else _bounded(count)
    return Replicas(0, pods, pods, "while it runs", place)


def _bounded(count: int) -> int:
    return min(max(count, 0), _MOST_PODS)
