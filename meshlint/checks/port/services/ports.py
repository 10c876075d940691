"""Ports of Services that lead nowhere, or that proxies take for something else than they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.mending import Fix
from meshlint.checks.shared.mended import replaced
from meshlint.checks.shared.wording import did_you_mean
from meshlint.checks.world import World
from meshlint.documents import Field, Text
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.load_balancers import ending_tls
from meshlint.mesh.hosts.protocols import (
    Protocol,
    nearly_named_protocol,
    overridden_protocol,
    service_port_protocol,
)
from meshlint.mesh.hosts.server_first import sniffed_server_first
from meshlint.mesh.hosts.services import is_declared, target_ports
from meshlint.mesh.names.nearest import nearest
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.questions.spoken import speaking
from meshlint.mesh.remembered import once_each
from meshlint.mesh.workloads.gateways import is_gateway
from meshlint.resources.kubernetes.probe import Probe
from meshlint.resources.kubernetes.service import Service, ServicePort
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import istio_sidecar
from meshlint.security.transport.inbound import ServedBy, protocol_conflicts

Parameters = Mapping[str, Any]
_OF_PROXIES = ("http-envoy-prom", "istio-", "linkerd-")


def nearly_named(world: World, _: Parameters) -> Iterator[Hit]:
    """A name that begins with a protocol, and lacks the hyphen after it."""
    for service, port in _ports(world.mesh, Protocol.UNKNOWN):
        meant = nearly_named_protocol(port)
        if meant is not None and port.name is not None:
            yield Hit(
                port.name.field,
                f"{service} names port {port.port} '{port.name}', which stands for no protocol, so proxies "
                "guess",
                resource=service.resource,
                hint=f"Set a hyphen after the protocol (`{meant.value}-…`), or set appProtocol.",
                fix=_hyphened(port.name, meant.value),
                about=str(port.port),
            )


def _hyphened(name: Text, protocol: str) -> Fix | None:
    """The name with a hyphen after its protocol, where one character or none stands between the two."""
    if not name.lower().startswith(protocol.lower()):
        return None
    rest = name[len(protocol) :].lstrip("_.-")
    return replaced(name.field, f"{protocol.lower()}-{rest.lower()}") if rest else None


def name_overridden(world: World, _: Parameters) -> Iterator[Hit]:
    """An appProtocol that makes something else of a port than its name says."""
    for service, port in _ports(world.mesh):
        said = overridden_protocol(port)
        if said is not None and port.app_protocol is not None and port.name is not None:
            yield Hit(
                port.app_protocol.field,
                f"{service} makes '{port.app_protocol}' of port '{port.name}', so proxies do not see "
                f"{said.layer}",
                resource=service.resource,
                hint="An appProtocol takes the place of the name: let both say the same.",
                about=str(port.port),
            )


def speaks_first(world: World, _: Parameters) -> Iterator[Hit]:
    """A port for a protocol in which servers speak first, left to a sidecar to find out."""
    for service, port in _ports(world.mesh, Protocol.UNKNOWN):
        meshed = [one for one in _behind(world.mesh, service) if istio_sidecar(world.mesh, one).is_present]
        targets = frozenset(target for one in meshed for target in target_ports(port, one))
        protocol = sniffed_server_first(port, targets) if meshed else None
        if protocol is not None:
            yield Hit(
                _said_at(port),
                f"{service} leaves port {port.port} of {protocol} to detection, so calls stall: its servers "
                "speak first",
                resource=service.resource,
                hint="Name the port `tcp-…`, or set appProtocol to `tcp`.",
                about=str(port.port),
            )


def protocols_differ(world: World, _: Parameters) -> Iterator[Hit]:
    """Two Services that lead to one port of a sidecar's pods and name different protocols for it."""
    differ = once_each(_differ)
    for workload in world.mesh.workloads.all:
        offered = world.mesh.services.of(workload)
        if not differ(offered) or not istio_sidecar(world.mesh, workload).is_present:
            continue
        # The listeners of a gateway are what Gateways say.
        found = () if is_gateway(workload) else protocol_conflicts(world.mesh, workload)
        for number, one, other in found:
            yield _conflict(workload, number, one, other)


def _differ(services: tuple[Service, ...]) -> bool:
    """Whether proxies see different things of the ports of some Services."""
    layers = {service_port_protocol(port).layer for service in services for port in service.ports}
    return len(layers - {None}) > 1


