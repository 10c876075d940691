"""Which workloads enter or leave a mesh, come, go, or are somebody else than before?"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.api.answers.senders import NAMES
from meshlint.api.differing.causes import located
from meshlint.mesh import Mesh
from meshlint.reports.differences.answer import WorkloadChange
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access.istio.workloads import identity_of
from meshlint.security.identity.linkerd import workload_identity
from meshlint.security.membership.belonging import belonging

_NO_MESH = "no mesh"
_HERE, _GONE = "there", "not there"


def compared_workloads(before: Mesh, after: Mesh) -> Iterator[WorkloadChange]:
    """What is not as it was about workloads, by their names."""
    old, new = (_by_name(mesh) for mesh in (before, after))
    for name in sorted({*old, *new}):
        one, other = old.get(name), new.get(name)
        if one is None or other is None:
            yield _existence(name, one, other)
            continue
        for what, was, now in _differing(before, after, one, other):
            yield WorkloadChange(name, what, was, now, located(other.resource.at("metadata", "name")))


def _by_name(mesh: Mesh) -> dict[str, Workload]:
    return {str(one.resource): one for one in mesh.workloads.all}


def _existence(name: str, before: Workload | None, after: Workload | None) -> WorkloadChange:
    known = after or before
    place = None if known is None else located(known.resource.at("metadata", "name"))
    words = [_GONE if one is None else _HERE for one in (before, after)]
    return WorkloadChange(name, "existence", words[0], words[1], place)


def _differing(before: Mesh, after: Mesh, old: Workload, new: Workload) -> Iterator[tuple[str, str, str]]:
    was, now = _mesh(before, old), _mesh(after, new)
    if was != now:
        yield "mesh", was, now
    if now == was == _NO_MESH:
        return
    was, now = _identity(before, old), _identity(after, new)
    if was != now:
        yield "identity", was, now


def _mesh(mesh: Mesh, workload: Workload) -> str:
    found = belonging(mesh, workload)
    name = NAMES[found.dataplane]
    if name == "none":
        return _NO_MESH
    return f"perhaps {name}" if found.is_assumed else name


def _identity(mesh: Mesh, workload: Workload) -> str:
    by_linkerd = NAMES[belonging(mesh, workload).dataplane] == "linkerd"
    return workload_identity(mesh, workload) if by_linkerd else identity_of(mesh, workload)
