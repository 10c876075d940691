"""Where requests go: hosts, precedence, merging, delegation, ports and policies, case by case."""

from __future__ import annotations

from fractions import Fraction

import pytest

from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.traffic.effects.policies import effective_policy
from meshlint.traffic.request import Client, Request
from meshlint.traffic.tables.linkerd.services import linkerd_table
from meshlint.traffic.ways.following import choose
from meshlint.traffic.ways.linkerd import linkerd_way
from meshlint.traffic.ways.proxied import way
from meshlint.traffic.ways.way import Way
from tests.traffic.worlds import destination_rule, gateway, mesh, outcome, service, split, to, virtual_service

SHOP, WEB = Client("shop"), Client("web")
EDGE = Client("ingress", gateways=frozenset({"shop/edge"}))
HTTP = "[{port: {number: 80, name: http, protocol: HTTP}, hosts: ['%s']}]"
FQDN = "reviews.shop.svc.cluster.local"


def _to(name: str, namespace: str = "shop", more: str = "", hosts: tuple[str, ...] = (FQDN,)) -> str:
    return virtual_service(name, namespace, hosts, split(to(f"{name}.test")), more)


def _way(at: Mesh, client: Client, host: str = "reviews", port: int = 80, path: str = "/") -> Way:
    return way(at, client, Request(host, port, path))


def _first(found: Way) -> str | None:
    return found.hops[0].host.removesuffix(".test") if found.hops else None


PRECEDENCE = [
    ("3.2 no VirtualService: the service itself", (), SHOP, FQDN),
    ("3.2 public", (_to("a", "third"),), SHOP, "a"),
    ("3.2 private before public", (_to("a"), _to("b", "web", "exportTo: ['.']")), WEB, "b"),
    (
        "3.2 private of another namespace is not seen",
        (_to("a"), _to("b", "web", "exportTo: ['.']")),
        SHOP,
        "a",
    ),
    ("3.2 exported by name before public", (_to("a"), _to("b", "third", "exportTo: [web]")), WEB, "b"),
    ("3.2 public in the client's namespace has no precedence", (_to("a"), _to("b", "web")), WEB, "a"),
    ("3.1 exportTo nobody", (_to("a", more="exportTo: ['~']"),), SHOP, FQDN),
    ("3.1 bound to a gateway only", (_to("a", more="gateways: [edge]"),), SHOP, FQDN),
    ("3.1 bound to a gateway and mesh", (_to("a", more="gateways: [edge, mesh]"),), SHOP, "a"),
    ("3.2 exact before wildcard", (_to("w", hosts=("*.shop.svc.cluster.local",)), _to("z")), SHOP, "z"),
    ("3.2 longest wildcard", (_to("w", hosts=("*.local",)), _to("z", hosts=("*.cluster.local",))), SHOP, "z"),
    ("3.1 short host in its own namespace", (_to("a", hosts=("reviews",)),), SHOP, "a"),
    ("3.1 short host elsewhere is another service", (_to("a", "web", hosts=("reviews",)),), SHOP, FQDN),
    ("3.1 svc.ns is not expanded", (_to("a", hosts=("reviews.shop",)),), SHOP, FQDN),
]


@pytest.mark.parametrize(
    ("case", "objects", "client", "expected"), PRECEDENCE, ids=[c[0] for c in PRECEDENCE]
)
def test_which_virtual_service_counts(
    case: str, objects: tuple[str, ...], client: Client, expected: str
) -> None:
    found = _way(mesh(service("reviews"), *objects), client, FQDN)
    assert _first(found) == expected


def test_of_two_alike_age_decides_and_is_told() -> None:
    """3.2: the first takes all, and files do not say which is older."""
    found = _way(mesh(service("reviews"), _to("a"), _to("b")), SHOP)
    assert (_first(found), found.undecided) == (
        "a",
        ("whichever of VirtualService shop/a and VirtualService shop/b is older comes first",),
    )
    assert _way(mesh(service("reviews"), _to("a"), _to("b", "web", "exportTo: ['.']")), WEB).undecided == ()


