"""Which EgressNetwork takes a connection that leaves the cluster, and what its routes do with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from meshlint.matching import AddressSet
from meshlint.matching.addresses import Block, read_block
from meshlint.mesh import Mesh
from meshlint.resources.age import perhaps_oldest
from meshlint.resources.linkerd.egress_network import EgressNetwork, egress_network
from meshlint.resources.linkerd.group import POLICY
from meshlint.resources.linkerd.networks import Network
from meshlint.traffic.conditions.istio import EVERYTHING
from meshlint.traffic.conditions.linkerd import CALLS
from meshlint.traffic.request import Client, Request
from meshlint.traffic.tables.entries import CLOSED, Entry, Forward, Layer, Respond, RouteTable, Target
from meshlint.traffic.tables.linkerd.actions import Rules
from meshlint.traffic.tables.linkerd.parents import KINDS, ClientProtocol, Parent, PortRoutes, port_routes
from meshlint.traffic.tables.linkerd.ranking import ranking
from meshlint.traffic.tables.linkerd.refusals import oldest, refusal
from meshlint.traffic.tables.linkerd.services import layer_of, ranked_table
from meshlint.values import evolve, frozen

_FORBIDDEN = 403
_PERMISSION_DENIED = 7
"""The code of gRPC."""
_V4_BITS = 32


@frozen(eq=False, repr=False)
class Captured:
    """The EgressNetworks of which the oldest takes a connection, and what they were assumed for."""

    networks: tuple[EgressNetwork, ...]
    assumed: tuple[str, ...]


def egress_table(
    mesh: Mesh, client: Client, request: Request, host: str, network: EgressNetwork
) -> RouteTable:
    """What an EgressNetwork does with traffic to a host outside of the cluster.

    Routes for the network and the port count, of the first kind that there is, if the network itself is
    accepted; what none takes goes on to where it was bound for, or is refused, by the network's policy
    (Linkerd: egress).
    """
    parent = Parent(network.resource, request.port)
    held = PortRoutes(ClientProtocol.DETECT)
    if is_accepted(mesh, network):
        held = port_routes(mesh, parent, KINDS, ClientProtocol.DETECT, client.namespace)
    refused = refusal(held, request)
    if refused is not None:
        return evolve(refused, host=host)
    layer = layer_of(held.protocol, request)
    asked = () if layer is Layer.TCP and held.protocol is not ClientProtocol.OPAQUE else oldest(held)
    ranked = ranking(asked, request.named_host, Rules(mesh, parent, host, request).action)
    is_bytes = held.protocol is ClientProtocol.OPAQUE
    rest = () if is_bytes else (_default(network, host, request.port, held.protocol, layer),)
    return ranked_table(host, ranked.followed_by(rest), layer, network.resource)


def is_accepted(mesh: Mesh, network: EgressNetwork) -> bool:
    """Whether the controller accepts a network: it must not overlap with those of the cluster.

    It looks at each pair of blocks, and passes over one whose exceptions hold the whole block of the cluster
    (Linkerd: status of EgressNetworks). Without networks, those of the cluster are left out anyway.
    """
    return not any(
        _intersects(one, block)
        for one in network.networks or ()
        for block in mesh.settings.linkerd.cluster_networks
    )


def _intersects(network: Network, block: str) -> bool:
    theirs, ours = AddressSet.of(block), AddressSet.of(network.block or "")
    excepted = any(theirs.is_subset(AddressSet.of(text)) for text in network.excepted)
    return not excepted and (ours.is_subset(theirs) or theirs.is_subset(ours))


def captured(mesh: Mesh, namespace: str, address: str | None) -> Captured | None:
    """The EgressNetworks for an address: of the client's namespace, only if it has none of the common one.

    The smallest block that holds the address counts, and among equals the oldest network. Without an address
    networks for everything outside of the cluster are taken (Linkerd: selection of EgressNetworks).
    """
    networks = [egress_network(one) for one in mesh.resources.of(POLICY, "EgressNetwork")]
    common = mesh.settings.linkerd.egress_namespace
    candidates = [one for one in networks if one.namespace == namespace] or [
        one for one in networks if one.namespace == common
    ]
    sized = [(size, one) for one in candidates if (size := _size(mesh, one, address)) is not None]
    if not sized:
        return None
    best = min(size for size, _ in sized)
    equal = sorted((one for size, one in sized if size == best), key=lambda one: one.name)
    found = perhaps_oldest(equal, lambda one: one.resource, lambda one: one.name)
    if address is not None or all(one.networks is None for one in candidates):
        return Captured(found, ())
    return Captured(found, (f"whether the host's address is one of {found[0].resource} is not in the files",))


def _size(mesh: Mesh, network: EgressNetwork, address: str | None) -> int | None:
    """The size of the smallest block that holds an address, what is excepted taken off."""
    sizes = [
        _addresses(cidr) - sum(map(_addresses, excepted))
        for cidr, excepted in _blocks(mesh, network)
        if _holds(cidr, excepted, address)
    ]
    return min(sizes, default=None)


def _blocks(mesh: Mesh, network: EgressNetwork) -> Iterator[tuple[str, tuple[str, ...]]]:
    if network.networks is not None:
        for one in network.networks:
            yield one.block or "", one.excepted
        return
    inside = mesh.settings.linkerd.cluster_networks
    yield "0.0.0.0/0", tuple(text for text in inside if ":" not in text)
    yield "::/0", tuple(text for text in inside if ":" in text)


def _holds(cidr: str, excepted: Iterable[str], address: str | None) -> bool:
    if address is None:
        return cidr in ("0.0.0.0/0", "::/0")
    return AddressSet.network(cidr, excepted).admits(address)


def _addresses(text: str) -> int:
    """How many hosts Linkerd counts in a block: of IPv4 the first and the last address are none."""
    block = read_block(text)
    if not isinstance(block, Block):
        return 0
    size = block.last - block.first + 1
    return size - 2 if block.bits == _V4_BITS and size > 2 else size


def _default(network: EgressNetwork, host: str, port: int, protocol: ClientProtocol, layer: Layer) -> Entry:
    """What becomes of what no route takes; where the port is taken for gRPC, of calls alone."""
    place = network.resource.spec
    condition = CALLS if protocol is ClientProtocol.GRPC else EVERYTHING
    if network.traffic_policy == "Deny":
        status = CLOSED if layer is not Layer.HTTP else _FORBIDDEN
        status = _PERMISSION_DENIED if protocol is ClientProtocol.GRPC else status
        refused = Respond(place / "trafficPolicy", status, "the EgressNetwork denies what no route takes")
        return Entry(network.resource, place, None, condition, refused)
    target = Target(place, host, Fraction(1), port)
    return Entry(network.resource, place, None, condition, Forward((target,)))
