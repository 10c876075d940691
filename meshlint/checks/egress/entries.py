"""ServiceEntries that are rejected, that nobody answers for, or that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.told import told
from meshlint.checks.world import World
from meshlint.mesh.hosts.protocols import declared_protocol

_DNS = frozenset({"DNS", "DNS_ROUND_ROBIN"})


def rejected(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Fields of a ServiceEntry exclude each other."""
    yield from told(world, Mistake.ENTRY)
    for entry in world.mesh.service_entries:
        spec = entry.field
        led = entry.endpoints or spec / "endpoints" or entry.workload_selector is not None
        if entry.resolution == "STATIC" and not led:
            yield Hit(
                spec / "resolution",
                f"{entry.resource} is STATIC without endpoints, so calls to its hosts lead nowhere",
                resource=entry.resource,
                on_key=True,
                hint="List endpoints, or select workloads.",
            )


def port_twice(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two ports of a ServiceEntry have one number or one name."""
    return told(world, Mistake.ENTRY_PORT_TWICE)


def protocol_conflict(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two ServiceEntries give one port of a host two protocols."""
    from meshlint.traffic.hosts.entry_conflicts import protocol_conflicts

    for one, port, other in protocol_conflicts(world.mesh):
        yield Hit(
            port.field / "protocol" if port.protocol else port.field,
            f"{one.resource} gives port {port.number} of a host protocol {port.protocol or 'unset'}, "
            f"unlike {other.resource.namespace}/{other.resource.name}, so one is ignored",
            resource=one.resource,
            hint="Give the port the same protocol wherever the host is defined.",
            related=(Related(other.resource.spec, "the other ServiceEntry"),),
            about=f"{other.resource} {port.number}",
        )


def competing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Entries of two namespaces lead one host elsewhere for everyone."""
    from meshlint.traffic.hosts.entry_conflicts import competing_entries

    for one, host, other in competing_entries(world.mesh):
        at = next(text for text in one.hosts if text.lower() == host)
        yield Hit(
            at.field,
            f"{one.resource} leads {host!r} elsewhere than {other.resource.namespace}/{other.resource.name}, "
            "so other namespaces follow the older one",
            resource=one.resource,
            hint="Export each to its own namespace with `exportTo`, or keep one of the two.",
            related=(Related(other.resource.spec, "the other ServiceEntry"),),
            about=str(other.resource),
        )


def tcp_without_address(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A TCP port has no address that would tell the host apart."""
    for entry in world.mesh.service_entries:
        if entry.addresses or entry.resource.at("status", "addresses"):
            continue
        for port in entry.ports:
            if (port.protocol or "TCP").upper() == "TCP":
                yield Hit(
                    port.field,
                    f"{entry.resource} has TCP port {port.number} and no addresses, "
                    "so it may take all connections to that port",
                    resource=entry.resource,
                    on_key=True,
                    hint="Add `addresses`, unless the mesh allocates them and captures DNS.",
                    about=str(port.number),
                )


def plain_on_443(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Port 443 outside of the mesh is called in plain HTTP."""
    from meshlint.traffic.effects.policies import effective_policy, originates_tls

    for entry in world.mesh.service_entries:
        for port in entry.ports if entry.is_external else ():
            plain = declared_protocol(port.protocol).is_http and port.target_port is None
            if port.number != 443 or not plain or not entry.hosts:
                continue
            host = entry.hosts[0].lower()
            policy = effective_policy(world.mesh, entry.resource.namespace, host, 443)
            if policy.tls_mode in ("auto", "DISABLE") and not originates_tls(world.mesh, [host]):
                yield Hit(
                    port.field / "protocol",
                    f"{entry.resource} declares port 443 as {port.protocol}, so HTTPS fails there and HTTP "
                    "goes out in plain text",
                    resource=entry.resource,
                    hint="Declare it as HTTPS, or let clients call port 80 with `targetPort: 443` and a "
                    "DestinationRule that originates TLS.",
                )


def selects_nothing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A ServiceEntry selects workloads that are not there."""
    from meshlint.traffic.hosts.entry_conflicts import selecting_nothing

    for entry in selecting_nothing(world.mesh):
        yield Hit(
            entry.field / "workloadSelector",
            f"{entry.resource} selects workloads that do not exist, so its hosts have no endpoints",
            resource=entry.resource,
            on_key=True,
            hint="Pods and WorkloadEntries of its own namespace count.",
        )


def idle_workload_entry(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """No service has a WorkloadEntry as its endpoint."""
    from meshlint.traffic.hosts.entry_conflicts import idle_workload_entries

    for resource in idle_workload_entries(world.mesh):
        yield Hit(
            resource.at("metadata", "name"),
            f"{resource} is selected by no ServiceEntry and no Service, so nobody calls it",
            resource=resource,
            hint="Match its labels to a `workloadSelector` or a Service's selector.",
        )


def hides_service(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A ServiceEntry defines the host of a Kubernetes Service."""
    for entry in world.mesh.service_entries:
        for host in entry.hosts:
            known = world.mesh.hosts.known(host.lower())
            if known is not None and known.service is not None:
                yield Hit(
                    host.field,
                    f"{entry.resource} defines {str(host)!r}, which is {known.service}, so it is ignored",
                    resource=entry.resource,
                    hint="The Service comes first: use another host, or leave the entry out.",
                    related=(Related(known.service.resource.spec, "the Service"),),
                )