def test_the_next_is_used_if_the_first_has_nothing_for_the_proxy() -> None:
    """3.2: everything filtered by source or port."""
    filtered = virtual_service(
        "a", hosts=(FQDN,), http="[{match: [{sourceLabels: {app: x}}], route: [%s]}]" % to("a.test")
    )
    at = mesh(service("reviews"), filtered, _to("b"))
    assert _first(_way(at, SHOP)) == "b"
    assert _first(_way(at, Client("shop", {"app": "x"}))) == "a"


STATIC = [
    ("3.3 port of the listener", "{port: 80}", SHOP, True),
    ("3.3 another port", "{port: 81}", SHOP, False),
    ("3.3 labels of the caller", "{sourceLabels: {app: a}}", Client("shop", {"app": "a", "v": "1"}), True),
    ("3.3 missing label", "{sourceLabels: {app: a}}", SHOP, False),
    ("3.3 namespace of the caller", "{sourceNamespace: web}", WEB, True),
    ("3.3 another namespace", "{sourceNamespace: web}", SHOP, False),
    ("3.3 gateways", "{gateways: [edge]}", SHOP, False),
    ("3.3 mesh among the gateways", "{gateways: [mesh]}", SHOP, True),
    ("3.3 source ignored beside gateways", "{gateways: [mesh], sourceLabels: {app: a}}", SHOP, True),
    ("3.3 empty match", "{}", SHOP, True),
]


@pytest.mark.parametrize(("case", "match", "client", "taken"), STATIC, ids=[c[0] for c in STATIC])
def test_whom_a_match_is_for(case: str, match: str, client: Client, taken: bool) -> None:
    one = virtual_service(
        "a",
        hosts=(FQDN,),
        http="[{match: [%s], route: [%s]}, {route: [%s]}]" % (match, to("a.test"), to("b.test")),
    )
    assert _first(_way(mesh(service("reviews"), one), client, FQDN)) == ("a" if taken else "b")


def _on_edge(name: str, http: str, host: str = "h.test", more: str = "") -> str:
    return virtual_service(name, "shop", (host,), http, f"gateways: [edge]{more}")


MERGING = [
    ("3.2 both are merged", ("[{match: [{uri: {prefix: /a}}], route: [%s]}]", "[{route: [%s]}]"), "/a", "v0"),
    (
        "3.2 the second takes the rest",
        ("[{match: [{uri: {prefix: /a}}], route: [%s]}]", "[{route: [%s]}]"),
        "/b",
        "v1",
    ),
    (
        "3.2 catch-alls go to the end",
        ("[{route: [%s]}]", "[{match: [{uri: {prefix: /a}}], route: [%s]}]"),
        "/a",
        "v1",
    ),
    ("3.2 the oldest catch-all wins", ("[{route: [%s]}]", "[{route: [%s]}]"), "/a", "v0"),
    ("3.2 others by order", ("[{match: [{uri: {prefix: /a}}], route: [%s]}]",) * 2, "/a", "v0"),
]


@pytest.mark.parametrize(("case", "https", "path", "expected"), MERGING, ids=[c[0] for c in MERGING])
def test_merging_on_a_gateway(case: str, https: tuple[str, ...], path: str, expected: str) -> None:
    routes = [_on_edge(f"v{n}", http % to(f"v{n}.test")) for n, http in enumerate(https)]
    at = mesh(gateway("edge", servers=HTTP % "*"), *routes)
    assert _first(_way(at, EDGE, "h.test", path=path)) == expected


HOSTS = [
    ("5.1 the host is served", "h.test", "h.test", "h.test", "v"),
    ("5.1 under the server's wildcard", "*.test", "h.test", "h.test", "v"),
    ("5.1 a wildcard of the route is narrowed", "h.test", "*.test", "h.test", "v"),
    ("5.1 the wildcard of both", "*.test", "*.test", "x.test", "v"),
    ("5.1 another host", "h.test", "h.test", "x.test", None),
    ("5.1 no overlap", "h.test", "x.test", "x.test", None),
    ("5.1 own namespace", "./h.test", "h.test", "h.test", "v"),
    ("5.1 this namespace", "shop/h.test", "h.test", "h.test", "v"),
    ("5.1 another namespace", "web/h.test", "h.test", "h.test", None),
    ("5.1 any namespace", "*/h.test", "h.test", "h.test", "v"),
    ("3.2 case of the host", "h.test", "H.test", "h.test", "v"),
]


