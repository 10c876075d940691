"""Routes that speak of requests to a Linkerd Server, and those of them that Linkerd leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.documents import Field
from meshlint.matching import rust_regex_problem
from meshlint.resources.gateway_api.matches import GrpcMatch, HttpMatch
from meshlint.resources.gateway_api.reference import ParentRef
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.linkerd.group import POLICY, refers_to
from meshlint.values import frozen

FILTERS = frozenset({"RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect"})
"""The filters that do not keep a route from counting; of these, the response one does nothing."""

_REQUEST_ROUTES = ("HTTPRoute", "GRPCRoute")


@frozen(eq=False, repr=False)
class Refusal:
    """Why Linkerd leaves a route out, as the end of a sentence on the route, and the field at fault."""

    reason: str
    because: Field


@frozen(eq=False, repr=False)
class RouteAttachment:
    """A route that names a Server as a parent. With a `refusal` nothing of the route counts there."""

    server: tuple[str, str]
    """Namespace and name of the Server."""
    route: AnyRoute
    ref: ParentRef
    refusal: Refusal | None

    @property
    def is_grpc(self) -> bool:
        """Whether the route speaks of gRPC calls rather than of HTTP requests."""
        return self.route.kind == "GRPCRoute"


def names_server(ref: ParentRef) -> bool:
    """Whether a parent is a Server."""
    return refers_to(ref, POLICY, "Server")


def attachments(routes: Iterable[AnyRoute]) -> Iterator[RouteAttachment]:
    """The attachments of `routes` to Servers of their own namespace.

    A parent in another namespace is one that the route never reaches, and has the whole route left out.
    """
    for route in routes:
        parents = [ref for ref in route.parent_refs if names_server(ref)]
        if route.kind not in _REQUEST_ROUTES or not parents:
            continue
        refusal = refused(route)
        for ref in parents:
            if ref.namespace == route.namespace and ref.name:
                yield RouteAttachment((route.namespace, ref.name), route, ref, refusal)


def refused(route: AnyRoute) -> Refusal | None:
    """Why a route counts at no Server at all (Linkerd: inbound index of routes); None if it does."""
    for ref in route.parent_refs:
        if names_server(ref):
            wrong = _wrong_parent(route, ref)
            if wrong is not None:
                return wrong
    for rule in route.rules:
        for one in rule.filters:
            if one.type not in FILTERS:
                return Refusal(f"has the filter '{one.type}'", one.field / "type")
        for match in rule.matches:
            wrong = _wrong_match(match)
            if wrong is not None:
                return wrong
    return None


def is_void(route: AnyRoute) -> bool:
    """Whether a route that counts has the proxy refuse the whole policy of its port.

    A match of a GRPCRoute without `method` reaches the proxy without what it must have, and the proxy takes
    none of the policy (Linkerd: gRPC routes in the API of the proxy).
    """
    matches = (match for rule in route.rules for match in rule.matches)
    return any(isinstance(one, GrpcMatch) and one.lacks_method for one in matches)


def _wrong_parent(route: AnyRoute, ref: ParentRef) -> Refusal | None:
    if ref.namespace != route.namespace:
        return Refusal(f"names a Server of namespace '{ref.namespace}'", ref.field / "namespace")
    if ref.port is not None:
        return Refusal(f"names port {ref.port} of a Server", ref.field / "port")
    if ref.section_name is not None:
        return Refusal(f"names section '{ref.section_name}' of a Server", ref.field / "sectionName")
    return None


def _wrong_match(match: HttpMatch | GrpcMatch) -> Refusal | None:
    if isinstance(match, GrpcMatch):
        if match.type != "Exact":
            return Refusal(f"matches methods by '{match.type}'", match.type.field)
    elif match.path.type == "RegularExpression":
        if rust_regex_problem(match.path.value) is not None:
            return Refusal(f"has the invalid pattern '{match.path.value}'", match.path.value.field)
    elif not match.path.value.startswith("/"):
        return Refusal(f"has the path '{match.path.value}' without a leading slash", match.path.value.field)
    values = (*match.headers, *getattr(match, "query_params", ()))
    for one in values:
        if one.type == "RegularExpression" and one.value and rust_regex_problem(one.value) is not None:
            return Refusal(f"has the invalid pattern '{one.value}'", one.value.field)
    return None
