"""The HTTP routes of a VirtualService."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.documents import Field, Text
from meshlint.resources.istio.destination import Mirror, RouteDestination, mirrors, route_destination
from meshlint.resources.istio.http_match import HttpMatch, http_match
from meshlint.resources.istio.parts import Duration, duration, part, parts
from meshlint.resources.view_class import view

if TYPE_CHECKING:
    from meshlint.resources.istio.http_actions import (
        CorsPolicy,
        DirectResponse,
        Fault,
        Headers,
        Redirect,
        Retries,
        Rewrite,
    )


@view
class Delegate:
    """Names the VirtualService without hosts that goes on routing, by default in the same namespace."""

    field: Field
    name: Text | None
    namespace: Text | None


@view
class HttpRoute:
    """What happens to the requests that any of `match` describes; without a match, to all of them."""

    field: Field
    name: Text | None
    match: tuple[HttpMatch, ...]
    route: tuple[RouteDestination, ...]
    delegate: Delegate | None
    mirrors: tuple[Mirror, ...]
    timeout: Duration | None

    @property
    def redirect(self) -> Redirect | None:
        """The answer that sends the client elsewhere."""
        from meshlint.resources.istio.http_actions import redirect

        return part(self.field, "redirect", redirect)

    @property
    def direct_response(self) -> DirectResponse | None:
        """The answer that the proxy gives itself."""
        from meshlint.resources.istio.http_actions import direct_response

        return part(self.field, "directResponse", direct_response)

    @property
    def fault(self) -> Fault | None:
        """Delays and errors to inject."""
        from meshlint.resources.istio.http_actions import fault

        return part(self.field, "fault", fault)

    @property
    def retries(self) -> Retries | None:
        """How failed requests are tried again; None leaves it to the mesh's default."""
        from meshlint.resources.istio.http_actions import retries

        return part(self.field, "retries", retries)

    @property
    def rewrite(self) -> Rewrite | None:
        """Changes to the path and authority."""
        from meshlint.resources.istio.http_actions import rewrite

        return part(self.field, "rewrite", rewrite)

    @property
    def headers(self) -> Headers | None:
        """Changes to the headers of requests and responses."""
        from meshlint.resources.istio.http_actions import headers

        return part(self.field, "headers", headers)

    @property
    def cors_policy(self) -> CorsPolicy | None:
        """Which pages of other origins may call."""
        from meshlint.resources.istio.http_actions import cors_policy

        return part(self.field, "corsPolicy", cors_policy)


def http_route(field: Field) -> HttpRoute:
    """The HTTP route written at `field`."""
    return HttpRoute(
        field,
        name=field.text("name"),
        match=parts(field, "match", http_match),
        route=parts(field, "route", route_destination),
        delegate=part(field, "delegate", _delegate),
        mirrors=mirrors(field),
        timeout=duration(field, "timeout"),
    )


def _delegate(field: Field) -> Delegate:
    return Delegate(field, field.text("name"), field.text("namespace"))
