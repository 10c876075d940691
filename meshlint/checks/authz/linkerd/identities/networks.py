"""Networks in Linkerd's policies that are refused, or that leave out callers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.linkerd.networks import NETWORK
from meshlint.checks.hit import Hit
from meshlint.checks.shared.told import told
from meshlint.checks.world import World
from meshlint.matching import AddressSet, has_host_bits
from meshlint.resources import Resource
from meshlint.resources.linkerd.networks import Network, as_block

Parameters = Mapping[str, Any]


def wrong_network(world: World, _: Parameters) -> Iterator[Hit]:
    """A network that admission refuses."""
    return told(world, NETWORK)


def host_bits(world: World, _: Parameters) -> Iterator[Hit]:
    """A network whose address has bits beyond its length."""
    for resource, networks in _networks(world):
        for network in networks:
            for text in (network.cidr, *network.except_):
                if text is not None and has_host_bits(as_block(text)):
                    block = AddressSet.of(as_block(text)).describe()
                    yield Hit(
                        text.field,
                        f"{resource} has the network '{text}', which is the same as '{block}'",
                        resource=resource,
                    )


def one_family(world: World, _: Parameters) -> Iterator[Hit]:
    """A network for every address of one family and none of the other."""
    for authentication in world.mesh.linkerd.network_authentications:
        whole = AddressSet.of(*(one.block for one in authentication.networks if one.block))
        for written, missing in (("0.0.0.0/0", "::/0"), ("::/0", "0.0.0.0/0")):
            covers = AddressSet.of(written).is_subset(whole)
            if covers and not AddressSet.of(missing).overlaps(whole):
                yield Hit(
                    authentication.resource.spec / "networks",
                    f"{authentication} covers every address of '{written}' and none of '{missing}'",
                    resource=authentication.resource,
                    on_key=True,
                    hint="In a cluster with both families, probes and callers may come from either.",
                )


def _networks(world: World) -> Iterator[tuple[Resource, tuple[Network, ...]]]:
    for authentication in world.mesh.linkerd.network_authentications:
        yield authentication.resource, authentication.networks
    for authorization in world.mesh.linkerd.server_authorizations:
        yield authorization.resource, authorization.client.networks
