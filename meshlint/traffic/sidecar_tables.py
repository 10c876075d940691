"""The route table that a sidecar has for a host and port, from VirtualServices and the registry."""

from __future__ import annotations

from fractions import Fraction

from attrs import evolve

from meshlint.mesh import Mesh
from meshlint.mesh.hosts import Host
from meshlint.mesh.names import service_name
from meshlint.mesh.protocols import HostPort, host_ports
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.traffic.entries import Entry, Forward, RouteTable, Target
from meshlint.traffic.gateway_api_tables import service_table
from meshlint.traffic.istio_matches import EVERYTHING
from meshlint.traffic.istio_routes import http_entries
from meshlint.traffic.precedence import ranked, undecided_ages
from meshlint.traffic.request import Client

HTTP_PORT = 80


def sidecar_table(mesh: Mesh, client: Client, host: str, port: int) -> RouteTable | None:
    """What a sidecar does with HTTP requests for a full host name on a port; None if it knows nothing of it.

    The VirtualServices with the most specific host count, and of these the first that has any entry for
    this client; they are not merged (Istio: which VirtualService wins). Without any, requests go to the
    host's own endpoints. A host outside of the registry is known on port 80 only.
    """
    known = visible_host(mesh, client, host)
    if known is not None and open_port(known, port) is None:
        known = None
    if known is None and port != HTTP_PORT:
        return None
    pattern, candidates = virtual_services_for(mesh, client, host)
    named = service_name(host, mesh.settings.cluster_domain)
    attached = None if named is None else service_table(mesh, client.namespace, named, port)
    if attached is not None:
        rivals = tuple(f"{one.resource} is for the host as well" for one in candidates)
        return evolve(attached, undecided=(*attached.undecided, *rivals))
    for position, virtual_service in enumerate(candidates):
        entries = http_entries(mesh, virtual_service, client, port)
        if entries:
            undecided = undecided_ages(mesh, candidates[position:], client)
            return RouteTable(pattern, entries, undecided)
    return None if known is None else RouteTable(host, (default_entry(known, port),))


def virtual_services_for(mesh: Mesh, client: Client, host: str) -> tuple[str, tuple[VirtualService, ...]]:
    """The most specific host pattern of the VirtualServices that a sidecar sees, and those that have it."""
    for pattern, found in mesh.virtual_services.for_mesh.covering(host):
        seen = ranked(mesh, found, client)
        if seen:
            return pattern, seen
    return host, ()


def visible_host(mesh: Mesh, client: Client, host: str) -> Host | None:
    """The registry's host of that name, if it is in view and exported to the client."""
    known = mesh.hosts.known(host)
    return known if known is not None and mesh.hosts.is_visible(known, client.namespace) else None


def open_port(host: Host, number: int) -> HostPort | None:
    """The port of that number."""
    return next((port for port in host_ports(host) if port.number == number), None)


def default_entry(host: Host, port: int) -> Entry:
    """All requests to the host itself."""
    owner = host.service.resource if host.service is not None else host.entries[0].resource
    target = Target(owner.spec, host.name, Fraction(1), port)
    return Entry(owner, owner.spec, None, EVERYTHING, Forward((target,)))