def _declared(workloads: tuple[Workload, ...]) -> frozenset[str]:
    """The names of ports that each of some workloads declares."""
    names = ({str(port.name) for port in one.pod.ports() if port.name} for one in workloads)
    return frozenset.intersection(*map(frozenset, names)) if workloads else frozenset()


def target_undeclared(world: World, _: Parameters) -> Iterator[Hit]:
    """A target port by a name that no container declares."""
    declared = once_each(_declared)
    for service, port in _ports(world.mesh):
        target, behind = port.target_port, world.mesh.services.backing(service)
        if not isinstance(target, str) or target.startswith(_OF_PROXIES):
            continue
        if not behind or target in declared(behind):
            continue
        workloads = _behind(world.mesh, service)
        if not workloads:
            continue
        patches = (patch for one in workloads for patch in world.mesh.workloads.patches_of(one))
        if _is_filled_in_later(target) or any(is_declared(target, one) for one in (*workloads, *patches)):
            continue
        names = [str(one.name) for workload in workloads for one in workload.pod.ports() if one.name]
        yield Hit(
            target.field,
            f"{service} leads to port '{target}', which no container of {workloads[0]} declares, so it has "
            "no endpoints",
            resource=service.resource,
            hint=f"{did_you_mean(nearest(target, names))}Name a port of the container, or give its number.",
            related=(Related(workloads[0].resource.at("metadata", "name"), "the workload behind it"),),
            about=str(port.port),
        )


def probed_in_plaintext(world: World, _: Parameters) -> Iterator[Hit]:
    """A port declared as TLS whose container answers plain HTTP there: its own probe says so.

    Not where a load balancer ends TLS for it: callers from outside are served.
    """
    for service, port in _ports(world.mesh, Protocol.HTTPS, Protocol.TLS):
        if ending_tls(service, port) is not None:
            continue
        found = next(_plain_probes(world.mesh, service, port), None)
        if found is not None:
            probe, workload = found
            yield Hit(
                _said_at(port),
                f"{service} declares port {port.port} as {service_port_protocol(port).name}, but {workload} "
                "answers plain HTTP there",
                resource=service.resource,
                hint="Proxies see neither requests nor TLS there. Name it `http-…`.",
                related=(Related(probe.field / "httpGet", "this probe is plain HTTP"),),
                about=str(port.port),
            )


def _conflict(workload: Workload, number: int, one: ServedBy, other: ServedBy) -> Hit:
    return Hit(
        _said_at(other.port),
        f"{other.service} says that port {number} of {workload} speaks {other.protocol.name}, but "
        f"{one.service} says {one.protocol.name}",
        resource=other.service.resource,
        hint="A sidecar has one listener for the port: the Service that is older decides. Let both say the "
        "same.",
        related=(Related(_said_at(one.port), f"here it is {one.protocol.name}"),),
        about=f"{workload} {number}",
    )


def _plain_probes(mesh: Mesh, service: Service, port: ServicePort) -> Iterator[tuple[Probe, Workload]]:
    for workload in _behind(mesh, service):
        targets = target_ports(port, workload)
        for container in workload.pod.running_containers:
            numbers = {one.name: one.container_port for one in container.ports if one.name}
            for probe in container.probes:
                number = numbers.get(probe.port) if isinstance(probe.port, str) else probe.port
                if probe.handler == "httpGet" and probe.scheme.upper() == "HTTP" and number in targets:
                    yield probe, workload


def _said_at(port: ServicePort) -> Field:
    """The field that tells the protocol of a port, or would."""
    if port.app_protocol:
        return port.app_protocol.field
    return port.name.field if port.name else port.field


def _ports(mesh: Mesh, *protocols: Protocol) -> Iterator[tuple[Service, ServicePort]]:
    """The ports of Services, of all or of those that are taken for some protocols."""
    for service in speaking(mesh, *protocols) if protocols else mesh.services.all:
        if not service.is_external_name:
            for port in service.ports:
                if not protocols or service_port_protocol(port) in protocols:
                    yield service, port


def _behind(mesh: Mesh, service: Service) -> list[Workload]:
    """The workloads that surely stand behind a Service, wherever both are put."""
    workloads = mesh.services.backing(service)
    return [one for one in workloads if belong_together(service.resource, one.resource)]


def _is_filled_in_later(text: str) -> bool:
    return "{" in text or "$" in text
