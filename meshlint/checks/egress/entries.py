"""ServiceEntries that are rejected, that nobody answers for, or that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.documents import Field, Text
from meshlint.matching import is_wildcard
from meshlint.mesh.hosts.protocols import declared_protocol
from meshlint.mesh.names.expansion import is_address
from meshlint.resources.istio.service_entry import ServiceEntry

_DNS = frozenset({"DNS", "DNS_ROUND_ROBIN"})


def rejected(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Fields of a ServiceEntry exclude each other."""
    for entry in world.mesh.service_entries:
        if not world.admission.of(entry.resource).is_taken:
            continue
        for at, problem, hint in _problems(entry):
            yield Hit(
                at,
                f"{entry.resource} {problem}, so Istio rejects it",
                resource=entry.resource,
                on_key=True,
                hint=hint,
                about=problem,
            )


def _problems(entry: ServiceEntry) -> Iterator[tuple[Field, str, str]]:
    spec = entry.field
    endpoints, selector = spec / "endpoints", spec / "workloadSelector"
    if entry.resolution == "NONE" and entry.endpoints:
        yield endpoints, "has endpoints with resolution NONE", "Use STATIC or DNS, or remove them."
    if entry.endpoints and entry.workload_selector is not None:
        yield selector, "has endpoints and a workloadSelector", "Keep one of the two."
    without = not entry.endpoints and not endpoints and entry.workload_selector is None
    if entry.resolution == "STATIC" and without:
        yield spec / "resolution", "is STATIC without endpoints", "List endpoints, or select workloads."
    yield from _host_problems(entry)
    yield from _address_problems(entry)
    if entry.resolution == "DNS_ROUND_ROBIN" and len(entry.endpoints) > 1:
        yield endpoints, "has several endpoints with DNS_ROUND_ROBIN", "Use DNS, or keep one endpoint."
    known = {str(port.name) for port in entry.ports if port.name}
    for endpoint in entry.endpoints:
        for name in endpoint.ports:
            if name not in known:
                hint = "Name ports as `ports` does."
                yield endpoint.field / "ports" / name, f"has an endpoint with unknown port {name!r}", hint


def _host_problems(entry: ServiceEntry) -> Iterator[tuple[Field, str, str]]:
    if not entry.hosts and not entry.field / "hosts":
        yield entry.field / "hosts", "has no hosts", "List the hosts."
    for host in entry.hosts:
        if host == "*":
            yield host.field, "is for host '*'", "Name a domain: `*.example.com`."
        elif is_wildcard(host) and entry.resolution in _DNS and not entry.endpoints:
            hint = "Use resolution NONE, or list endpoints."
            yield host.field, f"resolves the wildcard {str(host)!r} by DNS", hint
    plain = [port for port in entry.ports if not _tells_hosts_apart(port.protocol)]
    if len(entry.hosts) > 1 and plain and entry.resolution != "NONE":
        what = f"has several hosts on {plain[0].protocol or 'TCP'} port {plain[0].number}"
        yield plain[0].field, what, "Split it: one ServiceEntry for each host."


def _tells_hosts_apart(protocol: str | None) -> bool:
    known = declared_protocol(protocol)
    return known.is_http or known.is_tls


def _address_problems(entry: ServiceEntry) -> Iterator[tuple[Field, str, str]]:
    for address in entry.addresses:
        if "/" in address and entry.resolution in _DNS:
            hint = "Address ranges need resolution NONE or STATIC."
            yield address.field, f"has the address range {str(address)!r} with resolution DNS", hint
    for endpoint in entry.endpoints if entry.resolution == "STATIC" else ():
        address = endpoint.address or Text.of("", endpoint.field)
        if address and not is_address(address) and not address.startswith("unix:"):
            hint = "STATIC endpoints are IP addresses; use resolution DNS for names."
            yield address.field, f"is STATIC with the name {str(address)!r} as endpoint", hint


def port_twice(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two ports of a ServiceEntry have one number or one name."""
    for entry in world.mesh.service_entries:
        seen: dict[object, Field] = {}
        for port in entry.ports:
            for key, at in ((port.number, port.field / "number"), (port.name, port.field / "name")):
                if key is None or key == "":
                    continue
                if key in seen:
                    yield Hit(
                        at,
                        f"{entry.resource} has two ports {str(key)!r}, so Istio rejects it",
                        resource=entry.resource,
                        hint="Number and name of each port are its own.",
                        related=(Related(seen[key], "the other one"),),
                        about=str(key),
                    )
                seen.setdefault(key, at)


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
                    f"{entry.resource} declares port 443 as {port.protocol}, so it is called in plain text",
                    resource=entry.resource,
                    hint="Declare it as HTTPS, or add a DestinationRule that originates TLS.",
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
