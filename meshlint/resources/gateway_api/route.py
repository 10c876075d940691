"""Routes: what they attach to, which requests they take, and where they send them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from meshlint.documents import Field, Text
from meshlint.resources.gateway_api.filters import Filter, filters
from meshlint.resources.gateway_api.matches import (
    ConnectionMatch,
    GrpcMatch,
    HttpMatch,
    connection_matches,
    grpc_matches,
    http_matches,
)
from meshlint.resources.gateway_api.reference import (
    GROUP,
    BackendRef,
    ParentRef,
    Target,
    backend_ref,
    parent_ref,
)
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView
from meshlint.values import frozen

Match = TypeVar("Match", HttpMatch, GrpcMatch, ConnectionMatch)
ReadMatches = Callable[[Field], tuple[Match, ...]]
ReadBackend = Callable[[Field], BackendRef]


@frozen(eq=False, repr=False)
class RouteRule(Generic[Match]):
    """A rule: a request that meets any of `matches` goes to one of `backend_refs` by weight."""

    field: Field
    name: Text | None
    matches: tuple[Match, ...]
    filters: tuple[Filter, ...]
    backend_refs: tuple[BackendRef, ...]

    @property
    def timeouts(self) -> Field:
        """`timeouts`, with `request` and `backendRequest`."""
        return self.field / "timeouts"


@frozen(eq=False, repr=False)
class Route(ObjectView, Generic[Match]):
    """A route of any kind and group. Connection routes have no host names, but for TLS."""

    hostnames: tuple[Text, ...]
    parent_refs: tuple[ParentRef, ...]
    rules: tuple[RouteRule[Match], ...]

    @property
    def kind(self) -> str:
        """The kind of the route, as `HTTPRoute`."""
        return self.resource.kind


HTTPRoute = Route[HttpMatch]
GRPCRoute = Route[GrpcMatch]
ConnectionRoute = Route[ConnectionMatch]
AnyRoute = Route[Any]


def http_route(resource: Resource) -> HTTPRoute:
    """`resource` read as an HTTPRoute; without `rules` it has one that takes everything."""
    return route(resource, GROUP, http_matches, http_rules(resource))


def grpc_route(resource: Resource) -> GRPCRoute:
    """`resource` read as a GRPCRoute."""
    return route(resource, GROUP, grpc_matches)


def connection_route(resource: Resource) -> ConnectionRoute:
    """`resource` read as a TLSRoute, TCPRoute or UDPRoute."""
    return route(resource, GROUP, connection_matches)


def route(
    resource: Resource,
    parent_group: str,
    matches: ReadMatches[Match],
    rules: tuple[Field, ...] | None = None,
    backend: ReadBackend | None = None,
) -> Route[Match]:
    """`resource` read as a route whose parent references are of `parent_group` unless they say otherwise."""
    spec = resource.spec
    parent = Target(parent_group, "Gateway", resource.namespace)
    return Route(
        resource=resource,
        hostnames=spec.texts("hostnames"),
        parent_refs=tuple(parent_ref(item, parent) for item in spec.items("parentRefs")),
        rules=tuple(
            _rule(rule, matches, backend or (lambda field: backend_ref(field, resource.namespace)))
            for rule in (spec.items("rules") if rules is None else rules)
        ),
    )


def _rule(field: Field, matches: ReadMatches[Match], backend: ReadBackend) -> RouteRule[Match]:
    return RouteRule(
        field=field,
        name=field.text("name"),
        matches=matches(field),
        filters=filters(field),
        backend_refs=tuple(backend(item) for item in field.items("backendRefs")),
    )


def http_rules(resource: Resource) -> tuple[Field, ...]:
    """The rules of an HTTP route; the place of its first where none are written, to be read with defaults."""
    rules = resource.spec / "rules"
    return rules.items() if rules else (rules / 0,)