@pytest.mark.parametrize(("case", "served", "routed", "asked", "expected"), HOSTS, ids=[c[0] for c in HOSTS])
def test_hosts_of_a_gateway(case: str, served: str, routed: str, asked: str, expected: str | None) -> None:
    at = mesh(gateway("edge", servers=HTTP % served), _on_edge("v", split(to("v.test")), routed))
    assert _first(_way(at, EDGE, asked)) == expected


def test_a_specific_host_never_falls_back_to_a_wildcard() -> None:
    """3.2: no way back to a wider virtual host."""
    narrow = _on_edge("n", "[{match: [{uri: {exact: /a}}], route: [%s]}]" % to("n.test"), "h.test")
    at = mesh(gateway("edge", servers=HTTP % "*"), narrow, _on_edge("w", split(to("w.test")), "*.test"))
    assert _first(_way(at, EDGE, "h.test", path="/a")) == "n"
    assert _way(at, EDGE, "h.test", path="/b").status == 404
    assert _first(_way(at, EDGE, "x.test")) == "w"


def test_a_server_that_redirects_answers_itself() -> None:
    """5.1: httpsRedirect."""
    server = "[{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*'], tls: {httpsRedirect: true}}]"
    found = _way(mesh(gateway("edge", servers=server), _on_edge("v", split(to("v.test")))), EDGE, "h.test")
    assert (found.status, found.reason) == (301, "redirect to https")


def test_a_gateway_sees_only_what_is_exported_to_its_pods() -> None:
    """3.1: gateways honour exportTo."""
    at = mesh(
        gateway("edge", servers=HTTP % "*"), _on_edge("v", split(to("v.test")), more=", exportTo: ['.']")
    )
    assert _way(at, EDGE, "h.test").status == 404


PORTS = [
    ("3.6 sidecars keep the port", SHOP, 80, "[{name: http, port: 80}]", 80, None),
    ("3.6 and do not look for the only one", SHOP, 80, "[{name: http, port: 8080}]", 80, 503),
    ("3.6 gateways take the only one", EDGE, 80, "[{name: http, port: 8080}]", 8080, None),
    ("3.6 or the listener's of several", EDGE, 80, "[{name: a, port: 80}, {name: b, port: 81}]", 80, None),
    ("3.6 that the host may lack", EDGE, 80, "[{name: a, port: 82}, {name: b, port: 81}]", 80, 503),
]


@pytest.mark.parametrize(
    ("case", "client", "port", "ports", "chosen", "status"), PORTS, ids=[c[0] for c in PORTS]
)
def test_the_port_where_none_is_named(
    case: str, client: Client, port: int, ports: str, chosen: int, status: int | None
) -> None:
    one = virtual_service("v", "shop", ("h.test",), split(to("other")), "gateways: [edge, mesh]")
    found = _way(
        mesh(gateway("edge", servers=HTTP % "*"), one, service("other", ports=ports)), client, "h.test", port
    )
    assert [(hop.port, hop.status) for hop in found.hops] == [(chosen, status)]


BROKEN = [
    ("3.6 a host that does not exist", to("gone"), 503),
    ("3.6 a port that it does not have", to("reviews", port=81), 503),
    ("4.5 a subset that nobody defines", to("reviews", "v9"), 503),
    ("3.6 a host that is there", to("reviews"), None),
    ("3.6 svc.ns is no host", to("reviews.shop.svc"), None),
]


@pytest.mark.parametrize(("case", "target", "status"), BROKEN, ids=[c[0] for c in BROKEN])
def test_where_a_destination_leads_nowhere(case: str, target: str, status: int | None) -> None:
    at = mesh(
        service("reviews"),
        virtual_service("v", hosts=("reviews",), http=split(target)),
        destination_rule("r"),
    )
    (hop,) = _way(at, SHOP).hops
    assert hop.status == (503 if "svc.ns" in case else status)


