"""What holds for every set of Linkerd policies."""

from __future__ import annotations

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.mesh import Mesh
from meshlint.security.linkerd.authorization import Caller, HttpRequest, Verdict, admitted, decide
from meshlint.security.linkerd.authorization.clients import Clients, Identities
from meshlint.security.linkerd.authorization.decide import PortPolicy
from tests.security.linkerd.worlds import (
    ENDING,
    caller,
    cart_of,
    grpc_route,
    http_route,
    identity,
    linkerd,
    mesh,
    namespace,
    net,
    path,
    policy,
    saz,
    server,
    tls,
    workload,
)

AUTHENTICATIONS = (
    tls(identity("web"), name="web"),
    tls(f"*.shop.{ENDING}", name="shop"),
    tls("*", name="mesh"),
    net("10.0.0.0/8 except 10.1.0.0/16", name="nodes"),
    net("0.0.0.0/0", "::/0", name="all"),
)
NAMES = st.sampled_from(["a", "b", "c", "d"])
REFS = st.sampled_from(
    [(), ("tls/web",), ("tls/shop",), ("tls/mesh", "net/nodes"), ("net/nodes",), ("sa/api",), ("tls/gone",)]
)
TARGETS = st.sampled_from(["Server/cart", "Namespace/shop", "HTTPRoute/r", "GRPCRoute/g"])
POLICIES = st.builds(lambda name, refs, target: policy(*refs, target=target, name=name), NAMES, REFS, TARGETS)
CLIENTS = st.sampled_from(
    [
        "unauthenticated: true",
        "unauthenticated: true, networks: [{cidr: 0.0.0.0/0}]",
        "meshTLS: {unauthenticatedTLS: true}",
        "meshTLS: {identities: ['*']}",
        "meshTLS: {serviceAccounts: [{name: web}]}",
        "networks: [{cidr: 10.0.0.0/8}]",
    ]
)
AUTHORIZATIONS = st.builds(lambda name, client: saz(client, name=name), NAMES, CLIENTS)
GRANTS = st.one_of(POLICIES, AUTHORIZATIONS)
ROUTES = st.sampled_from(
    [http_route(), http_route(path("/a")), http_route(path("/a", "Exact"), name="s"), grpc_route()]
)
PROTOCOLS = st.sampled_from(["", "HTTP/1", "HTTP/2", "gRPC", "opaque", "TLS"])
ACCESS = st.sampled_from(["", "deny", "audit", "all-authenticated", "cluster-unauthenticated"])
SERVERS = st.builds(lambda protocol, access: server(8080, protocol, access), PROTOCOLS, ACCESS)
DEFAULTS = st.sampled_from(
    ["all-unauthenticated", "all-authenticated", "cluster-authenticated", "deny", "audit"]
)
CALLERS = st.builds(
    caller,
    st.sampled_from(["", "tls", "web", "api", identity("web", "other")]),
    st.sampled_from(["10.2.3.4", "10.1.2.3", "8.8.8.8", "fd00::1"]),
)
SENT = st.builds(
    HttpRequest,
    st.sampled_from(["GET", "POST"]),
    st.sampled_from(["/", "/a", "/a/b", "/ready", "/x.Y/Z"]),
)
REQUESTS = st.one_of(st.none(), SENT)
CART = workload(probes="readinessProbe: {httpGet: {path: /ready, port: 8080}}")
LAW = settings(max_examples=60, deadline=None)


def world(*objects: str, default: str = "deny") -> Mesh:
    named = {text.partition("spec:")[0]: text for text in objects}
    texts = (namespace(), CART, *AUTHENTICATIONS, *named.values())
    return mesh(*texts, settings=linkerd(default_inbound_policy=default))


def verdict(at: Mesh, who: Caller, request: HttpRequest | None) -> str:
    return decide(at, cart_of(at), 8080, who, request).verdict.value


@LAW
@given(SERVERS, st.lists(GRANTS, max_size=4), st.lists(ROUTES, max_size=3), GRANTS, CALLERS, REQUESTS)
def test_adding_an_authorization_never_narrows(
    one: str, grants: list[str], routes: list[str], more: str, who: Caller, request: HttpRequest | None
) -> None:
    renamed = more.replace("metadata: {name: ", "metadata: {name: new-", 1)
    if verdict(world(one, *grants, *routes), who, request) == "allow":
        assert verdict(world(one, *grants, *routes, renamed), who, request) == "allow"


