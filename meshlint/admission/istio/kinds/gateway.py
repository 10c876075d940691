"""What istiod's webhook checks in a Gateway of Istio."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from meshlint.admission.istio.metadata import is_generated
from meshlint.admission.istio.parts.listed_hosts import listed_host
from meshlint.admission.istio.parts.protocols import HTTP, KNOWN, TLS, protocol_of
from meshlint.admission.istio.parts.server_tls import PASSING, server_tls
from meshlint.admission.istio.parts.sockets import bind_said
from meshlint.admission.istio.vocabulary import texts
from meshlint.admission.istio.vocabulary.messages import needs
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Said, Scene, Steps
from meshlint.admission.istio.vocabulary.shape import shape
from meshlint.admission.istio.vocabulary.values import LARGEST_PORT, items, number, text
from meshlint.resources.schema.words.writing import quoted

TLS_PORTS: Final = frozenset({443, 8443, 15443})
"""Those of HTTPS, and the one that Istio's gateways take mutual TLS of other clusters at."""


def _host(value: Any, scene: Scene) -> Iterator[Said]:
    problem = (
        listed_host(value, gateway=True, generated=is_generated(scene)) if isinstance(value, str) else ""
    )
    if problem:
        hint = "Write a full host name, `*.` with a domain, or `*`; before a slash the namespace."
        yield Said(Mistake.SERVER_HOST, f"serves host {quoted(value)}, which {problem}", hint=hint)


def _server(value: Any, _: Scene) -> Iterator[Said]:
    if not isinstance(value, dict):
        return
    port, bind = value.get("port"), text(value, "bind")
    if not isinstance(port, dict):
        yield Said(Mistake.MISSING, "has a server without a port", hint="Set port.", on_key=True)
    else:
        problems = list(_port(value, port))
        yield from problems
        if not problems:
            yield from _tls_misplaced(value, protocol_of(port))
    yield from bind_said(bind, int(number(port, "number")))
    if isinstance(port, dict) and protocol_of(port) not in HTTP and _redirects(value):
        words = f"sets httpsRedirect on a server of protocol {text(port, 'protocol')}, so it has no effect"
        hint = "Set it on the HTTP server for the same hosts."
        yield Said(Mistake.REDIRECT, words, ("tls", "httpsRedirect"), hint, on_key=True, refuses=False)


def _redirects(server: dict[str, Any]) -> bool:
    tls = server.get("tls")
    return isinstance(tls, dict) and tls.get("httpsRedirect") is True


def _port(server: dict[str, Any], port: dict[str, Any]) -> Iterator[Said]:
    name, bind = protocol_of(port), text(server, "bind")
    if name not in KNOWN:
        place = ("port", "protocol") if "protocol" in port else ("port",)
        words = f"has a server of protocol {quoted(text(port, 'protocol'))}, which Istio does not know"
        yield Said(Mistake.UNKNOWN_VALUE, words, place, "Write HTTP, HTTP2, GRPC, HTTPS, TLS or TCP.")
    count = number(port, "number")
    if not 1 <= count <= LARGEST_PORT and (count or not bind.startswith(texts.UNIX)):
        at: Steps = ("port", "number") if "number" in port else ("port",)
        # Port 0 goes with a socket, which an empty `bind` was meant to name.
        at = ("bind",) if not count and server.get("bind") == "" else at
        yield Said(Mistake.PORT, f"has a server of port {count:g}", at, "Ports are 1 to 65535.")
    if number(port, "targetPort") > 0:
        words = "sets targetPort, which has no effect on gateways"
        yield Said(Mistake.UNSUPPORTED, words, ("port", "targetPort"), "Remove it.", on_key=True)
    if not text(port, "name"):
        at = ("port", "name") if "name" in port else ("port",)
        yield Said(Mistake.SERVER_PORT_NAME, "has a port without a name", at, "Name it like `https`.")


def _tls_misplaced(server: dict[str, Any], protocol: str) -> Iterator[Said]:
    tls = server.get("tls")
    if protocol in TLS and tls is None:
        words = f"has a server of protocol {protocol.upper()} without tls"
        hint = "Add `tls` with a mode, and with a certificate unless it is PASSTHROUGH."
        # Whoever writes HTTPS owes the certificate; of TLS, without a word on it, TCP may have been meant.
        at: Steps = ("port", "protocol") if protocol == "tls" else ()
        hint = f"{hint} For plain bytes write TCP." if at else hint
        yield Said(Mistake.SERVER_TLS, words, at, hint, on_key=not at, related=(("port",),))
    elif protocol not in TLS and isinstance(tls, dict):
        certificates = ("caCertificates", "privateKey", "serverCertificate")
        harmless = text(tls, "mode") in PASSING and not any(text(tls, name) for name in certificates)
        if not (protocol in HTTP and harmless):
            words = f"has a server of protocol {protocol.upper()} with tls"
            hint = "protocol HTTPS or TLS; only `httpsRedirect` may stand beside HTTP."
            places: tuple[Steps, Steps] = (("port", "protocol"), ("tls",))
            at, other = places if _is_for_tls(server["port"]) else places[::-1]
            hint = f"Remove it, or use {hint}" if at == ("tls",) else f"Use {hint}"
            yield Said(Mistake.SERVER_TLS, words, at, hint, on_key=at == ("tls",), related=(other,))


def _is_for_tls(port: dict[str, Any]) -> bool:
    """Whether number or name of a port say that TLS comes in, whatever its protocol is."""
    return int(number(port, "number")) in TLS_PORTS or text(port, "name").lower().startswith(tuple(TLS))


def _port_names(value: Any, _: Scene) -> Iterator[Said]:
    seen: dict[str, int] = {}
    for index, server in enumerate(items({"": value}, "")):
        port = server.get("port") if isinstance(server, dict) else None
        if not isinstance(port, dict):
            continue
        name = text(port, "name")
        if name in seen and name:
            words = f"has two ports called {quoted(name)}"
            related = ((seen[name], "port", "name"),)
            hint = "Give each server's port a name of its own."
            yield Said(Mistake.SERVER_PORT_NAME, words, (index, "port", "name"), hint, related=related)
        seen.setdefault(name, index)


def _no_hosts(value: Any, _: Scene) -> Iterator[Said]:
    if isinstance(value, dict) and not items(value, "hosts"):
        at = ("hosts",) if "hosts" in value else ()
        yield Said(Mistake.SERVER_HOST, "has a server without hosts", at, "List hosts, or `*`.", on_key=True)


SHAPE: Final = shape(
    {
        "": needs("servers", hint="List at least one server."),
        "servers": _port_names,
        "servers[]": {"": (_no_hosts, _server), "hosts[]": _host, "tls": server_tls},
    }
)
