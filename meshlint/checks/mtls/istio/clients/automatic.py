"""Calls on which the TLS that clients choose by themselves, or would have to be told of, goes wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.mending import Add, Fix, Replace
from meshlint.checks.world import World
from meshlint.mesh import Mesh, MtlsMode
from meshlint.mesh.hosts.services import target_ports
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.resources import Resource
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import istio_sidecar
from meshlint.security.transport.calls import Hop, Transport, Way, sidecar_hop
from meshlint.security.transport.outside_endpoints import plaintext_machines, refused_calls
from meshlint.security.transport.servers import namespace_mtls

Parameters = Mapping[str, Any]


def headless(world: World, _: Parameters) -> Iterator[Hit]:
    """A headless Service, to all pods of which clients send the same, with one that does not take it."""
    for service in world.mesh.services.all:
        off = namespace_mtls(world.mesh, service.namespace).modes == {MtlsMode.DISABLE}
        if not service.is_headless or off or not world.settings.auto_mtls:
            continue
        for workload, hop in _hops(world.mesh, service):
            if hop.transport is Transport.BROKEN and not _is_told(hop):
                yield Hit(
                    service.resource.at("spec", "clusterIP"),
                    f"{service} is headless, so all of its pods are sent the same, which {workload} refuses",
                    resource=service.resource,
                    hint=f"Here {hop.reason}. Let all pods behind it have a proxy and one mode.",
                    related=(Related(workload.resource.at("metadata", "name"), "the workload"),),
                )
                break


def not_told(world: World, _: Parameters) -> Iterator[Hit]:
    """A Service whose clients send plaintext, because automatic mTLS is off and no rule tells them to."""
    for service, workload in _untold(world, Transport.PLAINTEXT):
        yield Hit(
            service.resource.at("metadata", "name"),
            f"Calls to {service} are plaintext: automatic mTLS is off and no DestinationRule asks for it",
            resource=service.resource,
            hint="Turn `enableAutoMtls` on, or add a DestinationRule with ISTIO_MUTUAL.",
            related=(Related(workload.resource.at("metadata", "name"), "this workload has a sidecar"),),
        )


def not_told_and_refused(world: World, _: Parameters) -> Iterator[Hit]:
    """A Service that demands mTLS, while automatic mTLS is off and no rule tells clients to speak it."""
    for service, workload in _untold(world, Transport.BROKEN):
        yield Hit(
            service.resource.at("metadata", "name"),
            f"Calls to {service} fail: it demands mTLS, automatic mTLS is off and no DestinationRule asks "
            "for it",
            resource=service.resource,
            hint="Turn `enableAutoMtls` on, or add a DestinationRule with ISTIO_MUTUAL.",
            related=(Related(workload.resource.at("metadata", "name"), "this workload demands mTLS"),),
        )


def taken_for_outside(world: World, _: Parameters) -> Iterator[Hit]:
    """A ServiceEntry for the outside that leads to a workload which demands mTLS."""
    for entry in world.mesh.service_entries:
        call = next(refused_calls(world.mesh, entry), None)
        if call is not None:
            yield Hit(
                call.at,
                f"{entry.resource} leads outside of the mesh by its location, so {call.workload} refuses the "
                "plaintext it gets",
                resource=entry.resource,
                hint="Set `location: MESH_INTERNAL`: then clients use mutual TLS.",
                fix=_inside(entry.resource),
                related=(Related(call.workload.resource.at("metadata", "name"), "it demands mTLS"),),
            )


def _inside(entry: Resource) -> Fix:
    """The fix that says that an entry is inside of the mesh."""
    spec = entry.spec
    edit = (
        Replace(spec / "location", "MESH_INTERNAL")
        if "location" in spec
        else Add(spec, "location", "MESH_INTERNAL")
    )
    return Fix("set the location to MESH_INTERNAL", (edit,), safe=False)


def machine_without_account(world: World, _: Parameters) -> Iterator[Hit]:
    """A WorkloadEntry of which clients do not know that it takes the mTLS it demands."""
    for machine, policy in plaintext_machines(world.mesh):
        yield Hit(
            machine.field,
            f"{machine.resource} has no serviceAccount, so clients send plaintext, which {policy} refuses",
            resource=machine.resource,
            hint="Set `serviceAccount` to the account of the machine's proxy.",
            related=(Related(policy.field, "mTLS is demanded here"),),
        )


def _untold(world: World, transport: Transport) -> Iterator[tuple[Service, Workload]]:
    if world.settings.auto_mtls:
        return
    for service in world.mesh.services.all:
        for workload, hop in _hops(world.mesh, service):
            if (
                hop.transport is transport
                and not _is_told(hop)
                and istio_sidecar(world.mesh, workload).is_present
            ):
                yield service, workload
                break


def _hops(mesh: Mesh, service: Service) -> Iterator[tuple[Workload, Hop]]:
    """How calls of sidecars beside a Service travel to its pods, port by port."""
    for workload in mesh.services.backing(service):
        if not belong_together(service.resource, workload.resource):
            continue
        for port in service.ports:
            for target in sorted(target_ports(port, workload)) if port.protocol == "TCP" else ():
                way = Way(service, port.port or 0)
                yield workload, sidecar_hop(mesh, service.namespace, way, workload, target)


def _is_told(hop: Hop) -> bool:
    """Whether a DestinationRule decides what clients send."""
    return any(one.kind == "DestinationRule" for one in hop.deciding)
