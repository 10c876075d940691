"""From a profile to the numbers that decide the cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from meshlint.advisor.cost.size import Size
from meshlint.advisor.evidence.features import Evidence
from meshlint.advisor.evidence.profile import Profile
from meshlint.advisor.evidence.requested import Requested
from meshlint.advisor.evidence.workloads import Counted
from meshlint.advisor.given import Given
from meshlint.advisor.meshes import MeshChoice
from meshlint.advisor.needs import Answer, Need


def size_of(profile: Profile, needs: Iterable[Need], given: Given, *, peak: bool = False) -> Size:
    """The size of the workloads as they usually are, or with every autoscaler at its maximum."""
    pods = {id(one): _pods(one, peak=peak) for one in profile.serving}
    spaces = waypoint_namespaces(profile, needs, given)
    behind = [one for one in profile.serving if one.workload.namespace in spaces]
    all_pods, waypoint_pods = sum(pods.values()), sum(pods[id(one)] for one in behind)
    asking = _by_request(profile.serving, pods)
    stated = sum(given.rps_for.values(), Fraction(0))
    spread = given.rps or Fraction(0)
    return Size(
        pods=all_pods,
        services=profile.services,
        seen=sum(pods[id(one)] * profile.seen_by[id(one)] for one in profile.serving),
        nodes=profile.workforce.nodes,
        namespaces=len({one.workload.namespace for one in profile.serving}),
        waypoints=len(spaces),
        waypoint_pods=waypoint_pods,
        cpu=sum((requested.cpu * count for requested, count in asking), Fraction(0)),
        memory=sum((requested.memory * count for requested, count in asking), Fraction(0)),
        rps=spread + stated,
        waypoint_rps=_behind_waypoints(behind, given, spread * Fraction(waypoint_pods, max(all_pods, 1))),
    )


def _by_request(serving: Iterable[Counted], pods: Mapping[int, int]) -> Iterable[tuple[Requested, int]]:
    """What pods request, each with the number of pods: most request the same."""
    found: dict[int, tuple[Requested, int]] = {}
    for one in serving:
        requested, count = found.get(id(one.requested), (one.requested, 0))
        found[id(requested)] = requested, count + pods[id(one)]
    return found.values()


def waypoint_namespaces(profile: Profile, needs: Iterable[Need], given: Given) -> frozenset[str]:
    """The namespaces that need a waypoint in ambient: those with a sign of a need that takes one.

    A sign in a namespace without workloads, and a need that is only asked for, concern all namespaces.
    """
    serving = frozenset(one.workload.namespace for one in profile.serving)
    found: set[str] = set()
    for need in needs:
        if need.support[MeshChoice.ISTIO_AMBIENT].answer is Answer.WAYPOINT:
            found |= _concerned(profile.evidence.get(need.id, ()), serving)
            if need.id in given.needs:
                found |= serving
    return frozenset(found)


def matching_workloads(profile: Profile, name: str) -> tuple[Counted, ...]:
    """The workloads that `name` stands for: `namespace/name`, or just the name."""
    namespace, slash, short = name.rpartition("/")
    return tuple(
        one
        for one in profile.serving
        if one.workload.name == short and (not slash or one.workload.namespace == namespace)
    )


def _concerned(evidence: Iterable[Evidence], serving: frozenset[str]) -> frozenset[str]:
    spaces = {one.place.namespace for one in evidence if not one.at_gateway}
    return serving if spaces - serving else frozenset(spaces)


def _pods(one: Counted, *, peak: bool) -> int:
    return one.replicas.most if peak else one.replicas.usual


def _behind_waypoints(behind: Iterable[Counted], given: Given, spread: Fraction) -> Fraction:
    """The requests to workloads behind waypoints: as stated for them, and what is spread over their pods."""
    if not given.rps_for:
        return spread
    names = {name for one in behind for name in (one.workload.name, _full_name(one))}
    return sum((rate for name, rate in given.rps_for.items() if name in names), spread)


def _full_name(one: Counted) -> str:
    return f"{one.workload.namespace}/{one.workload.name}"
