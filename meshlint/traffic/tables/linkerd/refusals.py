"""Why nothing of a connection gets through at a client of Linkerd, whatever the rules of routes say."""

from __future__ import annotations

from meshlint.resources.age import perhaps_oldest
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.traffic.request import Request
from meshlint.traffic.tables.entries import CLOSED, Layer, RouteTable
from meshlint.traffic.tables.linkerd.parents import ClientProtocol, PortRoutes

_FAILS = 500


def refusal(held: PortRoutes, request: Request | None) -> RouteTable | None:
    """The table of a port that takes nothing of what is sent; None where the routes are asked.

    The proxy takes no policy with a match that it cannot read: requests are answered with 500 and connections
    closed. A port that is taken for one protocol without a look at it takes no other (Linkerd: the proxy's
    client policy).
    """
    if held.void is not None:
        is_sent = request is None or request.scheme == "http"
        reason = f"{held.void} has the proxy refuse the whole policy, for one of its matches has no method"
        layer = Layer.HTTP if is_sent else Layer.TCP
        return RouteTable("", (), (), _FAILS if is_sent else CLOSED, layer, refusal=reason)
    if request is None or _speaks(held.protocol, request):
        return None
    reason = f"the port is taken for {held.protocol.value}, which the connection is not"
    return RouteTable("", (), (), CLOSED, Layer.TCP, refusal=reason)


def _speaks(protocol: ClientProtocol, request: Request) -> bool:
    if protocol in (ClientProtocol.DETECT, ClientProtocol.OPAQUE):
        return True
    return request.is_encrypted if protocol is ClientProtocol.TLS else request.scheme == "http"


def oldest(held: PortRoutes) -> tuple[AnyRoute, ...]:
    """The routes that are asked: of TCPRoutes only the oldest is, and any that may be it."""
    if held.protocol is not ClientProtocol.OPAQUE:
        return held.routes
    return perhaps_oldest(held.routes, lambda one: one.resource, lambda one: one.name)
