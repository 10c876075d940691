"""What istiod's webhook checks in a Sidecar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from meshlint.admission.istio.parts.client_traffic import POOL
from meshlint.admission.istio.parts.destinations import DESTINATION
from meshlint.admission.istio.parts.listed_hosts import listed_host
from meshlint.admission.istio.parts.protocols import HTTP, TLS, protocol, protocol_of
from meshlint.admission.istio.parts.selectors import selector
from meshlint.admission.istio.parts.server_tls import server_tls
from meshlint.admission.istio.parts.sockets import bind_said, socket_problem
from meshlint.admission.istio.vocabulary import texts
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Declared, Said, Scene, Steps
from meshlint.admission.istio.vocabulary.shape import shape
from meshlint.admission.istio.vocabulary.values import LARGEST_PORT, NAME, items, number, text, unless_empty
from meshlint.resources.schema.words.writing import listed, quoted

_PARTS: Final = ("egress", "ingress", "outboundTrafficPolicy", "inboundConnectionPool")
_LOCAL: Final = ("", "127.0.0.1", "0.0.0.0", "::1", "::")
_TLS_TOO_MUCH: Final = (
    "subjectAltNames",
    "httpsRedirect",
    "credentialName",
    "credentialNames",
    "tlsCertificates",
)


def _says_something(value: Any, _: Scene) -> Iterator[Said]:
    lists = ("egress", "ingress")
    if isinstance(value, dict) and all(
        not value.get(name) if name in lists else value.get(name) is None for name in _PARTS
    ):
        hint = "List the hosts that the workloads call under `egress`."
        yield Said(Mistake.NOTHING_SAID, "has neither egress nor ingress", hint=hint, on_key=True)


def _ports(value: Any, _: Scene) -> Iterator[Said]:
    """Ports and sockets of listeners, each of which may be taken once."""
    seen: dict[object, int] = {}
    for index, listener in enumerate(value if isinstance(value, list) else ()):
        port = listener.get("port") if isinstance(listener, dict) else None
        if not isinstance(port, dict):
            continue
        bind = text(listener, "bind")
        key: object = number(port, "number") or ("socket", bind)
        if key in seen:
            at: Steps = (index, "port", "number") if number(port, "number") else (index, "bind")
            what = f"port {key}" if number(port, "number") else f"socket {quoted(bind)}"
            words, hint = f"has two listeners on {what}", "Merge them."
            yield Said(Mistake.TWICE, words, at, hint, related=((seen[key], "port"),))
        seen.setdefault(key, index)


def _ingress(value: Any, _: Scene) -> Iterator[Said]:
    if not isinstance(value, dict):
        return
    port = value.get("port")
    if not isinstance(port, dict):
        yield Said(Mistake.MISSING, "has an ingress listener without a port", hint="Set port.", on_key=True)
        return
    yield from _number(port)
    bind = text(value, "bind")
    if bind and not texts.is_address(bind):
        yield Said(Mistake.ADDRESS, f"binds to {quoted(bind)}, which is no IP address", ("bind",))
    yield from _default_endpoint(text(value, "defaultEndpoint"))
    if isinstance(value.get("tls"), dict):
        yield from _ingress_tls(value["tls"], protocol_of(port))
    pool = value.get("connectionPool")
    if isinstance(pool, dict) and pool.get("http") is not None and protocol_of(port) not in HTTP:
        words = (
            f"limits requests of port {number(port, 'number'):g}, which is not HTTP, so nothing is limited"
        )
        at = ("connectionPool", "http")
        yield Said(Mistake.IGNORED, words, at, "Limit `tcp`.", on_key=True, refuses=False)


def _number(port: dict[str, Any]) -> Iterator[Said]:
    count = number(port, "number")
    if not 1 <= count <= LARGEST_PORT:
        at = ("port", "number") if "number" in port else ("port",)
        yield Said(Mistake.PORT, f"listens on port {count:g}", at, "Ports are 1 to 65535.")


def _default_endpoint(address: str) -> Iterator[Said]:
    problem = _endpoint_problem(address) if address else ""
    if problem:
        hint = "Write 127.0.0.1:PORT, 0.0.0.0:PORT, [::1]:PORT, [::]:PORT, :PORT or unix:///path."
        words = f"has the defaultEndpoint {quoted(address)}, which {problem}"
        yield Said(Mistake.ADDRESS, words, ("defaultEndpoint",), hint)


def _endpoint_problem(address: str) -> str:
    if address.startswith(texts.UNIX):
        return socket_problem(address)
    host, colon, port = address.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        return "is no host and port"
    if not colon or host not in _LOCAL:
        return "is not on the workload itself"
    if not texts.NUMBER.fullmatch(port):
        return "has no port number"
    return "" if 1 <= int(port[:9]) <= LARGEST_PORT else "has a port that is none"


def _ingress_tls(tls: dict[str, Any], protocol: str) -> Iterator[Said]:
    extra = [name for name in _TLS_TOO_MUCH if tls.get(name)]
    if extra:
        words = f"sets {listed(extra, 'and')} in the TLS of an ingress, which Sidecars do not support"
        hint = f"Remove {'it' if len(extra) == 1 else 'them'}."
        related: tuple[Steps, ...] = tuple(("tls", name) for name in extra)
        yield Said(Mistake.UNSUPPORTED, words, ("tls",), hint, on_key=True, related=related)
    mode = text(tls, "mode")
    if mode in ("ISTIO_MUTUAL", "AUTO_PASSTHROUGH"):
        words = f"has an ingress of mode {mode}, which Sidecars do not support"
        yield Said(Mistake.UNSUPPORTED, words, ("tls", "mode"), "Use SIMPLE or MUTUAL.")
    if protocol not in TLS:
        words = f"has an ingress of protocol {protocol.upper() or 'unset'} with tls"
        at = ("port", "protocol") if protocol else ("port",)
        yield Said(Mistake.SERVER_TLS, words, at, "Use HTTPS or TLS.", related=(("tls",),))


def _egress(value: Any, _: Scene) -> Iterator[Said]:
    if not isinstance(value, dict):
        return
    port, bind = value.get("port"), text(value, "bind")
    if isinstance(port, dict):
        if number(port, "number"):
            yield from _number(port)
            if bind and not texts.is_address(bind):
                yield Said(Mistake.ADDRESS, f"binds to {quoted(bind)}, which is no IP address", ("bind",))
        else:
            yield from _socket(port, bind, text(value, "captureMode"))
    if not items(value, "hosts"):
        at = ("hosts",) if "hosts" in value else ()
        words = "has an egress listener without hosts"
        yield Said(Mistake.NOTHING_SAID, words, at, "List at least one host.", on_key=bool(at))


def _socket(port: dict[str, Any], bind: str, mode: str) -> Iterator[Said]:
    if not bind.startswith(texts.UNIX):
        at = ("port",) if "number" not in port else ("bind",) if bind else ("port", "number")
        words = "has a listener of port 0 that binds to no Unix socket"
        yield Said(Mistake.PORT, words, at, "Set its `number`, or bind to unix:///path.")
    else:
        yield from bind_said(bind, 0)
    if mode not in ("", "DEFAULT", "NONE"):
        words = f"captures by {mode} on a Unix socket"
        yield Said(Mistake.UNSUPPORTED, words, ("captureMode",), "Use DEFAULT or NONE.")


def _target_port(value: Any, _: Scene) -> Iterator[Said]:
    if number(value, "targetPort") > 0:
        words = "sets targetPort, which has no effect on Sidecars"
        yield Said(Mistake.UNSUPPORTED, words, ("targetPort",), "Remove it.", on_key=True)


def _order(value: Any, _: Scene) -> Iterator[Said]:
    """Only the last listener may be without a port."""
    for index, listener in enumerate(value[:-1] if isinstance(value, list) else ()):
        if isinstance(listener, dict) and listener.get("port") is None:
            words = "has a listener without port before others"
            hint = "The one listener without a port comes last."
            yield Said(Mistake.LISTENER_ORDER, words, (index,), hint, on_key=True)


def _host(value: Any, _: Scene) -> Iterator[Said]:
    problem = listed_host(value, gateway=False) if isinstance(value, str) else ""
    if problem:
        words = f"lists {quoted(value)}, which {problem}"
        hint = "Write `namespace/` and a full name, `*.` with a domain, or `*`."
        yield Said(Mistake.LISTENER_HOST, words, hint=hint)


def _repeated(value: Any, scene: Scene) -> Iterator[Said]:
    """Hosts that stand twice, or beside one that stands for all."""
    seen: dict[str, set[str]] = {}
    told = False
    for index, entry in enumerate(value if isinstance(value, list) else ()):
        namespace, slash, host = entry.partition("/") if isinstance(entry, str) else ("", "", "")
        if not slash or namespace.startswith("~"):
            continue
        known = seen.setdefault(scene.namespace if namespace == "." else namespace, set())
        if host in known or "*" in known or (host == "*" and known):
            told = True
            words = f"lists {quoted(entry)} beside what is the same or holds it, so it changes nothing"
            yield Said(Mistake.UNREACHED, words, (index,), "Keep one.", refuses=False)
        known.add(host)
    if len(seen) > 1 and not told and isinstance(value, list) and "*/*" in value:
        words = 'lists "*/*" beside others, so these change nothing'
        yield Said(Mistake.UNREACHED, words, (value.index("*/*"),), "Keep one.", refuses=False)


def _outbound(value: Any, _: Scene) -> Iterator[Said]:
    mode = text(value, "mode")
    proxy = value.get("egressProxy") if isinstance(value, dict) else None
    if mode == "ALLOW_ANY_DYNAMIC_DNS":
        words = f"has the mode {mode}, which only the whole mesh may have"
        yield Said(Mistake.UNSUPPORTED, words, ("mode",), "Use ALLOW_ANY.")
    elif isinstance(proxy, dict) and mode != "ALLOW_ANY":
        words = "names an egressProxy without mode ALLOW_ANY"
        at, related = ("mode",) if mode else (), (("egressProxy",),)
        yield Said(Mistake.EXCLUSIVE, words, at, "Write mode: ALLOW_ANY.", on_key=not mode, related=related)
    elif isinstance(proxy, dict):
        yield from _proxy(proxy)


def _proxy(proxy: dict[str, Any]) -> Iterator[Said]:
    host = text(proxy, "host")
    problem = texts.host_problem(host)
    if problem and (not host or not texts.wildcard_problem(host)) and host != "*":
        at = ("egressProxy", "host") if "host" in proxy else ("egressProxy",)
        yield Said(Mistake.HOST, f"names the egressProxy {quoted(host)}, which {problem}", at)
    if proxy.get("port") is None:
        words = "names an egressProxy without a port"
        yield Said(Mistake.MISSING, words, ("egressProxy",), "Set port.number.", on_key=True)


_PORT: Declared = {"": _target_port, "name": unless_empty(NAME), "protocol": protocol}
_PROXY_PLACE: Declared = {key: check for key, check in DESTINATION.items() if key}

SHAPE: Final = shape(
    {
        "": _says_something,
        "workloadSelector": selector("labels"),
        "ingress": _ports,
        "ingress[]": {"": _ingress, "port": _PORT, "tls": server_tls, "connectionPool": POOL},
        "inboundConnectionPool": POOL,
        "egress": (_ports, _order),
        "egress[]": {"": _egress, "port": _PORT, "hosts": _repeated, "hosts[]": _host},
        "outboundTrafficPolicy": {"": _outbound, "egressProxy": _PROXY_PLACE},
    }
)
