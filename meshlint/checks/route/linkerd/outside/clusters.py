"""Links between clusters, and Services of several, that Linkerd cannot use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.resources.linkerd.link import link

Parameters = Mapping[str, Any]
_FEDERATED = "mirror.linkerd.io/federated"
_EXPORTED = "mirror.linkerd.io/exported"


def federated_headless(world: World, _: Parameters) -> Iterator[Hit]:
    """A Service without an address that is to be a member of a federated one."""
    for service in world.mesh.services.all:
        label = service.resource.labels.get(_FEDERATED)
        if label == "member" and service.is_headless:
            yield Hit(
                label.field,
                f"{service} is headless, so no federated Service takes it in",
                resource=service.resource,
                hint="Give it a cluster address, or export it by itself with `mirror.linkerd.io/exported`.",
            )


def link_without_gateway(world: World, _: Parameters) -> Iterator[Hit]:
    """A Link that mirrors through a gateway and does not say which."""
    for resource in world.resources.of("multicluster.linkerd.io", "Link"):
        one = link(resource)
        if not one.selector.value:
            continue
        fields = (("gatewayAddress", one.gateway_address), ("gatewayIdentity", one.gateway_identity))
        missing = [name for name, text in fields if not text]
        if missing:
            yield Hit(
                one.selector,
                f"{resource} mirrors services through a gateway and sets no {' and no '.join(missing)}, "
                "so calls fail",
                resource=resource,
                on_key=True,
                hint="Fill them in, or use `remoteDiscoverySelector`, which needs no gateway.",
            )


def exported_without_names(world: World, _: Parameters) -> Iterator[Hit]:
    """A headless Service is exported whose pods have their names under another one."""
    for service in world.mesh.services.all:
        label = service.resource.labels.get(_EXPORTED)
        if label is None or label in ("false", "disabled") or not service.is_headless:
            continue
        sets = [one for one in world.mesh.services.backing(service) if one.kind == "StatefulSet"]
        names = [one.resource.spec.text("serviceName") for one in sets]
        if names and all(name is not None and name != service.name for name in names):
            yield Hit(
                label.field,
                f"{service} names no pods: {sets[0]} is under Service {str(names[0])!r}, so the mirror of "
                "this one has no endpoints",
                resource=service.resource,
                hint=f"Export Service {str(names[0])!r} instead.",
                related=tuple(Related(name.field, "the Service of its pods") for name in names[:1] if name),
            )
