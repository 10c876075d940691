"""Traffic that leaves the mesh: in plain text, to anybody, or to hosts that it may not reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.matching import AddressSet, address_problem, is_wildcard
from meshlint.mesh.hosts.protocols import declared_protocol
from meshlint.mesh.names.expansion import service_name
from meshlint.resources.istio.service_entry import ServiceEntry

METADATA = ("169.254.169.254", "fd00:ec2::254")
METADATA_HOSTS = frozenset({"metadata.google.internal", "metadata"})
TLS_PORT = 443


def plain_text(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A host outside of the mesh is called in plain HTTP."""
    from meshlint.traffic.effects.policies import originates_tls

    for entry in world.mesh.service_entries:
        if not _leaves_the_cluster(world, entry):
            continue
        for port in entry.ports:
            encrypts = port.number == TLS_PORT or port.target_port == TLS_PORT
            if not declared_protocol(port.protocol).is_http or encrypts:
                continue
            if not originates_tls(world.mesh, entry.hosts):
                yield Hit(
                    port.field / "protocol",
                    f"{entry.resource} has {str(entry.hosts[0])!r} called in plain {port.protocol}, "
                    "so anyone on the way reads it",
                    resource=entry.resource,
                    hint="Originate TLS in a DestinationRule, or declare the port as HTTPS.",
                    about=str(port.number),
                )


def _leaves_the_cluster(world: World, entry: ServiceEntry) -> bool:
    """Whether its requests go out over a network: to no cloud's metadata server, nor to the pod itself."""
    if not entry.is_external or not entry.hosts or next(_metadata_places(entry), None) is not None:
        return False
    domain = world.settings.cluster_domain
    local = all(_is_local(str(one.address or "")) for one in entry.endpoints) and bool(entry.endpoints)
    return not local and service_name(entry.hosts[0].lower(), domain) is None


def _is_local(address: str) -> bool:
    return address.startswith(("unix:", "127.")) or address == "::1"


def any_address(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A wildcard is let through to whatever address the client has chosen."""
    for entry in world.mesh.service_entries:
        if entry.resolution != "NONE" or not entry.is_external or entry.addresses:
            continue
        for host in entry.hosts:
            if is_wildcard(host) and host != "*":
                yield Hit(
                    host.field,
                    f"{entry.resource} passes {str(host)!r} to any address a client chose, so it is no limit",
                    resource=entry.resource,
                    hint="List the hosts with resolution DNS, or send them through an egress gateway.",
                )


def metadata_server(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A ServiceEntry opens the way to the metadata server of a cloud, which hands out credentials."""
    for entry in world.mesh.service_entries:
        for text in islice(_metadata_places(entry), 1):
            yield Hit(
                text.field,
                f"{entry.resource} makes {str(text)!r} known, so pods may fetch the node's credentials there",
                resource=entry.resource,
                hint="Remove it; give the pods that need credentials an identity of their own.",
            )


def _metadata_places(entry: ServiceEntry) -> Iterator[Text]:
    yield from (host for host in entry.hosts if host.lower() in METADATA_HOSTS or host in METADATA)
    written = [*entry.addresses, *(one.address for one in entry.endpoints if one.address is not None)]
    yield from (text for text in written if _holds_metadata(text))


def _holds_metadata(text: str) -> bool:
    if address_problem(text) is not None:
        return False
    held = AddressSet.of(text)
    return any(held.admits(address) for address in METADATA)


def open_to_all(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Sidecar lets its workloads call hosts that the mesh does not know."""
    for sidecar in world.mesh.sidecars:
        mode = (sidecar.field / "outboundTrafficPolicy").text("mode")
        if mode == "ALLOW_ANY":
            yield Hit(
                mode.field,
                f"{sidecar.resource} lets its workloads call any host, so nothing keeps data in",
                resource=sidecar.resource,
                hint="Use REGISTRY_ONLY, and add a ServiceEntry for each host that is needed.",
            )


def unknown_host(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A workload is configured to call an unknown host where only known ones may be called."""
    if not world.settings.complete:
        return
    from meshlint.traffic.hosts.outside import barred_calls

    for call in barred_calls(world.mesh):
        yield Hit(
            call.because.field,
            f"{call.client} calls '{call.host}', which the mesh does not know, so its proxy answers with 502",
            resource=call.client.resource,
            hint="Add a ServiceEntry for the host: the outbound policy is REGISTRY_ONLY.",
            about=call.host,
        )
