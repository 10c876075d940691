"""Which Services have ports that are declared for a protocol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from meshlint.mesh.hosts.protocols import Protocol, service_port_protocol
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.remembered import remembered
from meshlint.resources.kubernetes.service import Service


def speaking(mesh: Mesh, *protocols: Protocol) -> Iterator[Service]:
    """The Services some port of which is taken for one of `protocols`, each once: of most of these, few."""
    return speaking_within(mesh, None, *protocols)


def speaking_within(mesh: Mesh, namespace: str | None, *protocols: Protocol) -> Iterator[Service]:
    """Those of one namespace or, with None, of all of them."""
    held = _by_protocol(mesh, namespace)
    yield from {id(one): one for protocol in protocols for one in held.get(protocol, ())}.values()


@remembered
def _by_protocol(mesh: Mesh, namespace: str | None) -> Mapping[Protocol, Sequence[Service]]:
    found: dict[Protocol, list[Service]] = {}
    for service in mesh.services.all if namespace is None else mesh.services.in_namespace(namespace):
        for protocol in {service_port_protocol(port) for port in service.ports}:
            found.setdefault(protocol, []).append(service)
    return found
