"""VirtualServices that delegate in vain, or that nobody delegates to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World


def delegate_fault(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A delegate does not take over."""
    from meshlint.traffic.tables.istio.delegation import faulty_delegates

    for faulty in faulty_delegates(world.mesh):
        resource, delegate = faulty.root.resource, faulty.route.delegate
        if delegate is not None:
            name = f"{delegate.namespace or resource.namespace}/{delegate.name or ''}"
            yield Hit(
                delegate.field / "name",
                f"{resource} delegates to {name}, but {faulty.fault.value}, so the route disappears",
                resource=resource,
                hint="A delegate is a VirtualService without `hosts` that the root's namespace sees.",
                about=name,
            )


def delegate_conflict(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A delegate's match lies outside of its root's."""
    from meshlint.traffic.tables.istio.delegation import delegated, delegates

    for root in world.mesh.virtual_services:
        for route in root.http:
            for delegate in delegates(world.mesh, root, route):
                for part in delegated(route, delegate):
                    if part.is_dropped and delegate.is_delegate:
                        yield Hit(
                            part.route.field / "match" if part.route.match else part.route.field,
                            f"{delegate.resource}: the match is not within the one of {root.resource}, "
                            "so Istio drops the route",
                            resource=delegate.resource,
                            hint="Let each exact path or prefix begin with the root's prefix, "
                            "and use no regular expression where the root tests the same thing.",
                            related=(Related(route.field, "delegated from here"),),
                            about=str(root.resource),
                        )


def delegate_orphan(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A VirtualService without hosts is nobody's delegate."""
    from meshlint.traffic.tables.istio.delegation import orphans

    for orphan in orphans(world.mesh):
        yield Hit(
            orphan.resource.at("metadata", "name"),
            f"{orphan.resource} has no hosts and nobody delegates to it, so its routes are idle",
            resource=orphan.resource,
            hint="Name its hosts, or delegate to it from the VirtualService that has them.",
        )
