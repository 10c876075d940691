"""Which route of a Server takes a request, and who may send it (linkerd.md, C7)."""

from __future__ import annotations

import pytest

from tests.security.linkerd.worlds import (
    GATEWAY,
    POLICY,
    REFS,
    Case,
    call_of,
    grpc_route,
    http_route,
    identity,
    made,
    path,
    policy,
    raw_policy,
    server,
    tls,
)

WEB = tls(identity("web"))
ON_ROUTE = (policy("tls/web", target="HTTPRoute/r"), WEB)
ON_CALLS = (policy("tls/web", target="GRPCRoute/g"), WEB)
ON_SERVER = (policy("sa/api", name="s"),)
GW = f"{GATEWAY}/v1"
GW_POLICY = raw_policy(
    f"targetRef: {{group: {GATEWAY}, kind: HTTPRoute, name: r}}, "
    f"{REFS}: [{{kind: ServiceAccount, name: web}}]"
)


def parent(more: str = "", group: str = POLICY) -> str:
    return f"{{group: {group}, kind: Server, name: cart{', ' + more if more else ''}}}"


def two(first: str, second: str) -> tuple[str, ...]:
    """Two routes; only the first is open to `web`."""
    return (server(), *ON_ROUTE, http_route(first), http_route(second, name="other"))


ATTACHED = [
    Case("a route with a policy", (server(), *ON_ROUTE, http_route()), "allow"),
    Case("of no use to another", (server(), *ON_ROUTE, http_route()), "deny", who="api"),
    Case("a route without a policy", (server(), http_route()), "deny"),
    Case(
        "the grants of the server count for a route", (server(), *ON_SERVER, http_route()), "allow", who="api"
    ),
    Case(
        "also beside a policy of the route",
        (server(), *ON_ROUTE, *ON_SERVER, http_route()),
        "allow",
        who="api",
    ),
    Case(
        "a grant for the namespace counts for a route",
        (server(), policy("tls/web", target="Namespace/shop"), WEB, http_route()),
        "allow",
    ),
    Case("an access policy counts for a route", (server(access="all-authenticated"), http_route()), "allow"),
    Case("no route takes the request", (server(), *ON_ROUTE, http_route(path("/a"))), "not found"),
    Case(
        "then even a grant of the server does not help",
        (server(), *ON_SERVER, http_route(path("/a"))),
        "not found",
        who="api",
    ),
    Case(
        "a route of the gateway group", (server(), GW_POLICY, http_route(group=GW, parent=parent())), "allow"
    ),
    Case(
        "its policy must name that group",
        (server(), *ON_ROUTE, http_route(group=GW, parent=parent())),
        "deny",
    ),
    Case("a policy for the gateway group and a Linkerd route", (server(), GW_POLICY, http_route()), "deny"),
    Case(
        "a Linkerd route needs no group for its parent",
        (server(), *ON_ROUTE, http_route(parent="{kind: Server, name: cart}")),
        "allow",
    ),
    Case(
        "a gateway route without it is not attached",
        (server(), *ON_SERVER, http_route(path("/a"), group=GW, parent="{kind: Server, name: cart}")),
        "allow",
        who="api",
    ),
    Case(
        "letter case does not count in the target",
        (
            server(),
            raw_policy(
                f"targetRef: {{group: {POLICY}, kind: httproute, name: R}}, "
                f"{REFS}: [{{kind: ServiceAccount, name: web}}]"
            ),
            http_route(),
        ),
        "allow",
    ),
    Case(
        "a parent that names its own namespace",
        (server(), *ON_ROUTE, http_route(parent=parent("namespace: shop"))),
        "allow",
    ),
    Case(
        "a parent of another namespace drops the route",
        (
            server(),
            *ON_SERVER,
            http_route(
                path("/a"), parent=f"{parent()}, {{group: {POLICY}, kind: Server, name: cart, namespace: x}}"
            ),
        ),
        "allow",
        who="api",
    ),
    Case(
        "a port drops it",
        (server(), *ON_SERVER, http_route(path("/a"), parent=parent("port: 8080"))),
        "allow",
        who="api",
    ),
    Case(
        "a section name drops it",
        (server(), *ON_SERVER, http_route(path("/a"), parent=parent("sectionName: x"))),
        "allow",
        who="api",
    ),
    Case(
        "a mirror drops it",
        (
            server(),
            *ON_SERVER,
            http_route("{matches: [{path: {type: Exact, value: /a}}], filters: [{type: RequestMirror}]}"),
        ),
        "allow",
        who="api",
    ),
    Case(
        "a rewrite drops it",
        (
            server(),
            *ON_SERVER,
            http_route("{matches: [{path: {type: Exact, value: /a}}], filters: [{type: URLRewrite}]}"),
        ),
        "allow",
        who="api",
    ),
    Case(
        "changed headers do not",
        (
            server(),
            *ON_SERVER,
            http_route(
                "{matches: [{path: {type: Exact, value: /a}}], filters: [{type: RequestHeaderModifier}]}"
            ),
        ),
        "not found",
        who="api",
    ),
    Case(
        "headers of the answer do not",
        (
            server(),
            *ON_SERVER,
            http_route(
                "{matches: [{path: {type: Exact, value: /a}}], filters: [{type: ResponseHeaderModifier}]}"
            ),
        ),
        "not found",
        who="api",
    ),
    Case(
        "a redirect does not",
        (
            server(),
            *ON_SERVER,
            http_route("{matches: [{path: {type: Exact, value: /a}}], filters: [{type: RequestRedirect}]}"),
        ),
        "not found",
        who="api",
    ),
    Case("a relative path drops it", (server(), *ON_SERVER, http_route(path("a"))), "allow", who="api"),
    Case(
        "a pattern that Rust refuses drops it",
        (server(), *ON_SERVER, http_route(path("/(?=x)", "RegularExpression"))),
        "allow",
        who="api",
    ),
    Case(
        "a gRPC route has the HTTP routes refused",
        (server(), *ON_SERVER, http_route(path("/a")), grpc_route()),
        "allow",
        who="api",
    ),
    Case(
        "a route of another server",
        (server(), *ON_SERVER, http_route(path("/a"), parent=f"{{group: {POLICY}, kind: Server, name: x}}")),
        "allow",
        who="api",
    ),
]

