"""Ports whose requests share connections, so that balancing connections is not enough."""

from __future__ import annotations

from meshlint.advisor.evidence.features.evidence import Found, seen
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.protocols import Protocol, service_port_protocol

_SHARED = frozenset({Protocol.GRPC, Protocol.GRPC_WEB, Protocol.HTTP2})


def balancing_needs(mesh: Mesh) -> Found:
    """The Service ports that say gRPC or HTTP/2, once for each Service."""
    for service in mesh.services.all:
        for port in service.ports:
            if service_port_protocol(port) in _SHARED:
                yield seen("request-balancing", service.resource, port.field)
                break