@LAW
@given(st.lists(GRANTS, max_size=4), st.lists(ROUTES, max_size=3), DEFAULTS, CALLERS, REQUESTS)
def test_without_a_server_the_default_policy_decides_alone(
    grants: list[str], routes: list[str], default: str, who: Caller, request: HttpRequest | None
) -> None:
    with_policies = verdict(world(*grants, *routes, default=default), who, request)
    assert with_policies == verdict(world(default=default), who, request)


@LAW
@given(
    SERVERS,
    st.lists(GRANTS, max_size=4),
    st.lists(ROUTES, max_size=3),
    CALLERS,
    REQUESTS,
    st.randoms(use_true_random=False),
)
def test_order_never_matters(
    one: str, grants: list[str], routes: list[str], who: Caller, request: HttpRequest | None, random: object
) -> None:
    objects = list({text.partition("spec:")[0]: text for text in (one, *grants, *routes)}.values())
    shuffled = list(objects)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert verdict(world(*objects), who, request) == verdict(world(*shuffled), who, request)


@LAW
@given(SERVERS, st.lists(GRANTS, max_size=4), CALLERS)
def test_a_call_agrees_with_the_set(one: str, grants: list[str], who: Caller) -> None:
    at = world(one, *grants)
    everything = admitted(at, cart_of(at), 8080)[0]
    allowed = verdict(at, who, HttpRequest("POST", "/x.Y/Z")) == "allow"
    assert everything.clients.admits(who) is allowed


SETS = st.lists(
    st.builds(
        Clients.of,
        st.sampled_from(
            [
                Identities.anyone(),
                Identities.with_tls(),
                Identities.authenticated(),
                Identities(named=Identities.authenticated().named.suffix(f".shop.{ENDING}")),
                Identities(named=Identities.authenticated().named.exact(identity("web"))),
            ]
        ),
        st.sampled_from(["0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "8.8.8.8/32", "fd00::/8"]).map(
            lambda block: caller("", None).addresses.of(block)
        ),
    ),
    max_size=3,
).map(Clients.union_of)


@LAW
@given(SETS, SETS, CALLERS)
def test_a_subset_admits_nobody_else(one: Clients, other: Clients, who: Caller) -> None:
    if one.is_subset(other) and one.admits(who):
        assert other.admits(who)


@LAW
@given(SETS, SETS)
def test_a_union_holds_both(one: Clients, other: Clients) -> None:
    union = Clients.union_of((one, other))
    assert one.is_subset(union) is True
    assert other.is_subset(union) is True


@LAW
@given(
    st.lists(st.one_of(GRANTS, ROUTES), max_size=4),
    SERVERS,
    CALLERS,
    st.lists(REQUESTS, min_size=3, max_size=6),
)
def test_what_is_said_of_all_requests_holds_for_each(
    more: list[str], one: str, who: Caller, requests: list[HttpRequest | None]
) -> None:
    at = world(one, *more)
    port = PortPolicy(at, cart_of(at), 8080)
    parts = frozenset({"method", "path"})
    whole = port.decide(who, HttpRequest("", "", left_open=parts, may_be_bytes=True))
    for request in requests:
        each = port.decide(who, request)
        assert each.verdict is decide(at, cart_of(at), 8080, who, request).verdict
        if whole.is_allowed:
            # A port for HTTP takes nothing else, which says nothing of the requests to it.
            assert each.is_allowed or request is None
        if whole.verdict in (Verdict.DENY, Verdict.NOT_FOUND):
            assert each.verdict in (Verdict.DENY, Verdict.NOT_FOUND)


@LAW
@given(
    st.lists(st.one_of(GRANTS, ROUTES), max_size=4),
    SERVERS,
    CALLERS,
    st.sampled_from(["method", "path"]),
    st.lists(SENT, min_size=3, max_size=6),
)
def test_what_is_said_with_one_part_open_holds_for_all_that_it_may_be(
    more: list[str], one: str, who: Caller, part: str, requests: list[HttpRequest]
) -> None:
    at = world(one, *more)
    port = PortPolicy(at, cart_of(at), 8080)
    for request in requests:
        whole = port.decide(who, evolve(request, left_open=frozenset({part})))
        for other in requests:
            method = other.method if part == "method" else request.method
            path = other.path if part == "path" else request.path
            each = port.decide(who, HttpRequest(method, path))
            if whole.verdict is not Verdict.DEPENDS:
                assert whole.is_allowed == each.is_allowed
