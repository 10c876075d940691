"""Servers of Istio Gateways that are rejected, shadowed, or not what they look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.istio.mistake import Mistake
from meshlint.checks.hit import Hit, Related
from meshlint.checks.told import told
from meshlint.checks.wording import listed
from meshlint.checks.world import World
from meshlint.mesh.hosts.protocols import Protocol, declared_protocol
from meshlint.resources.istio.gateway import Gateway, Server
from meshlint.resources.resource import Resource

_FILES = ("serverCertificate", "privateKey", "caCertificates")
_CREDENTIALS = ("credentialName", "credentialNames", "tlsCertificates")
_WITH_CERTIFICATE = frozenset({"SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL"})


def servers(world: World) -> Iterator[tuple[Resource, Gateway, Server, Protocol]]:
    """Every server of every Gateway with its protocol."""
    for gateway in world.mesh.gateways.all:
        for server in gateway.servers:
            yield gateway.resource, gateway, server, declared_protocol(server.port.protocol)


def mode_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A server has a certificate and no mode, so that TLS is passed through."""
    for owner, _gateway, server, protocol in servers(world):
        tls = server.tls
        if tls is None or tls.field / "mode" or not protocol.is_tls:
            continue
        key = next((key for key in (*_CREDENTIALS, *_FILES[:2]) if tls.field / key), None)
        if key is not None:
            yield Hit(
                tls.field,
                f"{owner} has a certificate but no tls.mode, so TLS is passed through without it",
                resource=owner,
                on_key=True,
                hint="Write `mode: SIMPLE`; without a mode it is PASSTHROUGH.",
                related=(Related(tls.field / key, "the certificate that is not used"),),
                about=str(server.port.number),
            )


def tls_misplaced(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A TLS server has no `tls`, or a plain one has."""
    return told(world, Mistake.SERVER_TLS)


def redirect_ineffective(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A server that is not plain HTTP redirects to HTTPS."""
    return told(world, Mistake.REDIRECT)


def certificate_sources(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A server takes its certificate from several places, or from none."""
    return told(world, Mistake.CERTIFICATE)


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
    return told(world, Mistake.SERVER_PORT_NAME)


def name_dotted(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Gateway is called like a host, which Istio rejects though Kubernetes does not."""
    return told(world, Mistake.OBJECT_NAME)


def host_malformed(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A host of a server is no full name."""
    return told(world, Mistake.SERVER_HOST)


def minimum_tls(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A server accepts old versions of TLS."""
    for owner, _gateway, server, _protocol in servers(world):
        tls = server.tls
        if tls is not None and tls.min_protocol_version in ("TLSV1_0", "TLSV1_1"):
            yield Hit(
                tls.field / "minProtocolVersion",
                f"{owner} accepts {tls.min_protocol_version}, so clients may use broken ciphers",
                resource=owner,
                hint="Leave it out, or write TLSV1_2 or TLSV1_3.",
            )


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


def plaintext(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A server speaks plain HTTP and does not redirect."""
    for owner, gateway, server, protocol in servers(world):
        redirects = server.tls is not None and server.tls.https_redirect
        if protocol.is_http and not redirects:
            encrypted = [one for one in gateway.servers if declared_protocol(one.port.protocol).is_tls]
            hint = (
                "Set `tls.httpsRedirect: true`." if encrypted else "Add an HTTPS server and redirect to it."
            )
            yield Hit(
                server.port.field,
                f"{owner} serves {listed(server.hosts)} in plain HTTP, so requests can be read on the way",
                resource=owner,
                on_key=True,
                hint=hint,
                about=str(server.port.number),
            )
