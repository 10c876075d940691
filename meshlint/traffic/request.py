"""A request whose way is asked for."""

from __future__ import annotations

from functools import cached_property

from meshlint.mesh.workloads.client import Client
from meshlint.values import frozen

__all__ = ["Client", "Request"]


@frozen(slots=False)
class Request:
    """One HTTP request, or one connection where only host, port, server name and address are looked at.

    `host` is the name that the client calls, without port; `port` the one it connects to. `headers` are
    pairs of name and value, of which one name may have several. `scheme` is `http` or `https`, or, for a
    connection that carries no requests, `tcp` or `tls`. `sni` is the server name of an encrypted connection
    where it is not the host; `address` the IP address that is connected to, where it matters and is known.
    """

    host: str
    port: int = 80
    path: str = "/"
    method: str = "GET"
    scheme: str = "http"
    headers: tuple[tuple[str, str], ...] = ()
    host_header: str | None = None
    sni: str | None = None
    address: str | None = None

    @property
    def is_encrypted(self) -> bool:
        """Whether the client itself encrypts what it sends."""
        return self.scheme in ("https", "tls")

    @property
    def server_name(self) -> str:
        """The server name that an encrypted connection asks for: by default the host."""
        return (self.sni or self.host).lower().rstrip(".")

    @property
    def named_host(self) -> str:
        """The host that proxies of requests go by: that of the host header, port left out."""
        if self.host_header is None or self.scheme in ("tcp", "tls"):
            return self.host
        name, _, port = self.host_header.rpartition(":")
        return name if name and port.isdecimal() and not name.endswith(":") else self.host_header

    @property
    def authority(self) -> str:
        """The `:authority` of the request: the host header, by default host and, unless usual, port."""
        if self.host_header is not None:
            return self.host_header
        usual = 443 if self.scheme == "https" else 80
        return self.host if self.port == usual else f"{self.host}:{self.port}"

    @cached_property
    def plain_path(self) -> str:
        """The path without query and fragment, which is all that path matches look at."""
        return self.path.partition("#")[0].partition("?")[0]

    @cached_property
    def _headers(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {
            ":method": (self.method,),
            ":authority": (self.authority,),
            ":path": (self.path,),
            ":scheme": (self.scheme,),
        }
        for name, value in self.headers:
            found[name.lower()] = (*found.get(name.lower(), ()), value)
        return found

    @cached_property
    def _parameters(self) -> dict[str, str]:
        query = self.path.partition("#")[0].partition("?")[2]
        found: dict[str, str] = {}
        for part in query.split("&") if query else ():
            name, _, value = part.partition("=")
            found.setdefault(name, value)
        return found

    @cached_property
    def _decoded(self) -> dict[str, tuple[str, ...]]:
        from urllib.parse import parse_qsl

        found: dict[str, tuple[str, ...]] = {}
        query = self.path.partition("#")[0].partition("?")[2]
        for name, value in parse_qsl(query, keep_blank_values=True):
            found[name] = (*found.get(name, ()), value)
        return found

    def header(self, name: str) -> tuple[str, ...]:
        """The values of a header, pseudo-headers included; none for a missing one."""
        return self._headers.get(name.lower(), ())

    def parameter(self, name: str) -> str | None:
        """The value of a query parameter, of its first occurrence."""
        return self._parameters.get(name)

    def parameters(self, name: str) -> tuple[str, ...]:
        """The values of a query parameter, decoded; none for a missing one."""
        return self._decoded.get(name, ())
