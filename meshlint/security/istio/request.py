"""One request or connection as the proxy before a workload sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meshlint.values import evolve, field, frozen

HeaderValues = str | tuple[str, ...] | list[str]


@frozen(repr=False)
class Request:
    """What a caller sends and who it is; None for what it has not, such as an identity over plaintext.

    `identity` is the SPIFFE identity without its scheme, `cluster.local/ns/shop/sa/web`. `remote_ip` is the
    client's address as a trusted hop tells it, the connection's own unless stated. Ports are those of the
    connection: the container's before a sidecar, the Service's at a waypoint. `claims` are those of a token
    that a RequestAuthentication has validated. `headers` hold a value, or several if one is sent repeatedly,
    as the proxy reads them: HTTP/1.1 leaves out the blanks around a value. `left_open` names parts of the
    request that are not given, so that an answer may depend on them: each is the name of a field here. Of
    `headers`, `claims` and `metadata` that are left open, those that are given are known.
    """

    identity: str | None = None
    source_ip: str | None = None
    remote_ip: str | None = None
    destination_ip: str | None = None
    destination_port: int | None = None
    sni: str | None = None
    host: str | None = None
    method: str | None = None
    path: str | None = None
    headers: Mapping[str, HeaderValues] = field(factory=dict)
    claims: Mapping[str, Any] | None = None
    metadata: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    space_delimited_claims: tuple[str, ...] = ("scope", "permission")
    provider_allows: bool | None = None
    """What the external authorization service answers; None leaves it open."""
    left_open: frozenset[str] = frozenset()

    def without_identity(self) -> Request:
        """The same, by a caller that has surely none."""
        return evolve(self, identity=None, left_open=self.left_open - {"identity"})
