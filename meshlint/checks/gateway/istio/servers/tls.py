"""TLS of Istio Gateways' servers that is rejected, left out, old, or not what it looks like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.checks.gateway.istio.servers.listing import servers
from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.mended import replaced
from meshlint.checks.shared.told import told
from meshlint.checks.shared.wording import listed
from meshlint.checks.world import World
from meshlint.mesh.hosts.protocols import declared_protocol

_FILES = ("serverCertificate", "privateKey", "caCertificates")
_CREDENTIALS = ("credentialName", "credentialNames", "tlsCertificates")
_WITH_CERTIFICATE = frozenset({"SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL"})


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
                fix=replaced(tls.field / "minProtocolVersion", "TLSV1_2", safe=False),
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


def redirect_behind_balancer(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A server redirects to HTTPS what a load balancer has decrypted already."""
    from meshlint.traffic.gateways.balanced import redirected_again

    for found in redirected_again(world.mesh):
        tls = found.server.tls
        if tls is not None:
            yield Hit(
                tls.field / "httpsRedirect",
                f"{found.gateway.resource} redirects to HTTPS what the load balancer of {found.service} "
                "sends decrypted, so clients loop",
                resource=found.gateway.resource,
                on_key=True,
                hint="Let the balancer redirect, or pass TLS on to an HTTPS server of the gateway.",
                related=(Related(found.port.field, "TLS ends before this port"),),
            )


def decrypted_before(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A server expects TLS, and the load balancer before it has ended that."""
    from meshlint.traffic.gateways.balanced import decrypted_before as decrypted

    for found in decrypted(world.mesh):
        owner = found.gateway.resource
        yield Hit(
            found.server.port.field,
            f"{owner} expects TLS on port {found.server.port.number}, which a load balancer has ended, "
            "so connections fail",
            resource=owner,
            hint="Serve what comes decrypted as HTTP, or let the balancer pass TLS on or encrypt anew.",
            related=(Related(found.port.field, f"TLS ends before this port of {found.service}"),),
            about=str(found.server.port.number),
        )
