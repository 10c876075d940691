"""TLS of Istio Gateways' servers that is rejected, left out, old, or not what it looks like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.gateway.istio.servers.listing import servers
from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.wording import listed
from meshlint.checks.world import World
from meshlint.mesh.hosts.protocols import Protocol, declared_protocol
from meshlint.resources.istio.server_tls import ServerTls

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
    for owner, _gateway, server, protocol in servers(world):
        if protocol.is_tls and server.tls is None and not server.field / "tls":
            yield Hit(
                server.port.field,
                f"{owner} has a server of protocol {protocol.name} without tls, so Istio rejects it",
                resource=owner,
                on_key=True,
                hint="Add `tls` with a mode, and with a certificate unless it is PASSTHROUGH.",
            )
        plain = server.port.protocol is not None and not protocol.is_tls and protocol is not Protocol.UNKNOWN
        if plain and server.tls is not None and not _only_redirects(server.tls, protocol):
            yield Hit(
                server.tls.field,
                f"{owner} has a server of protocol {protocol.name} with tls, so Istio rejects it",
                resource=owner,
                on_key=True,
                hint="Use protocol HTTPS or TLS; only `httpsRedirect` may stand beside HTTP.",
            )


def _only_redirects(tls: ServerTls, protocol: Protocol) -> bool:
    value = tls.field.value
    harmless = {"httpsRedirect", "mode"} if tls.mode == "PASSTHROUGH" else {"httpsRedirect"}
    return protocol.is_http and isinstance(value, dict) and set(value) <= harmless


def redirect_ineffective(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A server that is not plain HTTP redirects to HTTPS."""
    for owner, _gateway, server, protocol in servers(world):
        if server.tls is not None and server.tls.https_redirect and protocol.is_tls:
            yield Hit(
                server.tls.field / "httpsRedirect",
                f"{owner} sets httpsRedirect on a server of protocol {protocol.name}, so it has no effect",
                resource=owner,
                on_key=True,
                hint="Set it on the HTTP server for the same hosts.",
            )


def certificate_sources(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A server takes its certificate from several places, or from none."""
    for owner, _gateway, server, protocol in servers(world):
        tls = server.tls
        if tls is None or not protocol.is_tls:
            continue
        sources = [key for key in (*_CREDENTIALS, "serverCertificate") if tls.field / key]
        if len(sources) > 1:
            yield Hit(
                tls.field / sources[1],
                f"{owner} has both {sources[0]} and {sources[1]} in one server, so Istio rejects it",
                resource=owner,
                on_key=True,
                hint="A server has one source of certificates.",
            )
        elif not sources and tls.mode in _WITH_CERTIFICATE:
            yield Hit(
                tls.field / "mode",
                f"{owner} has a server of mode {tls.mode} without a certificate, so Istio rejects it",
                resource=owner,
                hint="Name a Secret under `credentialName`.",
            )
        elif _lacks_ca(tls, sources):
            yield Hit(
                tls.field / "mode",
                f"{owner} has a server of mode {tls.mode} without caCertificates, so Istio rejects it",
                resource=owner,
                hint="Name the file of the CA that clients' certificates come from.",
            )


def _lacks_ca(tls: ServerTls, sources: list[str]) -> bool:
    """Whether clients must show a certificate and files are used without one for their CA."""
    mutual = tls.mode in _WITH_CERTIFICATE and tls.mode != "SIMPLE"
    return mutual and sources == ["serverCertificate"] and not tls.ca_certificates


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
