"""The way on from the pods of a gateway that a route leads to: egress takes two hops.

A VirtualService of the mesh sends traffic for a host to the Service of an egress gateway, and one that is
bound to the gateway sends it on from there, by the same host (Istio: egress gateways).
"""

from __future__ import annotations

from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import service_name
from meshlint.mesh.routing.gateways import GatewayName
from meshlint.resources.istio.gateway import Gateway
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.traffic.effects.rewriting import rewritten_path
from meshlint.traffic.request import Client, Request
from meshlint.traffic.tables.entries import Entry, Layer
from meshlint.traffic.ways.clients import gateway_client
from meshlint.traffic.ways.way import Hop
from meshlint.values import evolve

ORIGINATING = frozenset({"SIMPLE", "MUTUAL", "ISTIO_MUTUAL"})
_DEPLOYED = "-istio"

Station = tuple[frozenset[str], str, int, str]
"""What makes two stations of a way the same: the gateway, the host, the port and the server name."""


def next_client(mesh: Mesh, hop: Hop) -> tuple[Client, str] | None:
    """The gateway whose pods a hop leads to, with what has to be assumed for it; None for any other.

    Gateways are mostly installed from elsewhere: where the Service is not in view, one that the selector
    of a Gateway has the name of is taken for that of its pods.
    """
    if hop.status is not None:
        return None
    if hop.workloads:
        found = gateway_client(mesh, hop.workloads[0])
        return None if found is None else (found, "")
    named = service_name(hop.host, mesh.settings.cluster_domain)
    if named is None:
        return None
    made = GatewayName(named.namespace, named.name.removesuffix(_DEPLOYED))
    if named.name.endswith(_DEPLOYED) and mesh.gateways.kubernetes_named(made) is not None:
        return Client(named.namespace, {}, frozenset({str(made)})), ""
    served = [
        one for one in mesh.gateways.all if mesh.services.get(named) is None and _is_called(one, named.name)
    ]
    if not served:
        return None
    labels = served[0].selector.labels if served[0].selector is not None else {}
    names = frozenset(f"{one.resource.namespace}/{one.resource.name}" for one in served)
    client = Client(named.namespace, {key: str(value) for key, value in labels.items()}, names)
    return client, f"{hop.host} is not in view and taken for the Service of {served[0].resource}"


def next_request(request: Request, entry: Entry | None, hop: Hop, layer: Layer) -> Request:
    """What arrives at a gateway: the same host, on the port of the hop, encrypted if its policy says so."""
    port = request.port if hop.port is None else hop.port
    if layer is not Layer.HTTP:
        return evolve(request, port=port)
    sent = evolve(_rewritten(request, entry), port=port)
    mode = hop.policy.tls_mode
    if mode not in ORIGINATING:
        return evolve(sent, scheme="http", sni=None)
    return evolve(sent, scheme="https", sni=_server_name(sent, hop, mode))


def _server_name(request: Request, hop: Hop, mode: str) -> str:
    """The server name that a proxy asks for: as written, else that of the cluster for the mesh's own TLS, and
    the host of the request for any other (Istio: TLS settings of DestinationRules).
    """
    tls = hop.policy.block("tls")
    written = None if tls is None else tls.text("sni")
    if written:
        return str(written)
    if mode == "ISTIO_MUTUAL":
        return f"outbound_.{hop.port}_.{hop.subset or ''}_.{hop.host}"
    return request.named_host


def _rewritten(request: Request, entry: Entry | None) -> Request:
    """The request as a route changes it before it is sent on."""
    route = entry.route if entry is not None else None
    rewrite = route.rewrite if isinstance(route, HttpRoute) else None
    path = None if entry is None else rewritten_path(entry, request.plain_path)
    query = request.path[len(request.plain_path) :]
    sent = request if path is None else evolve(request, path=path + query)
    if rewrite is None:
        return evolve(sent, host_header=request.named_host)
    return evolve(sent, host_header=str(rewrite.authority or request.named_host))


def _is_called(gateway: Gateway, name: str) -> bool:
    labels = {} if gateway.selector is None else gateway.selector.labels
    return labels.get("app") == name or f"istio-{labels.get('istio')}" == name


def station(client: Client, request: Request) -> Station:
    """The station of a way that a request makes at a client: at the same one again it goes round for ever."""
    return client.gateways, request.named_host, request.port, request.server_name
