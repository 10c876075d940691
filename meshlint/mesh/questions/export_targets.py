"""Namespaces that objects of Istio are exported to and that do not exist."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Text
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.questions.known_namespaces import known_namespaces, meant_namespace
from meshlint.resources import Resource
from meshlint.values import frozen

_EXPORTED = ("DestinationRule", "ServiceEntry", "VirtualService")
_SPECIAL = frozenset({"*", ".", "~"})


@frozen(eq=False, repr=False)
class LostExport:
    """An entry of `exportTo` that reaches nobody; `is_only` where the object has no other."""

    resource: Resource
    entry: Text
    meant: str | None
    is_only: bool


def lost_exports(mesh: Mesh) -> Iterator[LostExport]:
    """Entries of `exportTo` for namespaces that do not exist.

    Only complete files show all namespaces; in others, only what is a slip of a declared name is missing.
    """
    known = known_namespaces(mesh)
    for kind in _EXPORTED:
        for resource in mesh.resources.of("networking.istio.io", kind):
            entries = resource.spec.texts("exportTo")
            for entry in entries:
                if entry and entry not in _SPECIAL and entry not in known:
                    meant = meant_namespace(mesh, entry)
                    if meant is not None or mesh.settings.complete:
                        yield LostExport(resource, entry, meant, len(entries) == 1)
