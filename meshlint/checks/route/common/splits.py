"""Backends of TrafficSplits that get nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.mesh import Mesh, Missing
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.names.slips import slip_of


def backend_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A TrafficSplit sends a share to a Service that is not there, or that only stands for another name."""
    mesh = world.mesh
    for split in mesh.traffic_splits:
        for backend in split.backends:
            if backend.service is None or backend.weight == 0:
                continue
            alias = mesh.services.get(ServiceName(split.namespace, str(backend.service)))
            is_alias = alias is not None and alias.is_external_name
            meant = None if alias is not None else _meant(mesh, split.namespace, backend.service)
            if is_alias or meant is not None:
                what = "is an alias without endpoints" if is_alias else "does not exist"
                yield Hit(
                    backend.service.field,
                    f"{split} sends a share to Service {str(backend.service)!r}, which {what}, so it is lost",
                    resource=split.resource,
                    hint=f"Did you mean `{meant}`?" if meant else "Name a Service here that selects pods.",
                    related=(Related(alias.resource.spec / "type", "an alias"),) if alias is not None else (),
                )


def _meant(mesh: Mesh, namespace: str, name: Text) -> str | None:
    """The Service that was meant by one that is not there, or nothing where that is all that is known."""
    slip = slip_of(name, mesh.services.names_in(namespace))
    host = ServiceName(namespace, str(name)).host(mesh.settings.cluster_domain)
    return slip or ("" if isinstance(mesh.hosts.resolve(host, namespace), Missing) else None)
