"""Which EgressNetwork takes a connection that leaves the cluster, and what its routes do with it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from meshlint.matching import AddressSet, host_covers
from meshlint.mesh import Mesh
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.linkerd.egress_network import EgressNetwork, egress_network
from meshlint.resources.linkerd.group import POLICY
from meshlint.resources.linkerd.networks import Network
from meshlint.traffic.conditions.istio import EVERYTHING
from meshlint.traffic.request import Client, Request
from meshlint.traffic.tables.entries import CLOSED, Action, Entry, Forward, Layer, Respond, RouteTable, Target
from meshlint.traffic.tables.gateway_api.backends import faulty_backends
from meshlint.traffic.tables.gateway_api.routes import LAYER_KINDS, action_of
from meshlint.traffic.tables.linkerd.services import KINDS, ranked_entries

_FORBIDDEN = 403
_EVERYWHERE = ("0.0.0.0/0", "::/0")


@frozen(eq=False, repr=False)
class Captured:
    """The EgressNetwork that takes a connection, and what it was assumed for."""

    network: EgressNetwork
    undecided: tuple[str, ...]


def egress_table(mesh: Mesh, client: Client, request: Request, host: str) -> RouteTable | None:
    """What EgressNetworks do with traffic to a host outside of the cluster; None where none takes it.

    Routes for the network and the port count, of the first kind that there is; what none takes goes on to
    where it was bound for, or is refused, by the network's policy (Linkerd: egress).
    """
    found = captured(mesh, client.namespace, request.address)
    if found is None:
        return None
    network = found.network
    routes = [one for one in mesh.routes if _is_for(one, network, client, request.port)]
    kind = next((kind for kind in KINDS if any(one.kind == kind for one in routes)), None)
    chosen = [one for one in routes if one.kind == kind]
    layer = _layer(request, kind)
    seen = [one for one in chosen if one.kind in LAYER_KINDS[layer] and _takes_host(one, host)]
    ranked = ranked_entries(
        seen[:1] if kind == "TCPRoute" else seen, lambda one: _actions(mesh, one, host, request)
    )
    rest = () if layer is Layer.TCP and seen else (_default(network, host, request.port, layer),)
    undecided = (*found.undecided, *ranked.undecided)
    return RouteTable(
        host, (*ranked.entries, *rest), undecided, _FORBIDDEN if layer is Layer.HTTP else CLOSED, layer
    )


def captured(mesh: Mesh, namespace: str, address: str | None) -> Captured | None:
    """The EgressNetwork for an address: of the client's namespace, and only if it has none of the common one.

    The smallest block that holds the address counts, and among equals the oldest network. Without an address
    networks for everything outside of the cluster are taken (Linkerd: selection of EgressNetworks).
    """
    all_of_them = [egress_network(one) for one in mesh.resources.of(POLICY, "EgressNetwork")]
    common = mesh.settings.linkerd.egress_namespace
    candidates = [one for one in all_of_them if one.namespace == namespace] or [
        one for one in all_of_them if one.namespace == common
    ]
    sized = [(size, one) for one in candidates if (size := _size(mesh, one, address)) is not None]
    if not sized:
        return None
    best = min(size for size, _ in sized)
    first, *others = sorted((one for size, one in sized if size == best), key=lambda one: one.name)
    undecided = [
        f"the older of {first.resource} and {other.resource} takes the connection" for other in others[:1]
    ]
    if address is None and candidates != [one for one in candidates if one.networks is None]:
        undecided.append(f"whether the host's address is one of {first.resource} is not in the files")
    return Captured(first, tuple(undecided))


def _size(mesh: Mesh, network: EgressNetwork, address: str | None) -> int | None:
    """The length of the block that holds an address, negated so that smaller blocks come first."""
    if network.networks is None:
        inside = AddressSet.of(*mesh.settings.linkerd.cluster_networks)
        return None if address is not None and inside.admits(address) else 0
    lengths = [_length(one) for one in network.networks if _holds(one, address)]
    return -max(lengths) if lengths else None


def _holds(network: Network, address: str | None) -> bool:
    if address is None:
        return str(network.cidr) in _EVERYWHERE
    return AddressSet.network(str(network.cidr or ""), network.except_).admits(address)


def _length(network: Network) -> int:
    length = str(network.cidr or "").partition("/")[2]
    return int(length) if length.isdecimal() else 128


def _layer(request: Request, kind: str | None) -> Layer:
    """What Linkerd sees of a connection: it finds out the protocol, and a TCPRoute is for any."""
    if kind == "TCPRoute" or request.scheme == "tcp":
        return Layer.TCP
    return Layer.TLS if request.is_encrypted else Layer.HTTP


def _is_for(route: AnyRoute, network: EgressNetwork, client: Client, port: int) -> bool:
    if route.namespace not in (network.namespace, client.namespace):
        return False
    return any(
        parent.is_a(POLICY, "EgressNetwork")
        and (parent.namespace, parent.name) == (network.namespace, network.name)
        and parent.port in (None, port)
        for parent in route.parent_refs
    )


def _takes_host(route: AnyRoute, host: str) -> bool:
    return not route.hostnames or any(host_covers(name, host) for name in route.hostnames)


def _actions(mesh: Mesh, route: AnyRoute, host: str, request: Request) -> Iterator[Action]:
    """What each rule does: without a backend, or with the network as one, traffic goes on as it was."""
    faulty = frozenset(id(one.backend.field.value) for one in faulty_backends(mesh))
    for rule in route.rules:
        itself = not rule.backend_refs or any(one.is_a(POLICY, "EgressNetwork") for one in rule.backend_refs)
        answers = any(one.type == "RequestRedirect" for one in rule.filters)
        if itself and not answers:
            yield Forward((Target(rule.field, host, Fraction(1), request.port),))
        else:
            yield action_of(mesh, rule, faulty)


def _default(network: EgressNetwork, host: str, port: int, layer: Layer) -> Entry:
    place = network.resource.spec
    if network.traffic_policy == "Deny":
        status = _FORBIDDEN if layer is Layer.HTTP else CLOSED
        refused = Respond(place / "trafficPolicy", status, "the EgressNetwork denies what no route takes")
        return Entry(network.resource, place, None, EVERYTHING, refused)
    return Entry(
        network.resource, place, None, EVERYTHING, Forward((Target(place, host, Fraction(1), port),))
    )