PATHS = [
    Case("a prefix takes itself", (server(), *ON_ROUTE, http_route(path("/a"))), "allow", send="GET /a"),
    Case(
        "a prefix takes what lies below",
        (server(), *ON_ROUTE, http_route(path("/a"))),
        "allow",
        send="GET /a/b",
    ),
    Case(
        "a prefix goes by whole segments",
        (server(), *ON_ROUTE, http_route(path("/a"))),
        "not found",
        send="GET /ab",
    ),
    Case(
        "a slash at its end does not matter",
        (server(), *ON_ROUTE, http_route(path("/a/"))),
        "allow",
        send="GET /a",
    ),
    Case("nor one of the request", (server(), *ON_ROUTE, http_route(path("/a"))), "allow", send="GET /a/"),
    Case(
        "a query does not matter", (server(), *ON_ROUTE, http_route(path("/a"))), "allow", send="GET /a?x=y"
    ),
    Case("an exact path", (server(), *ON_ROUTE, http_route(path("/a", "Exact"))), "allow", send="GET /a"),
    Case(
        "an exact path and a slash",
        (server(), *ON_ROUTE, http_route(path("/a", "Exact"))),
        "not found",
        send="GET /a/",
    ),
    Case(
        "letter case of paths counts",
        (server(), *ON_ROUTE, http_route(path("/a", "Exact"))),
        "not found",
        send="GET /A",
    ),
    Case(
        "a pattern fits as a whole",
        (server(), *ON_ROUTE, http_route(path("/a/[0-9]+", "RegularExpression"))),
        "allow",
        send="GET /a/42",
    ),
    Case(
        "a pattern that fits a part only",
        (server(), *ON_ROUTE, http_route(path("/a/[0-9]+", "RegularExpression"))),
        "not found",
        send="GET /a/42/b",
    ),
    Case("a longer prefix wins", two(path("/a/b"), path("/a")), "allow", send="GET /a/b/c"),
    Case("a shorter one loses", two(path("/a"), path("/a/b")), "deny", send="GET /a/b/c"),
    Case("an exact path wins over the root", two(path("/a", "Exact"), path("/")), "allow", send="GET /a"),
    Case(
        "a pattern is as long as what it takes",
        two(path("/a/.*", "RegularExpression"), path("/a/b")),
        "allow",
        send="GET /a/b/c",
    ),
    Case(
        "equally long ones depend on their age",
        two(path("/a", "Exact"), path("/a")),
        "depends",
        send="GET /a",
    ),
    Case(
        "unless both agree",
        (
            server(),
            *ON_ROUTE,
            policy("sa/web", target="HTTPRoute/other", name="q"),
            http_route(path("/a")),
            http_route(path("/a"), name="other"),
        ),
        "allow",
        send="GET /a",
    ),
    Case(
        "the best match of a rule counts",
        two("{matches: [{path: {type: Exact, value: /a}}, {path: {type: PathPrefix, value: /}}]}", path("/")),
        "allow",
        send="GET /a",
    ),
    Case(
        "without matches a rule takes all", (server(), *ON_ROUTE, http_route("{}")), "allow", send="POST /x"
    ),
    Case(
        "any rule may take the request",
        (server(), *ON_ROUTE, http_route(f"{path('/a')}, {path('/b')}")),
        "allow",
        send="GET /b",
    ),
]

