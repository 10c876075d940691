"""Gateways against the pods, Services and Secrets that they need, and against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.traffic.gateways.pods import Clash


def port_closed(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """No Service of the gateway's pods has the port of a server."""
    from meshlint.traffic.gateways.pods import closed_ports

    for closed in closed_ports(world.mesh):
        owner = closed.gateway.resource
        names = ", ".join(list(dict.fromkeys(f"{s.namespace}/{s.name}" for s in closed.services))[:2])
        yield Hit(
            closed.server.port.field / "number",
            f"{owner} listens on port {closed.server.port.number}, which Service {names} does not open, "
            "so nobody reaches it",
            resource=owner,
            hint="The number is a port of the gateway's Service.",
            related=tuple(
                Related(service.resource.spec / "ports", "its ports") for service in closed.services[:2]
            ),
        )


def server_clash(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two servers of the same pods exclude each other."""
    for clash in world.traffic.gateway_clashes:
        if not clash.is_merged:
            yield from _both_sides(clash, "so the younger one is dropped")


def host_shared(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two plain HTTP servers of the same pods have one host."""
    for clash in world.traffic.gateway_clashes:
        if clash.is_merged and clash.gateway is not clash.other:
            yield from _both_sides(clash, "so routes of either take its requests")


def _both_sides(clash: Clash, effect: str) -> Iterator[Hit]:
    sides = (
        (clash.gateway, clash.server, clash.other, clash.other_server),
        (clash.other, clash.other_server, clash.gateway, clash.server),
    )
    for gateway, server, other, other_server in sides:
        number, name = server.port.number, f"{other.resource.namespace}/{other.resource.name}"
        what = f"host {str(clash.host)!r} of port {number}" if clash.host is not None else f"port {number}"
        with_ = f"as protocol {server.port.protocol}, unlike" if clash.host is None else "like"
        yield Hit(
            server.port.field if clash.host is None else server.field / "hosts",
            f"{gateway.resource} serves {what} {with_} {name}, {effect}",
            resource=gateway.resource,
            on_key=True,
            hint="Gateways for the same pods share ports: give each host to one of them.",
            related=(Related(other_server.field, "the other server"),),
            about=name,
        )


def shared_certificate(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two servers for different hosts use one certificate."""
    from meshlint.traffic.gateways.pods import shared_certificates

    for gateway, server, other in shared_certificates(world.mesh):
        tls = server.tls
        if tls is not None:
            yield Hit(
                tls.field / ("credentialName" if tls.credential_name else "serverCertificate"),
                f"{gateway.resource} shares its certificate with {other.namespace}/{other.name}, "
                "so browsers may reuse a connection and get status 404",
                resource=gateway.resource,
                hint="Serve all hosts of one certificate from one server, or use one for each host.",
                about=str(other),
            )


def secret_without_keys(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The Secret of a server has no certificate or no key."""
    from meshlint.traffic.gateways.pods import incomplete_secrets

    for gateway, server, secret in incomplete_secrets(world.mesh):
        tls = server.tls
        if tls is not None:
            yield Hit(
                tls.field / "credentialName",
                f"{gateway.resource} uses {secret}, which has no certificate and key, so it is not served",
                resource=gateway.resource,
                hint="The Secret needs `tls.crt` and `tls.key`, or `cert` and `key`.",
                related=(Related(secret.at("metadata", "name"), "the Secret"),),
            )


def secret_without_ca(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The Secret of a server that checks clients has no CA to check them by."""
    from meshlint.traffic.gateways.pods import secrets_without_ca

    for gateway, server, secret in secrets_without_ca(world.mesh):
        if server.tls is not None:
            yield Hit(
                server.tls.field / "credentialName",
                f"{gateway.resource} checks clients by {secret}, which has no CA, so it is not served",
                resource=gateway.resource,
                hint=f"Add `ca.crt` to the Secret, or a Secret called `{secret.name}-cacert`.",
                related=(Related(secret.at("metadata", "name"), "the Secret"),),
            )


def secret_elsewhere(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The Secret of a server is not in the namespace of the gateway's pods."""
    from meshlint.traffic.gateways.pods import misplaced_secrets

    for gateway, server, places, secrets in misplaced_secrets(world.mesh):
        tls = server.tls
        if tls is not None:
            yield Hit(
                tls.field / "credentialName",
                f"{gateway.resource} uses Secret {str(tls.credential_name)!r}, which is not beside its pods "
                f"in {', '.join(places)}, so the server is not served",
                resource=gateway.resource,
                hint="The Secret is read from the namespace of the pods, not of the Gateway.",
                related=tuple(Related(secret.at("metadata", "name"), "it is here") for secret in secrets[:2]),
            )
