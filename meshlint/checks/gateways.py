"""Servers of Istio Gateways that are rejected, shadowed, or not what they look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.wording import listed
from meshlint.checks.world import World
from meshlint.documents import Field
from meshlint.mesh.hosts.protocols import Protocol, declared_protocol
from meshlint.resources.istio.gateway import Gateway, Server
from meshlint.resources.istio.server_tls import ServerTls
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
