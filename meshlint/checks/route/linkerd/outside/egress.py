"""EgressNetworks that are not accepted, and calls outside that go past the proxy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.matching import AddressSet, address_problem
from meshlint.mesh.names.nearest import nearest
from meshlint.resources.linkerd.egress_network import egress_network
from meshlint.resources.linkerd.group import POLICY
from meshlint.resources.linkerd.networks import Network
from meshlint.security.linkerd.ports import port_list
from meshlint.security.membership.annotations import SKIP_OUTBOUND, inherited
from meshlint.security.membership.linkerd import linkerd_proxy

Parameters = Mapping[str, Any]


def egress_within_cluster(world: World, _: Parameters) -> Iterator[Hit]:
    """An EgressNetwork that holds addresses of the cluster."""
    cluster = AddressSet.of(*world.settings.linkerd.cluster_networks)
    for resource in world.resources.of(POLICY, "EgressNetwork"):
        for network in egress_network(resource).networks or ():
            held = _addresses(network)
            if held is not None and held.overlaps(cluster):
                yield Hit(
                    network.field / "cidr",
                    f"{resource} holds '{network.cidr}', where the cluster is, so it is not accepted",
                    resource=resource,
                    hint="Leave the cluster's networks out, or write no `networks` for all others.",
                )


def egress_parent_missing(world: World, _: Parameters) -> Iterator[Hit]:
    """A route for an EgressNetwork that does not exist."""
    kind = (POLICY, "EgressNetwork")
    networks = {(one.namespace, one.name) for one in world.resources.of(*kind)}
    for route in world.mesh.routes:
        for ref in route.parent_refs:
            named = (str(ref.namespace), str(ref.name))
            if not ref.is_a(*kind) or not ref.name or named in networks:
                continue
            if world.mesh.namespaces.shows(named[0], (kind,), ref.field):
                close = nearest(named[1], (name for namespace, name in networks if namespace == named[0]))
                yield Hit(
                    ref.field / "name",
                    f"{route.resource} is for EgressNetwork {'/'.join(named)}, which does not exist, "
                    "so it is never used",
                    resource=route.resource,
                    hint=f"Did you mean '{close[0]}'?" if close else None,
                )


def _addresses(network: Network) -> AddressSet | None:
    """The addresses of a network; None if it is none, of which another rule speaks."""
    if network.cidr is None or any(map(address_problem, (network.cidr, *network.except_))):
        return None
    return AddressSet.network(network.cidr, network.except_)


def egress_past_proxy(world: World, _: Parameters) -> Iterator[Hit]:
    """A port that routes guard on its way out, and that pods of the namespace call past their proxy."""
    mesh = world.mesh
    guarded: dict[str, dict[int, Related]] = {}
    for route in mesh.routes:
        for ref in route.parent_refs:
            if ref.is_a(POLICY, "EgressNetwork") and ref.port is not None:
                related = Related(ref.field, f"{route.resource} is for this port")
                guarded.setdefault(str(ref.namespace), {}).setdefault(ref.port, related)
    for workload in mesh.workloads.all if guarded else ():
        written = inherited(mesh, workload, SKIP_OUTBOUND)
        ports = guarded.get(workload.namespace, {})
        if written is None or not linkerd_proxy(mesh, workload).is_present:
            continue
        past = [number for number in sorted(ports) if port_list(written).ports.admits(number)]
        if past:
            yield _past(workload, written, past[0], ports[past[0]])


def _past(workload: Any, written: Text, port: int, related: Related) -> Hit:
    return Hit(
        written.field,
        f"{workload} calls port {port} past its proxy, so no route for an EgressNetwork holds it back",
        resource=workload.resource,
        hint="Take the port off the list, or refuse the calls with a NetworkPolicy.",
        related=(related,),
        about=str(workload),
    )
