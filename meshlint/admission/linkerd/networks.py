"""Address ranges that Linkerd's webhook refuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.admission.linkerd.saying import refusal
from meshlint.admission.remark import Remark
from meshlint.documents import Text
from meshlint.matching import AddressSet, address_problem
from meshlint.resources import Resource
from meshlint.resources.linkerd.networks import Network, networks

NETWORK = "linkerd-network"


def network_authentication_remarks(resource: Resource) -> Iterator[Remark]:
    """What is refused of a NetworkAuthentication."""
    return _listed(resource)


def egress_network_remarks(resource: Resource) -> Iterator[Remark]:
    """What is refused of an EgressNetwork, whose networks may be left out."""
    return _listed(resource)


def network_remarks(resource: Resource, found: Iterable[Network]) -> Iterator[Remark]:
    """The networks that are no address ranges, or that are left nothing by their exceptions."""
    for network in found:
        fault = _fault(network)
        if fault is not None:
            text, said = fault
            message = f"{resource} has a network that is refused. '{text}' {said}"
            yield refusal(text.field, NETWORK, message)


def _listed(resource: Resource) -> Iterator[Remark]:
    listed = resource.spec / "networks"
    if listed.value == []:
        yield refusal(listed, NETWORK, f"{resource} lists no network, so it is refused", on_key=True)
    yield from network_remarks(resource, networks(resource.spec))


def _fault(network: Network) -> tuple[Text, str] | None:
    """The first thing wrong with a network: an exception must be a part of it, and leave something."""
    if network.cidr is None:
        return None
    problem = address_problem(network.block)
    if problem is not None:
        return network.cidr, problem
    whole = AddressSet.of(network.block or "")
    for text, block in zip(network.except_, network.excepted, strict=True):
        problem = address_problem(block)
        if problem is not None:
            return text, problem
        part = AddressSet.of(block)
        if whole.is_subset(part):
            return text, f"leaves nothing of '{network.cidr}'"
        if not part.is_subset(whole):
            return text, f"is no part of '{network.cidr}'"
    return None
