"""The protocol that a port is taken to speak, which decides what routes count (Linkerd: proxyProtocol)."""

from __future__ import annotations

from enum import Enum

from meshlint.mesh import Mesh
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.linkerd.server import Server
from meshlint.security.linkerd.ports import port_list
from meshlint.security.membership.annotations import OPAQUE, inherited


class Protocol(Enum):
    """The protocols by the words of a Server; DETECT looks at the first bytes for up to ten seconds."""

    DETECT = "unknown"
    HTTP1 = "HTTP/1"
    HTTP2 = "HTTP/2"
    GRPC = "gRPC"
    OPAQUE = "opaque"
    TLS = "TLS"

    @property
    def has_http_routes(self) -> bool:
        """Whether HTTPRoutes count, and the kubelet's HTTP probes are let through where there are none."""
        return self in (Protocol.DETECT, Protocol.HTTP1, Protocol.HTTP2)

    @property
    def takes_bytes(self) -> bool:
        """Whether a connection that does not speak HTTP is let in at all."""
        return self in (Protocol.DETECT, Protocol.OPAQUE, Protocol.TLS)


_BY_WORD = {protocol.value: protocol for protocol in Protocol}


def server_protocol(server: Server) -> Protocol:
    """The protocol of a port with a Server; it counts in place of the pod's opaque ports."""
    return _BY_WORD.get(server.proxy_protocol, Protocol.DETECT)


def default_protocol(mesh: Mesh, workload: Workload, port: int) -> Protocol:
    """The protocol of a port without a Server: opaque if its pod lists it as such.

    One entry that is neither a port nor a range voids the whole list here. Of the control plane's own list
    only ports that a container declares are taken over (Linkerd: opaque ports).
    """
    written = inherited(mesh, workload, OPAQUE)
    text = mesh.settings.linkerd.opaque_ports if written is None else written
    listed = port_list(text)
    if listed.unreadable or not listed.ports.admits(port):
        return Protocol.DETECT
    declared = any(one.container_port == port for one in workload.pod.ports())
    return Protocol.OPAQUE if written is not None or declared else Protocol.DETECT
