"""What keeps controllers from serving Gateways, listeners, ListenerSets and policies for backends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.conditions import POLICIES, hits, told
from meshlint.checks.world import World
from meshlint.traffic.status.addresses import DEPRECATED, NOT_USABLE, UNSUPPORTED_ADDRESS
from meshlint.traffic.status.gateways import INVALID_CLIENT_CERTIFICATE, INVALID_PARAMETERS, NOT_ALLOWED
from meshlint.traffic.status.listeners import (
    INVALID_CA,
    INVALID_CA_KIND,
    INVALID_CERTIFICATE,
    INVALID_KINDS,
    UNSUPPORTED,
    insecure_mode,
)
from meshlint.traffic.status.policies import CONFLICTED as CONFLICTED_POLICY
from meshlint.traffic.status.policies import TARGET_NOT_FOUND
from meshlint.traffic.status.references import (
    INVALID_KIND,
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


def certificate_unusable(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A certificate of a Gateway or a listener is not there, or cannot be read."""
    found = told(world, INVALID_CERTIFICATE, INVALID_CLIENT_CERTIFICATE)
    hint = "Refer to a Secret with `tls.crt` and `tls.key` in PEM."
    yield from hits(found, "so TLS fails with it", hint)


def authority_unusable(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The authority that clients of a listener are checked by is not there, or cannot be read."""
    found = told(world, INVALID_CA, INVALID_CA_KIND)
    hint = "Refer to one ConfigMap with `ca.crt` in PEM."
    yield from hits(found, "so its listeners are not opened", hint)


def clients_unchecked(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Gateway checks the certificates of clients, and lets in those that fail."""
    for gateway in world.traffic.status.gateways:
        mode = insecure_mode(gateway.gateway)
        if mode is not None:
            yield Hit(
                mode,
                f"{gateway.gateway} lets clients in whose certificate is missing or wrong, "
                "so it keeps nobody out",
                resource=gateway.gateway.resource,
                hint="Leave `mode` out, or write AllowValidOnly.",
            )


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


def policy_target_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A policy for backends is for something that does not exist."""
    found = told(world, TARGET_NOT_FOUND, kinds=POLICIES)
    yield from hits(found, "so it does nothing there", "Correct the kind, the name, or the name of the port.")


def policy_conflict(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two BackendTLSPolicies are for one target."""
    found = told(world, CONFLICTED_POLICY, kinds=POLICIES)
    yield from hits(found, "so only the older one counts", "Keep one policy for each target.")


def policy_authority(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The authority of a BackendTLSPolicy is not there, or cannot be read."""
    found = told(world, INVALID_CA, INVALID_KIND, "Invalid", kinds=POLICIES)
    hint = "Refer to a ConfigMap with `ca.crt`, or use `wellKnownCACertificates: System`."
    yield from hits(found, "so connections to the backends fail", hint)