METHOD = "{matches: [{method: POST}]}"
HEADER = "{matches: [{headers: [{name: X-Version, value: v2}]}]}"
HEADER_PATTERN = "{matches: [{headers: [{name: x-version, value: 'v[0-9]', type: RegularExpression}]}]}"
QUERY = "{matches: [{queryParams: [{name: v, value: '2'}]}]}"
REQUESTS = [
    Case("a method", (server(), *ON_ROUTE, http_route(METHOD)), "allow", send="POST /"),
    Case("another method", (server(), *ON_ROUTE, http_route(METHOD)), "not found"),
    Case("a header", (server(), *ON_ROUTE, http_route(HEADER)), "allow", headers={"x-version": "v2"}),
    Case(
        "another value", (server(), *ON_ROUTE, http_route(HEADER)), "not found", headers={"x-version": "v1"}
    ),
    Case("no such header", (server(), *ON_ROUTE, http_route(HEADER)), "not found"),
    Case(
        "one of several values",
        (server(), *ON_ROUTE, http_route(HEADER)),
        "allow",
        headers={"x-version": ("v1", "v2")},
    ),
    Case(
        "a pattern for a header",
        (server(), *ON_ROUTE, http_route(HEADER_PATTERN)),
        "allow",
        headers={"X-Version": "v7"},
    ),
    Case(
        "a pattern fits as a whole header",
        (server(), *ON_ROUTE, http_route(HEADER_PATTERN)),
        "not found",
        headers={"x-version": "v77"},
    ),
    Case("a parameter", (server(), *ON_ROUTE, http_route(QUERY)), "allow", send="GET /?a=b&v=2"),
    Case("another parameter", (server(), *ON_ROUTE, http_route(QUERY)), "not found", send="GET /?v=3"),
    Case("a path outweighs a method", two(path("/a"), METHOD), "allow", send="POST /a"),
    Case(
        "a header outweighs a method",
        two(HEADER, METHOD),
        "allow",
        send="POST /",
        headers={"x-version": "v2"},
    ),
    Case("a parameter outweighs a method", two(QUERY, METHOD), "allow", send="POST /?v=2"),
    Case(
        "a header outweighs a parameter",
        two(HEADER, QUERY),
        "allow",
        send="GET /?v=2",
        headers={"x-version": "v2"},
    ),
    Case(
        "two demands of a match must both hold",
        (server(), *ON_ROUTE, http_route(path("/a", more="method: POST"))),
        "not found",
        send="GET /a",
    ),
]

