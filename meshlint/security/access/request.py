"""What is asked: may this caller send this request to that port?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meshlint.values import field, frozen

HeaderValues = str | tuple[str, ...] | list[str]

ALWAYS_THERE = ("source_ip", "destination_ip", "method", "path", "host")
"""Parts that every request over HTTP has: where one is not given it is left open, never absent."""
MAY_BE_OPEN = frozenset({*ALWAYS_THERE, "remote_ip", "sni", "headers", "claims", "metadata", "identity"})
"""What `left_open` may name."""


@frozen(repr=False)
class AccessRequest:
    """One request or connection, from whom to where.

    `destination` is a workload or a Service, as `NAME`, `NAMESPACE/NAME` or a host name of the cluster.
    `port` is a port of the Service or of the container, by number or by name; it may be left out where there
    is only one.

    The caller is one of three, or with none of them somebody outside of the mesh: `source`, a workload;
    `principal`, an identity (`cluster.local/ns/shop/sa/web`, with or without `spiffe://`, or Linkerd's
    `web.shop.serviceaccount.identity.linkerd.cluster.local`); `namespace`, any workload of it.

    `path` may carry a query. A header may have several values, as if it were sent several times. `claims` are
    those of a token that has been validated. `remote_ip` is the client's address as a trusted proxy tells it,
    `source_ip` unless stated. `provider_allows` is what an external authorization service would answer.

    Addresses, `method`, `path` and `host` are part of every request, so what is not given is left open, and
    a decision that rests on it is `DEPENDS`. A request that gives none of method, path and host may as well
    be a bare connection. Of the parts that a request may lack (`sni`, `headers`, `claims`, `metadata`)
    nothing is taken to be sent unless `left_open` names them: then those not given may be anything.
    """

    destination: str
    port: int | str | None = None
    source: str | None = None
    principal: str | None = None
    namespace: str | None = None
    source_ip: str | None = None
    remote_ip: str | None = None
    destination_ip: str | None = None
    sni: str | None = None
    method: str | None = None
    path: str | None = None
    host: str | None = None
    headers: Mapping[str, HeaderValues] = field(factory=dict)
    claims: Mapping[str, Any] | None = None
    metadata: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    space_delimited_claims: tuple[str, ...] = ("scope", "permission")
    provider_allows: bool | None = None
    left_open: frozenset[str] = frozenset()

    @property
    def is_connection(self) -> bool:
        """Whether nothing is said of an HTTP request."""
        return self.method is None and self.path is None and self.host is None
