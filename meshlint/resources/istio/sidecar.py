"""Sidecar: what a workload's proxy sees of the mesh, and what it listens on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.documents import Field, Text
from meshlint.resources.istio.destination import Destination, destination
from meshlint.resources.istio.parts import Port, SpecView, part, parts, port
from meshlint.resources.istio.selection import WorkloadSelector, workload_labels
from meshlint.resources.istio.server_tls import ServerTls, server_tls
from meshlint.resources.resource import Resource
from meshlint.resources.view import filled_or
from meshlint.resources.view_class import view
from meshlint.values import frozen

if TYPE_CHECKING:
    from meshlint.resources.istio.connection_pool import ConnectionPool


@view
class IngressListener:
    """A container port that the proxy serves; `port.number` is the container's."""

    field: Field
    port: Port
    bind: Text | None
    capture_mode: Text
    default_endpoint: Text | None
    tls: ServerTls | None

    @property
    def connection_pool(self) -> ConnectionPool | None:
        """The limits on what comes in through this port."""
        from meshlint.resources.istio.connection_pool import connection_pool

        return part(self.field, "connectionPool", connection_pool)


@view
class EgressListener:
    """Hosts that the proxy knows, each `namespace/host`; without `port`, on all ports that no other lists."""

    field: Field
    port: Port | None
    bind: Text | None
    capture_mode: Text
    hosts: tuple[Text, ...]


@view
class OutboundTrafficPolicy:
    """What becomes of traffic to unknown hosts; without `mode` REGISTRY_ONLY, the first of the modes."""

    field: Field
    mode: Text
    egress_proxy: Destination | None


@frozen(eq=False, repr=False)
class Sidecar(SpecView):
    """Limits for the selected workloads, or for the namespace. Without `egress` everything is visible;
    without `ingress` all container ports are served; without a policy the mesh's own counts.
    """

    workload_selector: WorkloadSelector | None
    ingress: tuple[IngressListener, ...]
    egress: tuple[EgressListener, ...]
    outbound_traffic_policy: OutboundTrafficPolicy | None

    @property
    def inbound_connection_pool(self) -> ConnectionPool | None:
        """The limits on what comes in through any port."""
        from meshlint.resources.istio.connection_pool import connection_pool

        return part(self.field, "inboundConnectionPool", connection_pool)


def sidecar(resource: Resource) -> Sidecar:
    """The view of a Sidecar of any version."""
    spec = resource.spec
    return Sidecar(
        resource,
        workload_selector=workload_labels(spec),
        ingress=parts(spec, "ingress", _ingress),
        egress=parts(spec, "egress", _egress),
        outbound_traffic_policy=part(spec, "outboundTrafficPolicy", _outbound),
    )


def _ingress(field: Field) -> IngressListener:
    return IngressListener(
        field,
        port=port(field / "port"),
        bind=field.text("bind"),
        capture_mode=filled_or(field, "captureMode", "DEFAULT"),
        default_endpoint=field.text("defaultEndpoint"),
        tls=part(field, "tls", server_tls),
    )


def _egress(field: Field) -> EgressListener:
    return EgressListener(
        field,
        port=part(field, "port", port),
        bind=field.text("bind"),
        capture_mode=filled_or(field, "captureMode", "DEFAULT"),
        hosts=field.texts("hosts"),
    )


def _outbound(field: Field) -> OutboundTrafficPolicy:
    return OutboundTrafficPolicy(
        field,
        mode=filled_or(field, "mode", "REGISTRY_ONLY"),
        egress_proxy=part(field, "egressProxy", destination),
    )
