"""Certificates and authorities of Gateways that cannot be used, or that keep nobody out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.conditions import hits, told
from meshlint.checks.world import World
from meshlint.traffic.status.gateways import INVALID_CLIENT_CERTIFICATE
from meshlint.traffic.status.listeners import (
    INVALID_CA,
    INVALID_CA_KIND,
    INVALID_CERTIFICATE,
    insecure_mode,
)


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


def shared_by_listeners(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two HTTPS listeners for different hosts use one certificate."""
    from meshlint.traffic.gateways.pods import shared_by_listeners as shared

    for gateway, one, other in shared(world.mesh):
        yield Hit(
            other.field / "tls" / "certificateRefs",
            f"{gateway}: listeners {str(one.name)!r} and {str(other.name)!r} share a certificate, "
            "so browsers may reuse a connection and get status 404",
            resource=gateway.resource,
            on_key=True,
            hint="Serve the hosts of one certificate by one listener, or use one for each.",
            related=(Related(one.field, "the other listener"),),
            about=f"{one.name} {other.name}",
        )