def test_a_dead_share_is_not_redistributed() -> None:
    """3.5: weight to a missing cluster keeps its share."""
    one = virtual_service(
        "v", hosts=("reviews",), http=split(to("reviews", "v9", 10), to("reviews", weight=90))
    )
    found = _way(mesh(service("reviews"), one, destination_rule("r")), SHOP)
    assert [(hop.part, hop.status) for hop in found.hops] == [(Fraction(1, 10), 503), (Fraction(9, 10), None)]


DELEGATION = [
    ("3.7 the delegate takes over", "prefix: /a", "prefix: /a/b", "", "/a/b", "d"),
    ("3.7 both matches must hold", "prefix: /a", "prefix: /a/b", "", "/a/c", "r"),
    ("3.7 outside of the root's match", "prefix: /a", "prefix: /b", "", "/b", "r"),
    ("3.7 exact inside of prefix", "prefix: /a", "exact: /ab", "", "/ab", "d"),
    ("3.7 a regex conflicts", "prefix: /a", "regex: /ab", "", "/ab", "r"),
    ("3.7 prefix inside of exact conflicts", "exact: /a", "prefix: /a", "", "/a", "r"),
    ("3.7 not exported to the root", "prefix: /a", "prefix: /a", "exportTo: [third]", "/a", "r"),
    ("3.7 exported to the root", "prefix: /a", "prefix: /a", "exportTo: [shop]", "/a", "d"),
]


@pytest.mark.parametrize(
    ("case", "outer", "inner", "more", "path", "expected"), DELEGATION, ids=[c[0] for c in DELEGATION]
)
def test_delegation(case: str, outer: str, inner: str, more: str, path: str, expected: str) -> None:
    root = virtual_service(
        "root",
        hosts=("reviews",),
        http="[{match: [{uri: {%s}}], delegate: {name: d, namespace: web}}, {route: [%s]}]"
        % (outer, to("r.test")),
    )
    part = virtual_service(
        "d", "web", (), "[{match: [{uri: {%s}}], route: [%s]}]" % (inner, to("d.test")), more
    )
    assert _first(_way(mesh(service("reviews"), root, part), SHOP, path=path)) == expected


POLICIES = [
    ("4.4 the top level", "trafficPolicy: {tls: {mode: SIMPLE}}", 80, None, "SIMPLE"),
    (
        "4.4 a port replaces it",
        "trafficPolicy: {tls: {mode: SIMPLE}, portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: RANDOM}}]}",
        80,
        None,
        "DISABLE",
    ),
    (
        "4.4 for that port only",
        "trafficPolicy: {tls: {mode: SIMPLE}, portLevelSettings: [{port: {number: 81}, loadBalancer: {simple: RANDOM}}]}",
        80,
        None,
        "SIMPLE",
    ),
    (
        "4.4 a port's own block",
        "trafficPolicy: {portLevelSettings: [{port: {number: 80}, tls: {mode: DISABLE}}]}",
        80,
        None,
        "DISABLE",
    ),
    ("4.4 nothing is auto", "trafficPolicy: {loadBalancer: {simple: RANDOM}}", 80, None, "auto"),
    (
        "4.4 a subset inherits",
        "trafficPolicy: {tls: {mode: SIMPLE}}, subsets: [{name: v1}]",
        80,
        "v1",
        "SIMPLE",
    ),
    (
        "4.4 a subset's block overrides",
        "trafficPolicy: {tls: {mode: SIMPLE}}, subsets: [{name: v1, trafficPolicy: {tls: {mode: DISABLE}}}]",
        80,
        "v1",
        "DISABLE",
    ),
    (
        "4.4 other blocks stay",
        "trafficPolicy: {tls: {mode: SIMPLE}}, subsets: [{name: v1, trafficPolicy: {loadBalancer: {simple: RANDOM}}}]",
        80,
        "v1",
        "SIMPLE",
    ),
    (
        "4.4 a subset's port replaces all",
        "trafficPolicy: {tls: {mode: SIMPLE}}, subsets: [{name: v1, trafficPolicy: {portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: RANDOM}}]}}]",
        80,
        "v1",
        "DISABLE",
    ),
]


