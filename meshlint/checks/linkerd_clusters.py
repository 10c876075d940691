"""What Linkerd refuses or cannot use between clusters, in profiles and in routes of gRPC."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.linkerd_outbound import uses_linkerd
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.mesh import Missing
from meshlint.resources.linkerd.group import POLICY
from meshlint.resources.linkerd.link import link
from meshlint.resources.linkerd.service_profile import service_profile
from meshlint.security.linkerd.ports import port_list
from meshlint.security.membership.annotations import SKIP_OUTBOUND, inherited
from meshlint.security.membership.linkerd import linkerd_proxy

Parameters = Mapping[str, Any]
_FEDERATED = "mirror.linkerd.io/federated"


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


def profile_share_missing(world: World, _: Parameters) -> Iterator[Hit]:
    """A share of a profile's requests for a service that does not exist."""
    for resource in world.resources.of("linkerd.io", "ServiceProfile"):
        for override in service_profile(resource).dst_overrides:
            host = str(override.authority or "").partition(":")[0].removesuffix(".")
            if host and isinstance(world.mesh.hosts.resolve(host, resource.namespace), Missing):
                yield Hit(
                    override.field / "authority",
                    f"{resource} sends a share to '{override.authority}', which does not exist, so it fails",
                    resource=resource,
                )


def method_pattern(world: World, _: Parameters) -> Iterator[Hit]:
    """A pattern for the method of gRPC calls to a Service, which Linkerd does not take."""
    for route in world.mesh.routes if uses_linkerd(world) else ():
        if route.kind != "GRPCRoute" or not any(one.kind == "Service" for one in route.parent_refs):
            continue
        for rule in route.rules:
            for match in rule.matches:
                if match.type == "RegularExpression":
                    yield Hit(
                        match.field / "method" / "type",
                        f"{route.resource} matches methods by a pattern, so Linkerd's webhook refuses it",
                        resource=route.resource,
                        hint="Name the service and the method.",
                    )


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
