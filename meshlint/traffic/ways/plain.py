"""The way of a request from a client without a proxy: what cluster DNS and the Service say, and no mesh."""

from __future__ import annotations

from fractions import Fraction

from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import service_name
from meshlint.mesh.routing.effective_policies import EffectivePolicy
from meshlint.traffic.destinations.endpoints import subset_workloads
from meshlint.traffic.request import Client, Request
from meshlint.traffic.tables.entries import Target
from meshlint.traffic.ways.following import full_host
from meshlint.traffic.ways.way import Hop, Way


def plain_way(mesh: Mesh, client: Client, request: Request) -> Way:
    """The way of a request that no proxy sees: routes, subsets and weights mean nothing to it."""
    host = full_host(mesh, client, request.host)
    named = service_name(host, mesh.settings.cluster_domain)
    service = None if named is None else mesh.services.get(named)
    if service is None:
        reason = "no proxy takes part, so the request goes to whatever the name stands for"
        return Way(request, client, host, None, None, (), (), None, reason, ())
    if service.ports and all(one.port != request.port for one in service.ports):
        reason = f"{service.resource} has no port {request.port}, so nothing takes the connection"
        return Way(request, client, host, None, None, (), (), None, reason, ())
    target = Target(service.resource.spec, host, Fraction(1), request.port)
    workloads = subset_workloads(mesh, service, {}) or None
    hop = Hop(target, Fraction(1), host, request.port, None, EffectivePolicy({}), workloads)
    return Way(request, client, host, None, None, (), (hop,), None, "", ())
