"""A request whose way is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from attrs import field, frozen


@frozen(repr=False)
class Client:
    """Whose proxy sends the request: the sidecar of a workload, or the pods of gateways.

    `gateways` are the Istio Gateways (`namespace/name`) that a gateway's pods serve; a sidecar has none.
    """

    namespace: str
    labels: Mapping[str, str] = field(factory=dict)
    gateways: frozenset[str] = frozenset()

    @property
    def is_gateway(self) -> bool:
        """Whether it is a gateway rather than a sidecar."""
        return bool(self.gateways)


@frozen(slots=False)
class Request:
    """One HTTP request, or one connection where only `host` and `port` are looked at.

    `host` is the name that the client calls, without port; `port` the one it connects to. `headers` are
    pairs of name and value, of which one name may have several.
    """

    host: str
    port: int = 80
    path: str = "/"
    method: str = "GET"
    scheme: str = "http"
    headers: tuple[tuple[str, str], ...] = ()
    host_header: str | None = None
    sni: str | None = None

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

    def header(self, name: str) -> tuple[str, ...]:
        """The values of a header, pseudo-headers included; none for a missing one."""
        return self._headers.get(name.lower(), ())

    def parameter(self, name: str) -> str | None:
        """The value of a query parameter, of its first occurrence."""
        return self._parameters.get(name)