@pytest.mark.parametrize(("case", "spec", "port", "subset", "mode"), POLICIES, ids=[c[0] for c in POLICIES])
def test_the_policy_in_force(case: str, spec: str, port: int, subset: str | None, mode: str) -> None:
    rule = f"""
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {{name: r, namespace: shop}}
        spec: {{host: reviews, {spec}}}
        """
    assert effective_policy(mesh(service("reviews"), rule), "web", FQDN, port, subset).tls_mode == mode


def _rule(namespace: str, mode: str, host: str = FQDN, more: str = "") -> str:
    policy = f"trafficPolicy: {{tls: {{mode: {mode}}}}}"
    return destination_rule(f"r-{namespace}", namespace, host, more=f"{policy}, {more}" if more else policy)


LOOKUP = [
    ("4.1 of the service", (_rule("shop", "SIMPLE"),), "web", "SIMPLE"),
    ("4.1 the client's first", (_rule("shop", "SIMPLE"), _rule("web", "DISABLE")), "web", "DISABLE"),
    ("4.1 not that of others", (_rule("shop", "SIMPLE"), _rule("web", "DISABLE")), "third", "SIMPLE"),
    ("4.1 of a third namespace never", (_rule("third", "SIMPLE"),), "web", "auto"),
    ("4.1 of the root last", (_rule("istio-system", "SIMPLE"),), "web", "SIMPLE"),
    (
        "4.1 the service before the root",
        (_rule("istio-system", "DISABLE"), _rule("shop", "SIMPLE")),
        "web",
        "SIMPLE",
    ),
    (
        "4.1 the client's wildcard hides",
        (_rule("shop", "SIMPLE"), _rule("web", "DISABLE", "*.local")),
        "web",
        "DISABLE",
    ),
    ("4.1 not exported", (_rule("shop", "SIMPLE", more="exportTo: ['.']"),), "web", "auto"),
    ("4.1 exported by name", (_rule("shop", "SIMPLE", more="exportTo: [web]"),), "web", "SIMPLE"),
    (
        "4.1 a private one hides no wider one",
        (
            _rule("shop", "SIMPLE", "*.local"),
            _rule("shop", "DISABLE", FQDN, "exportTo: ['.']").replace("r-shop", "q"),
        ),
        "web",
        "SIMPLE",
    ),
    (
        "4.1 most specific of those for others first, then visible",
        (
            _rule("shop", "SIMPLE", "*.local"),
            _rule("shop", "DISABLE", FQDN, "exportTo: [elsewhere]").replace("r-shop", "q"),
        ),
        "web",
        "auto",
    ),
    ("4.1 short host in its own namespace", (_rule("web", "SIMPLE", "reviews"),), "web", "auto"),
]


@pytest.mark.parametrize(("case", "rules", "client", "mode"), LOOKUP, ids=[c[0] for c in LOOKUP])
def test_which_destination_rule_counts(case: str, rules: tuple[str, ...], client: str, mode: str) -> None:
    assert effective_policy(mesh(service("reviews"), *rules), client, FQDN, 80).tls_mode == mode


def _route(name: str, rules: str, namespace: str = "shop", kind: str = "HTTPRoute", more: str = "") -> str:
    return f"""
apiVersion: gateway.networking.k8s.io/v1
kind: {kind}
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  parentRefs: [{{group: "", kind: Service, name: reviews, namespace: shop{more}}}]
  rules: {rules}
"""


def _to_service(name: str, match: str = "") -> str:
    matches = f"matches: [{match}], " if match else ""
    return f"[{{{matches}backendRefs: [{{name: {name}, port: 80, namespace: shop}}]}}]"


