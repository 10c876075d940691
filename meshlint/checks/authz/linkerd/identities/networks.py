"""Networks in Linkerd's policies that are refused, or that leave out callers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.matching import AddressSet, address_problem, has_host_bits
from meshlint.resources import Resource
from meshlint.resources.linkerd.networks import Network

Parameters = Mapping[str, Any]


def wrong_network(world: World, _: Parameters) -> Iterator[Hit]:
    """A network that admission refuses."""
    for resource, networks in _networks(world):
        for network in networks:
            found = _network_fault(network)
            if found is not None:
                text, said = found
                yield Hit(
                    text.field,
                    f"{resource} has a network that is refused. '{text}' {said}",
                    resource=resource,
                )
    for authentication in world.mesh.linkerd.network_authentications:
        if (authentication.resource.spec / "networks").value == []:
            yield Hit(
                authentication.resource.spec / "networks",
                f"{authentication} lists no network, so it is refused",
                resource=authentication.resource,
                on_key=True,
            )


def host_bits(world: World, _: Parameters) -> Iterator[Hit]:
    """A network whose address has bits beyond its length."""
    for resource, networks in _networks(world):
        for network in networks:
            for text in (network.cidr, *network.except_):
                if text is not None and has_host_bits(text):
                    block = AddressSet.of(text).describe()
                    yield Hit(
                        text.field,
                        f"{resource} has the network '{text}', which is the same as '{block}'",
                        resource=resource,
                    )


def one_family(world: World, _: Parameters) -> Iterator[Hit]:
    """A network for every address of one family and none of the other."""
    for authentication in world.mesh.linkerd.network_authentications:
        whole = AddressSet.of(*(str(one.cidr) for one in authentication.networks if one.cidr))
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


def _network_fault(network: Network) -> tuple[Text, str] | None:
    if network.cidr is None:
        return None
    problem = address_problem(network.cidr)
    if problem is not None:
        return network.cidr, problem
    whole = AddressSet.of(network.cidr)
    for text in network.except_:
        problem = address_problem(text)
        if problem is not None:
            return text, problem
        part = AddressSet.of(text)
        if whole.is_subset(part):
            return text, f"leaves nothing of '{network.cidr}'"
        if not part.is_subset(whole):
            return text, f"is no part of '{network.cidr}'"
    return None
