"""Names, ports, hosts and selectors of Istio Gateways that are rejected or select nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.checks.gateway.istio.servers.listing import servers
from meshlint.checks.hit import Hit
from meshlint.checks.shared.told import told
from meshlint.checks.world import World


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
    from meshlint.mesh.questions.serving import is_unselected

    for gateway in world.mesh.gateways.all:
        if not is_unselected(world.mesh, gateway):
            continue
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
    return told(world, Mistake.SERVER_PORT_NAME)


def name_dotted(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Gateway is called like a host, which Istio rejects though Kubernetes does not."""
    return told(world, Mistake.OBJECT_NAME)


def host_malformed(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A host of a server is no full name."""
    return told(world, Mistake.SERVER_HOST)


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
