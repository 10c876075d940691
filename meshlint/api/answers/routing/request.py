"""A question about the way of a request, and what it leaves open filled in from the manifests."""

from __future__ import annotations

from meshlint.api.answers.senders import MESHES, Named
from meshlint.engine.usage import Mistake, UsageError
from meshlint.matching import AddressSet
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.protocols import declared_protocol, host_ports
from meshlint.mesh.routing.gateways import gateway_name
from meshlint.traffic.request import Request
from meshlint.traffic.ways.following import full_host
from meshlint.values import frozen, regex

_SCHEMES = {"http": 80, "https": 443, "tcp": None, "tls": None}
_HIGHEST_PORT = 65535
_HOST = regex(r"[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?\.?|[0-9A-Fa-f:.]+")
_TOKEN = regex(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_AUTHORITY = ("host", ":authority")


@frozen(kw_only=True)
class RouteRequest:
    """One HTTP request, or one connection.

    `client` is a workload (`web` or `shop/web`) or a Gateway (`gateway/edge`), `host` the name that it calls.
    `path` may have a query. `headers` are pairs, and one name may have several; `host` among them is the
    authority. Without `port` and `scheme` those are taken that the manifests make likely, so that for a
    service with one port it need not be written. `scheme` is `http` or `https`, or `tcp` or `tls` for a
    connection that carries no requests. `sni` is the server name of an encrypted one, where it is not the
    host, and `address` the IP address that is connected to, where routes ask for it. `mesh` is `istio`,
    `ambient`, `linkerd` or `none` where the client belongs to another mesh than the manifests show.
    """

    client: str
    host: str
    port: int | None = None
    path: str = "/"
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    scheme: str | None = None
    sni: str | None = None
    address: str | None = None
    mesh: str | None = None


def checked(asked: RouteRequest) -> RouteRequest:
    """`asked`, if it can be a request at all; raises `UsageError` otherwise."""
    mistakes = [
        Mistake(f'"{name}" is no name of a header') for name, _ in asked.headers if not _names_header(name)
    ]
    if not _HOST.fullmatch(asked.host):
        mistakes.append(Mistake(f'"{asked.host}" is no host name'))
    if not asked.path.startswith(("/", "*")):
        mistakes.append(Mistake(f'the path "{asked.path}" must begin with "/"'))
    if not _TOKEN.fullmatch(asked.method):
        mistakes.append(Mistake(f'"{asked.method}" is no method'))
    if asked.port is not None and not 0 < asked.port <= _HIGHEST_PORT:
        mistakes.append(Mistake(f"the port {asked.port} must lie between 1 and {_HIGHEST_PORT}"))
    if asked.scheme not in (None, *_SCHEMES):
        mistakes.append(Mistake(f'"{asked.scheme}" is no scheme', f"Write {', '.join(_SCHEMES)}."))
    if asked.address is not None and not AddressSet.of(asked.address).blocks():
        mistakes.append(Mistake(f'"{asked.address}" is no IP address'))
    if asked.mesh not in (None, *MESHES):
        mistakes.append(Mistake(f'"{asked.mesh}" is no mesh', f"Write {', '.join(MESHES)}."))
    if mistakes:
        raise UsageError(*mistakes)
    return asked


def _names_header(name: str) -> bool:
    return name.lower() in _AUTHORITY or _TOKEN.fullmatch(name) is not None


def completed(mesh: Mesh, asked: RouteRequest, named: Named) -> Request:
    """The request, with the port and the scheme that the manifests make likely where none are stated."""
    port, scheme = asked.port, asked.scheme
    if port is None and scheme is not None:
        port = _SCHEMES[scheme]
    if port is None:
        port = _likely_port(mesh, asked, named)
    if scheme is None:
        scheme = "https" if _decrypts(mesh, named, port) else "http"
    authority = next((value for name, value in asked.headers if name.lower() in _AUTHORITY), None)
    return Request(
        asked.host,
        port,
        asked.path,
        asked.method,
        scheme,
        tuple(pair for pair in asked.headers if pair[0].lower() not in _AUTHORITY),
        authority,
        asked.sni,
        asked.address,
    )


def _likely_port(mesh: Mesh, asked: RouteRequest, named: Named) -> int:
    """80 if it is open or nothing is known, else the only port; raises `UsageError` if there are several."""
    ports = _ports(mesh, asked, named)
    if not ports or 80 in ports:
        return 80
    if len(ports) == 1:
        return ports[0]
    known = ", ".join(map(str, ports))
    hint = f"Write it as in {asked.host}:{ports[0]}."
    raise UsageError(Mistake(f'"{asked.host}" has the ports {known}, and none was named', hint))


def _ports(mesh: Mesh, asked: RouteRequest, named: Named) -> list[int]:
    if named.client.is_gateway:
        return sorted({port for port, _ in _gateway_ports(mesh, named)})
    known = mesh.hosts.known(full_host(mesh, named.client, asked.host))
    return [] if known is None else sorted(port.number for port in host_ports(known))


def _decrypts(mesh: Mesh, named: Named, port: int) -> bool:
    """Whether a gateway expects TLS on a port, so that requests to it are HTTPS."""
    found = [tls for number, tls in _gateway_ports(mesh, named) if number == port]
    return bool(found) and all(found)


def _gateway_ports(mesh: Mesh, named: Named) -> list[tuple[int, bool]]:
    """The ports of a gateway, each with whether it takes TLS."""
    found: list[tuple[int, bool]] = []
    for name in sorted(named.client.gateways):
        gateway = gateway_name(name, named.client.namespace)
        for one in mesh.gateways.named(gateway):
            found += [
                (server.port.number, declared_protocol(server.port.protocol).is_tls)
                for server in one.servers
                if server.port.number is not None
            ]
        kubernetes = mesh.gateways.kubernetes_named(gateway)
        listeners = kubernetes.listeners if kubernetes is not None else ()
        found += [(one.port, one.takes_tls) for one in listeners if one.port is not None]
    return found
