"""VirtualServices that nobody sees, or that everybody does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.exports import export_place
from meshlint.checks.shared.wording import did_you_mean, listed
from meshlint.checks.world import World


def host_not_expanded(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A VirtualService is for a host written `service.namespace`, which Istio takes for a full name."""
    from meshlint.traffic.hosts.unbound import idle_hosts

    for idle in idle_hosts(world.mesh):
        if idle.full is not None:
            owner = idle.virtual_service.resource
            yield Hit(
                idle.host.field,
                f"{owner} is for {str(idle.host)!r}, which Istio does not expand, "
                "so sidecars do not follow it for that service",
                resource=owner,
                hint=f"Write {idle.full!r}: Istio adds a domain only to names without a dot.",
            )


def host_unknown(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A VirtualService for sidecars is for a host that no service has."""
    from meshlint.traffic.hosts.unbound import idle_hosts

    for idle in idle_hosts(world.mesh):
        if idle.full is None:
            owner = idle.virtual_service.resource
            where = (
                f"A name without a dot is looked up in {owner.namespace!r}." if "." not in idle.host else ""
            )
            yield Hit(
                idle.host.field,
                f"{owner} is for {str(idle.host)!r}, which is no service, so calls to services pass it by",
                resource=owner,
                hint=f"{did_you_mean(idle.missing.nearest)}{where}".strip()
                or "Correct the name of the host.",
            )


def routes_unseen(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A VirtualService is not exported to the gateway that it is bound to, or to no client at all."""
    from meshlint.traffic.followers.audience import unseen_by_gateways, unseen_by_sidecars

    for unseen in unseen_by_gateways(world.mesh):
        owner = unseen.virtual_service.resource
        yield Hit(
            export_place(unseen.virtual_service),
            f"{owner} is not exported to {listed(unseen.places)}, where the pods of its gateway are, "
            "so it takes no requests there",
            resource=owner,
            hint="Add the namespace of the gateway's pods to `exportTo`.",
            related=(Related(unseen.reference.field, "the gateway"),),
            about=str(unseen.reference),
        )
    for virtual_service in unseen_by_sidecars(world.mesh):
        yield Hit(
            export_place(virtual_service),
            f"{virtual_service.resource} is exported to no namespace with clients, so no sidecar follows it",
            resource=virtual_service.resource,
            hint="Export it to the namespaces of the clients, or to `*`.",
        )


def claims_of_others(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A VirtualService takes the requests for a Service of another namespace, for clients everywhere."""
    from meshlint.traffic.followers.audience import claims_of_others as claims

    for virtual_service, host, service in claims(world.mesh):
        owner = virtual_service.resource
        yield Hit(
            host.field,
            f"{owner} is for {str(host)!r} and exported to all, so it reroutes every client",
            resource=owner,
            hint="Write `exportTo: [.]` to route the clients of this namespace alone.",
            related=(Related(service.at("metadata", "name"), "the Service"),),
        )


def mesh_omitted(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Gateways share requests out over subsets that callers within the mesh do not get to choose."""
    from meshlint.traffic.followers.audience import gateway_splits_of_called

    for routed, call in gateway_splits_of_called(world.mesh, world.traffic.destinations):
        owner, client = routed.virtual_service.resource, call.client.resource
        yield Hit(
            owner.spec / "gateways",
            f"{owner} picks subsets of {str(routed.destination.host)!r} on gateways alone, "
            f"so calls by {client.namespace}/{client.name} go to all pods",
            resource=owner,
            on_key=True,
            hint="Add the host and `mesh` to route calls within the mesh as well.",
            related=(Related(call.because.field, "called from here"),),
            about=routed.host,
        )