HOSTS = [
    Case("a host", (server(), *ON_ROUTE, http_route(hosts="cart.shop")), "allow", host="cart.shop"),
    Case("another host", (server(), *ON_ROUTE, http_route(hosts="cart.shop")), "not found", host="cart"),
    Case(
        "a port does not matter",
        (server(), *ON_ROUTE, http_route(hosts="cart.shop")),
        "allow",
        host="cart.shop:8080",
    ),
    Case(
        "letter case of hosts does not matter",
        (server(), *ON_ROUTE, http_route(hosts="Cart.shop")),
        "allow",
        host="CART.shop",
    ),
    Case(
        "a dot at the end does not matter",
        (server(), *ON_ROUTE, http_route(hosts="cart.shop")),
        "allow",
        host="cart.shop.",
    ),
    Case("a wildcard", (server(), *ON_ROUTE, http_route(hosts="'*.shop'")), "allow", host="a.b.shop"),
    Case(
        "a wildcard needs a label",
        (server(), *ON_ROUTE, http_route(hosts="'*.shop'")),
        "not found",
        host="shop",
    ),
    Case("no host in the request", (server(), *ON_ROUTE, http_route(hosts="cart.shop")), "not found"),
    Case(
        "a host outweighs a path",
        (server(), *ON_ROUTE, http_route(hosts="cart.shop"), http_route(path("/a"), name="other")),
        "allow",
        host="cart.shop",
        send="GET /a",
    ),
    Case(
        "an exact host outweighs a wildcard",
        (
            server(),
            *ON_ROUTE,
            http_route(hosts="cart.shop"),
            http_route(path("/a"), name="other", hosts="'*.shop'"),
        ),
        "allow",
        host="cart.shop",
        send="GET /a",
    ),
]

CALLS = [
    Case(
        "a call",
        (server(protocol="gRPC"), *ON_CALLS, grpc_route(call_of("a.B", "C"))),
        "allow",
        send="POST /a.B/C",
    ),
    Case(
        "another method",
        (server(protocol="gRPC"), *ON_CALLS, grpc_route(call_of("a.B", "C"))),
        "not found",
        send="POST /a.B/D",
    ),
    Case(
        "every method of a service",
        (server(protocol="gRPC"), *ON_CALLS, grpc_route(call_of("a.B"))),
        "allow",
        send="POST /a.B/D",
    ),
    Case(
        "a method of every service",
        (server(protocol="gRPC"), *ON_CALLS, grpc_route(call_of("", "C"))),
        "allow",
        send="POST /x.Y/C",
    ),
    Case(
        "a call is a POST",
        (server(protocol="gRPC"), *ON_CALLS, grpc_route(call_of())),
        "not found",
        send="GET /a.B/C",
    ),
    Case(
        "a path of one part is no call",
        (server(protocol="gRPC"), *ON_CALLS, grpc_route(call_of())),
        "not found",
        send="POST /a.B",
    ),
    Case(
        "a rule without matches takes also what is no call",
        (server(protocol="gRPC"), *ON_CALLS, grpc_route()),
        "allow",
        send="GET /a.B",
    ),
    Case(
        "a match without a method voids the policy",
        (server(protocol="gRPC", access="all-unauthenticated"), grpc_route("{matches: [{headers: []}]}")),
        "deny",
        send="POST /a.B/C",
    ),
    Case(
        "only that of its own route's Server",
        (
            server(protocol="gRPC", access="all-unauthenticated"),
            grpc_route("{matches: [{headers: []}]}", parent=parent().replace("cart", "other")),
        ),
        "allow",
        send="POST /a.B/C",
    ),
    Case(
        "a service and method outweigh a service",
        (
            server(protocol="gRPC"),
            *ON_CALLS,
            grpc_route(call_of("a.B", "C")),
            grpc_route(call_of("a.B"), name="h"),
        ),
        "allow",
        send="POST /a.B/C",
    ),
    Case(
        "a gRPC server without routes",
        (server(protocol="gRPC"), *ON_SERVER),
        "allow",
        who="api",
        send="POST /a.B/C",
    ),
    Case(
        "a pattern for a method drops the route",
        (
            server(protocol="gRPC"),
            *ON_SERVER,
            grpc_route("{matches: [{method: {type: RegularExpression, service: x}}]}"),
        ),
        "allow",
        who="api",
        send="POST /a.B/C",
    ),
]


@pytest.mark.parametrize("case", [*ATTACHED, *PATHS, *REQUESTS, *HOSTS, *CALLS], ids=str)
def test_verdict(case: Case) -> None:
    assert made(case).verdict.value == case.verdict


def test_the_route_is_named() -> None:
    decision = made(Case("route", (server(), *ON_ROUTE, http_route()), "allow"))
    assert decision.route is not None
    assert (str(decision.route), [one.label for one in decision.deciding]) == (
        "HTTPRoute shop/r",
        ["AuthorizationPolicy shop/p"],
    )
