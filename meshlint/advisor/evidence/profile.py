"""What the manifests show of a workload, counted, each count with its places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from meshlint.advisor.cost.weights import Weights
from meshlint.advisor.evidence.current import current_mesh
from meshlint.advisor.evidence.features import Evidence, evidence_of
from meshlint.advisor.evidence.places import Place, place_of
from meshlint.advisor.evidence.replicas import Replicas
from meshlint.advisor.evidence.scoping import Scoping
from meshlint.advisor.evidence.surroundings import surroundings
from meshlint.advisor.evidence.tally import Tally, distinct, tally
from meshlint.advisor.evidence.workloads import Counted, Role, Workforce, count_workloads
from meshlint.advisor.meshes import MeshChoice
from meshlint.mesh import Mesh
from meshlint.values import frozen, once


@frozen(eq=False)
class Profile:
    """A workload as the advisor sees it.

    `evidence` are the signs of needs by the id of the need; `current` is the mesh that runs already, or that
    the objects in the set are for; `seen_by` says how many services the sidecar of each workload is told of.
    """

    tallies: tuple[Tally, ...]
    workforce: Workforce
    evidence: Mapping[str, tuple[Evidence, ...]]
    current: MeshChoice | None
    services: int
    seen_by: Mapping[int, int]
    is_scoped: bool

    @once
    def serving(self) -> tuple[Counted, ...]:
        """The workloads that a mesh would take in."""
        return self.workforce.of(Role.SERVING)

    def tally(self, name: str) -> Tally:
        """The count of that id."""
        return next(one for one in self.tallies if one.id == name)


def profile_of(mesh: Mesh, weights: Weights, nodes: int | None = None) -> Profile:
    """The profile of the workloads in `mesh`, on so many nodes if that is known."""
    workforce = count_workloads(mesh, weights, nodes)
    scoping = Scoping(mesh)
    services = distinct(one.resource for one in mesh.services.all if not one.is_external_name)
    return Profile(
        tallies=(
            tally("services", "Services", services),
            *_of_workloads(workforce, weights),
            *surroundings(mesh),
        ),
        workforce=workforce,
        evidence=evidence_of(mesh),
        current=current_mesh(mesh),
        services=len(services),
        seen_by={id(one): scoping.services_seen_by(one.workload) for one in workforce.of(Role.SERVING)},
        is_scoped=scoping.is_scoped,
    )


def _of_workloads(workforce: Workforce, weights: Weights) -> Iterable[Tally]:
    serving = workforce.of(Role.SERVING)
    yield tally("workloads", "Workloads that run all the time", [one.workload.resource for one in serving])
    yield from _pods([one.replicas for one in serving])
    yield _nodes(workforce, weights)
    yield _namespaces(serving)
    yield tally(
        "stateful", "Stateful workloads", [one.workload.resource for one in serving if one.is_stateful]
    )
    daemons = [one.workload.resource for one in serving if one.workload.kind == "DaemonSet"]
    yield tally("daemon-sets", "DaemonSets, one pod on each node", daemons)
    for name, title, role in (
        ("jobs", "Jobs and CronJobs, counted apart", Role.JOB),
        ("host-network", "Workloads on the host's network, which no mesh takes in", Role.HOST_NETWORK),
        ("mesh-parts", "Workloads that belong to a mesh themselves", Role.MESH),
    ):
        yield tally(name, title, [one.workload.resource for one in workforce.of(role)])
    if workforce.repeated:
        places = workforce.repeated
        yield Tally("repeated", "Further definitions of a workload, not counted", len(places), places)
    yield from _without_requests(serving, weights)


def _pods(counted: Sequence[Replicas]) -> Iterable[Tally]:
    places = tuple(dict.fromkeys([one.place for one in counted]))
    for name, title, values in (
        ("pods", "Pods of these, usually", [one.usual for one in counted]),
        ("pods-fewest", "Pods at the autoscalers' minimum", [one.fewest for one in counted]),
        ("pods-most", "Pods at the autoscalers' maximum", [one.most for one in counted]),
    ):
        yield Tally(name, title, sum(values), places)


def _nodes(workforce: Workforce, weights: Weights) -> Tally:
    if workforce.nodes_given:
        return Tally("nodes", "Nodes", workforce.nodes, (), assumption="stated with --nodes")
    per_node, fewest = weights.assumed("pods-per-node"), weights.assumed("fewest-nodes")
    assumption = f"{per_node} pods on a node, and at least {fewest} nodes; --nodes states it"
    return Tally("nodes", "Nodes", workforce.nodes, (), assumption=assumption)


def _namespaces(serving: Iterable[Counted]) -> Tally:
    first: dict[str, Place] = {}
    for one in serving:
        first.setdefault(one.workload.namespace, one.place)
    return Tally("namespaces", "Namespaces with such workloads", len(first), tuple(first.values()))


def _without_requests(serving: Iterable[Counted], weights: Weights) -> Iterable[Tally]:
    for name, word, unit in (("cpu", "CPU", "cores"), ("memory", "memory", "MiB")):
        lacking = [one for one in serving if getattr(one.requested, f"without_{name}")]
        value = sum(getattr(one.requested, f"without_{name}") for one in lacking)
        if value:
            assumed = weights.assumed(f"request-{name}")
            yield Tally(
                f"without-{name}",
                f"Containers that request no {word}",
                value,
                tuple(place_of(one.workload.resource) for one in lacking),
                assumption=f"each counted with {float(assumed):g} {unit}",
            )
