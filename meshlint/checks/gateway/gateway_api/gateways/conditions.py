"""Gateways, listeners and ListenerSets that their controllers do not serve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.conditions import hits, told
from meshlint.checks.world import World
from meshlint.traffic.status.addresses import DEPRECATED, NOT_USABLE, UNSUPPORTED_ADDRESS
from meshlint.traffic.status.gateways import INVALID_PARAMETERS, NOT_ALLOWED
from meshlint.traffic.status.listeners import (
    INVALID_KINDS,
    UNSUPPORTED,
)


def protocol_unknown(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The controller of a Gateway does not open a listener for its protocol."""
    hint = "Use HTTP, HTTPS, TLS or TCP; HTTPS and TLS need `tls`."
    yield from hits(told(world, UNSUPPORTED), "so the listener is not opened", hint)
    for gateway in world.traffic.status.gateways:
        for listener in gateway.listeners:
            if listener.lacks_tls:
                yield Hit(
                    listener.listener.field / "protocol",
                    f"{gateway.gateway}: {listener.listener.protocol} needs `tls`, "
                    "so the listener is not opened",
                    resource=gateway.gateway.resource,
                    hint=hint,
                    about=str(listener.listener.name),
                )


def kinds_refused(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A listener allows kinds of routes that do not go with its protocol."""
    hint = "HTTP and HTTPS take HTTPRoute and GRPCRoute, TLS takes TLSRoute, TCP takes TCPRoute."
    yield from hits(told(world, INVALID_KINDS), "so they do not attach", hint)


def address_unusable(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Istio cannot serve a Gateway at the address that it asks for."""
    found = told(world, UNSUPPORTED_ADDRESS, NOT_USABLE, DEPRECATED, kinds=("Gateway",))
    hint = "Name a Service of the Gateway's namespace with the ports of its listeners."
    yield from hits(found, "so the Gateway is not served there", hint)


def parameters_unread(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The parameters of a Gateway are not where Istio looks for them."""
    hint = "Refer to a ConfigMap in the namespace of the Gateway."
    yield from hits(told(world, INVALID_PARAMETERS), "so the Gateway is not deployed", hint)


def set_refused(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Gateway takes no ListenerSets from a namespace."""
    hint = "Gateways take ListenerSets of the namespaces in `allowedListeners` alone."
    yield from hits(told(world, NOT_ALLOWED), "so no listener of it is opened", hint)