PREFIX = "{path: {type: PathPrefix, value: %s}}"
GAMMA = [
    ("6.4 producer route", (_route("a", _to_service("x")),), WEB, "/", "x"),
    ("6.4 consumer route for its own clients", (_route("a", _to_service("x"), "web"),), WEB, "/", "x"),
    ("6.4 but not for others", (_route("a", _to_service("x"), "web"),), SHOP, "/", "reviews"),
    (
        "6.4 consumer before producer",
        (_route("a", _to_service("x")), _route("b", _to_service("z"), "web")),
        WEB,
        "/",
        "z",
    ),
    ("6.4 another port", (_route("a", _to_service("x"), more=", port: 81"),), WEB, "/", "reviews"),
    ("6.4 this port", (_route("a", _to_service("x"), more=", port: 80"),), WEB, "/", "x"),
    ("6.4 unmatched is 404", (_route("a", _to_service("x", PREFIX % "/a")),), WEB, "/b", None),
    (
        "6.2 longer prefix first",
        (_route("a", _to_service("x", PREFIX % "/")), _route("b", _to_service("z", PREFIX % "/a"))),
        WEB,
        "/a",
        "z",
    ),
    (
        "6.2 exact before prefix",
        (
            _route("a", _to_service("x", PREFIX % "/a")),
            _route("b", _to_service("z", "{path: {type: Exact, value: /a}}")),
        ),
        WEB,
        "/a",
        "z",
    ),
    (
        "6.2 prefix before regex",
        (
            _route("a", _to_service("x", "{path: {type: RegularExpression, value: /a.*}}")),
            _route("b", _to_service("z", PREFIX % "/a")),
        ),
        WEB,
        "/a",
        "z",
    ),
    (
        "6.2 a method first",
        (
            _route("a", _to_service("x", PREFIX % "/a")),
            _route("b", _to_service("z", "{path: {value: /a}, method: GET}")),
        ),
        WEB,
        "/a",
        "z",
    ),
    (
        "6.2 more headers first",
        (
            _route("a", _to_service("x", PREFIX % "/a")),
            _route("b", _to_service("z", "{path: {value: /a}, headers: [{name: ':method', value: GET}]}")),
        ),
        WEB,
        "/a",
        "z",
    ),
    (
        "6.2 ties by namespace and name",
        (_route("a", _to_service("x")), _route("b", _to_service("z"))),
        WEB,
        "/",
        "x",
    ),
    (
        "6.3 weight 0 is left out",
        (_route("a", "[{backendRefs: [{name: x, port: 80, weight: 0}, {name: z, port: 80}]}]"),),
        WEB,
        "/",
        "z",
    ),
    (
        "6.3 all zero is 500",
        (_route("a", "[{backendRefs: [{name: x, port: 80, weight: 0}]}]"),),
        WEB,
        "/",
        None,
    ),
]


@pytest.mark.parametrize(("case", "routes", "client", "path", "expected"), GAMMA, ids=[c[0] for c in GAMMA])
def test_routes_of_the_mesh(
    case: str, routes: tuple[str, ...], client: Client, path: str, expected: str | None
) -> None:
    at = mesh(*(service(name) for name in ("reviews", "x", "z")), *routes)
    found = _way(at, client, FQDN, path=path)
    assert (found.hops[0].host.partition(".")[0] if found.hops else None) == expected
    if expected is None:
        assert found.status == (500 if "500" in case else 404)


LINKERD = [
    ("D no route", (), "web", 80, "/", "reviews"),
    ("D a port that is not there", (), "web", 81, "/", "0"),
    ("D producer route", (_route("a", _to_service("x")),), "web", 80, "/", "x"),
    ("D consumer route", (_route("a", _to_service("x"), "web"),), "web", 80, "/", "x"),
    ("D not for others", (_route("a", _to_service("x"), "web"),), "third", 80, "/", "reviews"),
    (
        "D both in one list",
        (_route("b", _to_service("x", PREFIX % "/a"), "web"), _route("a", _to_service("z"))),
        "web",
        80,
        "/a",
        "x",
    ),
    ("D unmatched is 404", (_route("a", _to_service("x", PREFIX % "/a")),), "web", 80, "/b", "404"),
    (
        "D no backend: the parent itself",
        (_route("a", "[{matches: [{path: {value: /}}]}]"),),
        "web",
        80,
        "/",
        "reviews",
    ),
    (
        "D unsupported filter: ignored",
        (_route("a", "[{filters: [{type: URLRewrite}], backendRefs: [{name: x, port: 80}]}]"),),
        "web",
        80,
        "/",
        "reviews",
    ),
    (
        "D GRPCRoute before HTTPRoute",
        (_route("a", _to_service("x")), _route("b", _to_service("z"), kind="GRPCRoute")),
        "web",
        80,
        "/",
        "z",
    ),
]


