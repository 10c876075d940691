"""Limits on the connections and requests between a proxy and a destination."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.istio.parts import Duration, duration, part
from meshlint.resources.view import mapping_at
from meshlint.resources.view_class import view


@view
class TcpPool:
    """Limits on connections; unset ones are Envoy's, but for a connect timeout of ten seconds."""

    field: Field
    max_connections: int | None
    connect_timeout: Duration | None
    max_connection_duration: Duration | None
    idle_timeout: Duration | None
    tcp_keepalive: Field | None


@view
class HttpPool:
    """Limits on requests; unset and 0 are alike (Istio: connection pools)."""

    field: Field
    http1_max_pending_requests: int | None
    http2_max_requests: int | None
    max_requests_per_connection: int | None
    max_retries: int | None
    max_concurrent_streams: int | None
    idle_timeout: Duration | None
    h2_upgrade_policy: Text | None
    use_client_protocol: bool
    http2_keep_alive: Field | None


@view
class ConnectionPool:
    """The limits that each client proxy keeps by itself."""

    field: Field
    tcp: TcpPool | None
    http: HttpPool | None


def connection_pool(field: Field) -> ConnectionPool:
    """The connection pool written at `field`."""
    return ConnectionPool(field, part(field, "tcp", _tcp), part(field, "http", _http))


def _tcp(field: Field) -> TcpPool:
    return TcpPool(
        field,
        max_connections=field.integer("maxConnections"),
        connect_timeout=duration(field, "connectTimeout"),
        max_connection_duration=duration(field, "maxConnectionDuration"),
        idle_timeout=duration(field, "idleTimeout"),
        tcp_keepalive=mapping_at(field, "tcpKeepalive"),
    )


def _http(field: Field) -> HttpPool:
    return HttpPool(
        field,
        http1_max_pending_requests=field.integer("http1MaxPendingRequests"),
        http2_max_requests=field.integer("http2MaxRequests"),
        max_requests_per_connection=field.integer("maxRequestsPerConnection"),
        max_retries=field.integer("maxRetries"),
        max_concurrent_streams=field.integer("maxConcurrentStreams"),
        idle_timeout=duration(field, "idleTimeout"),
        h2_upgrade_policy=field.text("h2UpgradePolicy"),
        use_client_protocol=field.boolean("useClientProtocol") or False,
        http2_keep_alive=mapping_at(field, "http2KeepAlive"),
    )
