"""Istio Gateways that open more than was meant, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.mended import removed
from meshlint.checks.shared.wording import listed
from meshlint.checks.world import World

_SERVER = {
    "http": "reads requests",
    "tls": "passes TLS through",
    "tcp": "passes connections on",
}


def section_idle(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A section of a VirtualService is not used by the servers that it is bound to."""
    from meshlint.traffic.gateways.sections import idle_sections, sections_of

    for idle in idle_sections(world.mesh):
        owner, used = idle.virtual_service.resource, [sections_of(server) for server in idle.servers]
        wanted = sorted({section for sections in used for section in sections})
        yield Hit(
            idle.virtual_service.field / idle.section,
            f"{owner} has {idle.section} routes, but no server for its hosts {_SERVER[idle.section]}, "
            "so they are idle",
            resource=owner,
            on_key=True,
            hint=f"Its servers use {' and '.join(wanted) or 'no'} routes.",
            related=tuple(Related(server.port.field, "a server") for server in idle.servers[:3]),
        )


def unbound(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """No VirtualService is bound to a Gateway."""
    from meshlint.traffic.gateways.exposure import unbound as without_routes

    for gateway in without_routes(world.mesh):
        yield Hit(
            gateway.resource.at("metadata", "name"),
            f"{gateway.resource} has no VirtualService, so it leads nowhere",
            resource=gateway.resource,
            hint="Name it under `gateways` of a VirtualService, or remove it.",
        )


def public_by_name(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A public gateway leads to every service of the mesh."""
    from meshlint.traffic.gateways.exposure import public_by_name as public

    for one in public(world.mesh):
        owner, service = one.gateway.resource, one.service
        if one.server.tls is not None:
            yield Hit(
                one.server.tls.field / "mode",
                f"{owner} passes TLS on to any service behind a load balancer, so all services are public",
                resource=owner,
                hint="Let other clusters have a gateway of their own, labelled `topology.istio.io/network`.",
                related=(Related(service.resource.at("metadata", "name"), "the load balancer"),),
                about=f"{service.namespace}/{service.name}",
            )


def identity_optional(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A policy asks for identities that clients of the gateway may leave out."""
    from meshlint.traffic.gateways.exposure import optional_identities

    for one in optional_identities(world.mesh):
        yield Hit(
            one.value.field,
            f"{one.policy} goes by {str(one.value)!r}, but clients need no certificate, so they evade it",
            resource=one.policy.resource,
            hint="Use mode MUTUAL, or allow the identities that you mean.",
            related=(Related(one.server.field / "tls", "certificates are optional"),),
        )


def other_namespace(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Gateway opens ports on the pods of another namespace."""
    from meshlint.traffic.gateways.exposure import of_other_namespaces

    for gateway, pod in of_other_namespaces(world.mesh):
        yield Hit(
            gateway.resource.spec / "selector",
            f"{gateway.resource} selects pods of {pod.namespace!r}, so it changes a gateway of others",
            resource=gateway.resource,
            on_key=True,
            hint="Let the team that runs the gateway own its Gateways, or run one of your own.",
            related=(Related(pod.resource.at("metadata", "name"), "the pods"),),
        )


def any_namespace(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Any namespace may claim a host of a shared Gateway."""
    from meshlint.traffic.gateways.exposure import open_to_all_namespaces

    for _server, gateway, host, users in open_to_all_namespaces(world.mesh):
        yield Hit(
            host.field,
            f"{gateway.resource} serves {str(host)!r} for {listed(users)} and any other namespace, "
            "so each may claim it",
            resource=gateway.resource,
            hint=f"Write the namespace before the host, as in `{users[0]}/{host}`.",
        )


def weak_ciphers(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A server accepts weak cipher suites."""
    from meshlint.traffic.gateways.exposure import weak_ciphers as weak

    for gateway, suite, problem in weak(world.mesh):
        yield Hit(
            suite.field,
            f"{gateway.resource} accepts cipher {str(suite)!r}, which {problem}, so recordings may be read",
            resource=gateway.resource,
            hint="Leave `cipherSuites` out, or keep to ECDHE with AES-GCM or ChaCha20.",
            fix=removed(suite.field, safe=False),
        )


def denies_all(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Routes lead through a gateway whose policies allow nothing, though they stand there for others."""
    mesh = world.mesh
    for gateway in mesh.gateways.all:
        owner, pods = gateway.resource, mesh.gateways.pods(gateway)
        routes = mesh.virtual_services.of_gateway(f"{owner.namespace}/{owner.name}")
        attached = mesh.authorization_policies.attached_to(pods[0]) if pods and routes else ()
        allowing = [one for one in attached if one.action == "ALLOW"]
        if allowing and not any(one.rules for one in allowing):
            policy = allowing[0].resource
            yield Hit(
                policy.at("metadata", "name"),
                f"{policy} denies everyone at {owner} too, so every route there gets status 403",
                resource=policy,
                hint="Let a policy for the gateway's pods admit what may come in.",
                related=(Related(owner.at("metadata", "name"), "the gateway"),),
                about=str(owner),
            )