@pytest.mark.parametrize(
    ("case", "objects", "client", "port", "path", "expected"), LINKERD, ids=[c[0] for c in LINKERD]
)
def test_routes_of_linkerd(
    case: str, objects: tuple[str, ...], client: str, port: int, path: str, expected: str
) -> None:
    at = mesh(*(service(name) for name in ("reviews", "x", "z")), *objects)
    table = linkerd_table(at, client, ServiceName("shop", "reviews"), port)
    assert table is not None
    entry, _ = choose(table.entries, Request("reviews", port, path=path))
    if entry is None:
        assert str(table.unmatched) == expected
    else:
        assert [t.host.partition(".")[0] for t in getattr(entry.action, "targets", ())] == [expected]


PROFILE = """
apiVersion: linkerd.io/v1alpha2
kind: ServiceProfile
metadata: {name: reviews.shop.svc.cluster.local, namespace: shop}
spec: %s
"""


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("{}", "x"),
        ("{retryBudget: {retryRatio: 0.2, minRetriesPerSecond: 1, ttl: 10s}}", "x"),
        ("{routes: [{name: all, condition: {pathRegex: /.*}}]}", "reviews"),
        ("{dstOverrides: [{authority: z.shop.svc.cluster.local:80, weight: 1}]}", "z"),
    ],
)
def test_a_profile_with_something_in_it_comes_before_routes(profile: str, expected: str) -> None:
    services = (service(name) for name in ("reviews", "x", "z"))
    at = mesh(*services, _route("a", _to_service("x")), PROFILE % profile)
    assert outcome(linkerd_way(at, Client("web"), Request(FQDN))) == expected


@pytest.mark.parametrize(
    ("pattern", "taken", "left"),
    [
        ("/a", ["/a"], ["/ab", "/b/a"]),
        ("^/a$", ["/a"], ["/ab"]),
        ("/a|/b", ["/a", "/ab", "/x/b"], ["/x/a", "/bx"]),
        ("(/a|/b)", ["/a", "/b"], ["/ab"]),
    ],
)
def test_a_pattern_of_a_profile_is_bound_where_it_starts_and_ends(
    pattern: str, taken: list[str], left: list[str]
) -> None:
    profile = PROFILE % f"{{routes: [{{name: r, condition: {{pathRegex: '{pattern}'}}}}]}}"
    at = mesh(service("reviews"), profile)
    for path in (*taken, *left):
        way = linkerd_way(at, Client("web"), Request(FQDN, path=path))
        assert way.entry is not None
        assert (way.entry.match is not None) is (path in taken), path


PROTOCOLS = [
    ("", "HTTPRoute", True),
    ("appProtocol: http", "HTTPRoute", True),
    ("appProtocol: http", "GRPCRoute", False),
    ("appProtocol: kubernetes.io/h2c", "GRPCRoute", True),
    ("appProtocol: kubernetes.io/h2c", "HTTPRoute", True),
    ("appProtocol: grpc", "HTTPRoute", False),
    ("appProtocol: http2", "HTTPRoute", False),
    ("appProtocol: linkerd.io/opaque", "HTTPRoute", False),
    ("appProtocol: tcp", "HTTPRoute", False),
]


@pytest.mark.parametrize(("protocol", "kind", "used"), PROTOCOLS)
def test_the_protocol_decides_which_routes_linkerd_uses(protocol: str, kind: str, used: bool) -> None:
    """D: every other appProtocol is opaque."""
    port = "{name: p, port: 80%s}" % (f", {protocol}" if protocol else "")
    at = mesh(service("reviews", ports=f"[{port}]"), service("x"), _route("a", _to_service("x"), kind=kind))
    table = linkerd_table(at, "web", ServiceName("shop", "reviews"), 80)
    assert table is not None
    assert (table.entries[0].owner.kind == kind) is used
