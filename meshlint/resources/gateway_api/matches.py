"""Which requests a rule of a route takes."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.view import text_or
from meshlint.resources.view_class import view


@view
class ValueMatch:
    """A demand on one header or one query parameter; its type is `Exact` or `RegularExpression`."""

    field: Field
    name: Text | None
    value: Text | None
    type: Text


@view
class PathMatch:
    """A demand on the path; its type is `Exact`, `PathPrefix` or `RegularExpression`."""

    field: Field
    type: Text
    value: Text

    @property
    def takes_all(self) -> bool:
        """Whether every path meets the demand."""
        return self.type == "PathPrefix" and self.value == "/"


@view
class HttpMatch:
    """Demands that one HTTP request must meet all at once."""

    field: Field
    path: PathMatch
    method: Text | None
    headers: tuple[ValueMatch, ...]
    query_params: tuple[ValueMatch, ...]

    @property
    def is_catch_all(self) -> bool:
        """Whether every request meets the demands."""
        return self.path.takes_all and not (self.method or self.headers or self.query_params)


@view
class GrpcMatch:
    """Demands that one gRPC call must meet all at once; service and method are open where None."""

    field: Field
    service: Text | None
    method: Text | None
    type: Text
    headers: tuple[ValueMatch, ...]

    @property
    def is_catch_all(self) -> bool:
        """Whether every call meets the demands."""
        return not (self.service or self.method or self.headers)

    @property
    def lacks_method(self) -> bool:
        """Whether the match is written without `method`, rather than left out altogether."""
        return bool(self.field) and not self.field / "method"


@view
class ConnectionMatch:
    """A rule of a TLS, TCP or UDP route, which takes whatever reaches its route."""

    field: Field

    @property
    def is_catch_all(self) -> bool:
        """Always true: only host names of the route tell connections apart."""
        return True


def http_matches(rule: Field) -> tuple[HttpMatch, ...]:
    """The matches of an HTTP rule; without any, the one that takes every path."""
    return tuple(_http(item) for item in rule.items("matches") or (rule / "matches",))


def grpc_matches(rule: Field) -> tuple[GrpcMatch, ...]:
    """The matches of a gRPC rule; without any, one that takes every call."""
    return tuple(_grpc(item) for item in rule.items("matches") or (rule / "matches",))


def connection_matches(rule: Field) -> tuple[ConnectionMatch, ...]:
    """The one match that a rule of a connection route comes down to."""
    return (ConnectionMatch(rule),)


def _http(field: Field) -> HttpMatch:
    path = field / "path"
    return HttpMatch(
        field=field,
        path=PathMatch(path, text_or(path, "type", "PathPrefix"), text_or(path, "value", "/")),
        method=field.text("method"),
        headers=_values(field, "headers"),
        query_params=_values(field, "queryParams"),
    )


def _grpc(field: Field) -> GrpcMatch:
    call = field / "method"
    return GrpcMatch(
        field=field,
        service=call.text("service") or None,
        method=call.text("method") or None,
        type=text_or(call, "type", "Exact"),
        headers=_values(field, "headers"),
    )


def _values(field: Field, key: str) -> tuple[ValueMatch, ...]:
    return tuple(
        ValueMatch(item, item.text("name"), item.text("value"), text_or(item, "type", "Exact"))
        for item in field.items(key)
    )
