"""Names, ports, hosts and selectors of Istio Gateways that are rejected or select nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.gateway.istio.servers.listing import servers
from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.documents import Field


def selector_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Gateway selects no pods in particular, hence all gateways."""
    for gateway in world.mesh.gateways.all:
        if gateway.servers and (gateway.selector is None or not gateway.selector.labels):
            yield Hit(
                gateway.resource.spec / "selector",
                f"{gateway.resource} has no selector, so every gateway of the mesh serves it",
                resource=gateway.resource,
                hint="Select the pods of one gateway, for example `istio: ingressgateway`.",
            )


def selector_matches_nothing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """No pod in view is selected, though gateway pods are."""
    from meshlint.traffic.gateways.pods import unselected

    for gateway in unselected(world.mesh):
        chosen = gateway.selector.labels if gateway.selector is not None else {}
        labels = ", ".join(f"{key}={value}" for key, value in chosen.items())
        yield Hit(
            gateway.resource.spec / "selector",
            f"{gateway.resource} selects pods with {labels}, which none has, so nobody serves it",
            resource=gateway.resource,
            on_key=True,
            hint="Select labels of the gateway's pod template.",
        )


def port_names(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A port has an empty name, or one that another port of the Gateway has; the schema asks for a name."""
    for gateway in world.mesh.gateways.all:
        seen: dict[str, Field] = {}
        for server in gateway.servers:
            name, owner = server.port.name, gateway.resource
            if not name and "name" in server.port.field:
                yield Hit(
                    server.port.field / "name",
                    f"{owner} has a port without a name, so Istio rejects it",
                    resource=owner,
                    on_key=True,
                    hint="Name each port of a Gateway, each differently.",
                )
            elif name and name in seen:
                yield Hit(
                    name.field,
                    f"{owner} has two ports called {str(name)!r}, so Istio rejects it",
                    resource=owner,
                    hint="Name each port of a Gateway differently.",
                    related=(Related(seen[name], "the other one"),),
                )
            if name:
                seen.setdefault(name, name.field)


def name_dotted(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Gateway is called like a host, which Istio rejects though Kubernetes does not."""
    for gateway in world.mesh.gateways.all:
        name = gateway.resource.name
        if "." in name and "$" not in name and "{" not in name:
            yield Hit(
                gateway.resource.at("metadata", "name"),
                f"{gateway.resource} has a name with a dot, so Istio rejects it",
                resource=gateway.resource,
                hint="VirtualServices would read the dot as the start of a namespace: use dashes.",
            )


def host_malformed(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A host of a server is no full name."""
    for owner, _gateway, server, _protocol in servers(world):
        if not server.hosts and server.field / "port":
            yield Hit(
                server.field,
                f"{owner} has a server without hosts, so Istio rejects it",
                resource=owner,
                hint="List the hosts that it serves, or `*`.",
            )
        for text in server.hosts:
            problem = _host_problem(text)
            if problem:
                yield Hit(
                    text.field,
                    f"{owner} serves host {str(text)!r}, which {problem}, so Istio rejects it",
                    resource=owner,
                    hint="Write a full name, `*.` and a domain, or `*`, with or without `namespace/` before.",
                )


def _host_problem(text: str) -> str:
    place, slash, host = text.rpartition("/")
    if slash and not (place and host):
        return "lacks a part"
    if "$" in host or "{" in host:
        return ""
    if host.startswith("*") and len(host) > 1 and not host.startswith("*."):
        return "has a wildcard for a part of a label"
    if "*" in host[1:]:
        return "has a wildcard that is not at its start"
    return "" if "." in host or host == "*" else "is a short name"


def any_host(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A server takes every host."""
    for owner, _gateway, server, _protocol in servers(world):
        for text in server.hosts:
            if text in ("*", "*/*"):
                yield Hit(
                    text.field,
                    f"{owner} serves host '*', so any name that leads here is taken",
                    resource=owner,
                    hint="List the hosts that the gateway is for.",
                )
