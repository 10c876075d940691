"""What would each mesh cost before and after a change, where that moves?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.advisor import Advice
from meshlint.api.differing.objects import Changed
from meshlint.api.overviews.advising import advise_project
from meshlint.api.reading.project import Project
from meshlint.reports.differences.answer import Cost
from meshlint.resources import Resource

_TENTH = 0.1
_OF_REQUESTS = frozenset(
    {
        "VirtualService",
        "DestinationRule",
        "ServiceEntry",
        "AuthorizationPolicy",
        "PeerAuthentication",
        "RequestAuthentication",
        "HTTPRoute",
        "GRPCRoute",
        "TLSRoute",
        "TCPRoute",
        "Server",
        "ServerAuthorization",
        "MeshTLSAuthentication",
        "NetworkAuthentication",
        "ServiceProfile",
        "Secret",
    }
)
"""Kinds that say what happens to requests, and not what runs."""
_OF_CODE = frozenset({"image", "imagePullPolicy", "env", "envFrom", "args", "command"})
"""Fields of a container that are its author's own business."""
_GIB = 2**30


def compared_costs(before: Project, after: Project) -> Iterator[Cost]:
    """The typical costs of each mesh that moved by more than a tenth."""
    if not (before.mesh.workloads.all and after.mesh.workloads.all):
        return
    old, new = (_figures(advise_project(project)) for project in (before, after))
    for key in sorted(set(old) & set(new)):
        was, now = old[key], new[key]
        if abs(now - was) > _TENTH * was:
            yield Cost(*key, was, now)


def may_cost(changes: Iterable[Changed]) -> bool:
    """Whether a change concerns what runs: more than requests, and than the code in a container."""
    return any(
        change.id.kind not in _OF_REQUESTS and _sizes(change.before) != _sizes(change.after)
        for change in changes
    )


def _sizes(versions: Iterable[Resource]) -> list[object]:
    return [_without_code(one.field.value) for one in versions]


def _without_code(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_code(held) for key, held in value.items() if key not in _OF_CODE}
    return [_without_code(one) for one in value] if isinstance(value, list) else value


def _figures(advice: Advice) -> dict[tuple[str, str, str], float]:
    found: dict[tuple[str, str, str], float] = {}
    for cost in advice.costs_when(advice.decisive):
        found[cost.mesh.title, "CPU", "cores"] = round(float(cost.cpu.typical), 3)
        found[cost.mesh.title, "memory", "GiB"] = round(float(cost.memory.typical) / _GIB, 3)
    return found
