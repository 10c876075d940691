"""What `project.route` answers."""

from __future__ import annotations

from fractions import Fraction

import pytest

from meshlint.api import Project, RouteRequest, UsageError
from meshlint.reports.route.answer import Outcome, RouteTableAnswer
from tests.route.worlds import NAMESPACE, REVIEWS, WEB, ask, in_force, istio, linkerd, project
from tests.taken import as_if_taken
from tests.traffic.worlds import deployment, destination_rule, gateway, service, split, to, virtual_service

CANARY = virtual_service("reviews", http=split(to("reviews", "v1", 3), to("reviews", "v2", 1)))
ROUTES = """[
  {name: jason, match: [{uri: {prefix: /api}, headers: {end-user: {exact: jason}}}],
   route: [{destination: {host: jason.test}}]},
  {match: [{method: {exact: POST}}, {uri: {exact: /api/x}}], route: [{destination: {host: post.test}}],
   timeout: 2s, retries: {attempts: 3, perTryTimeout: 500ms, retryOn: 5xx},
   fault: {abort: {percentage: {value: 10}, httpStatus: 503},
           delay: {percentage: {value: 5}, fixedDelay: 1s}},
   rewrite: {uri: /v2}, mirror: {host: reviews, subset: v1}, mirrorPercentage: {value: 25},
   headers: {request: {set: {x-a: b}, remove: [x-c]}}, corsPolicy: {allowOrigins: [{exact: a.test}]}},
  {route: [{destination: {host: rest.test}}]}]"""


def test_shares_are_exact_and_failing_ones_say_why() -> None:
    answer = ask(istio(CANARY, destination_rule("reviews", subsets=("v1",))))
    assert answer.outcome is Outcome.FORWARDED
    assert [(one.subset, one.share, one.status) for one in answer.destinations] == [
        ("v1", Fraction(3, 4), None),
        ("v2", Fraction(1, 4), 503),
    ]
    first, second = answer.destinations
    assert first.pods is not None
    assert [one.object for one in first.pods] == ["Deployment shop/reviews-v1"]
    assert (first.transport and first.transport.text, second.transport) == ("mTLS", None)
    assert "subset" in second.problem
    assert answer.reaches


def test_the_rule_and_what_was_tried_before_have_their_places() -> None:
    answer = ask(istio(virtual_service("reviews", http=ROUTES)), path="/api/x?q=1")
    assert answer.rule is not None
    assert (answer.rule.object, answer.rule.path) == ("VirtualService shop/reviews", "http[1].match[1]")
    assert answer.rule.match == "path exact '/api/x'"
    assert (answer.rule.location.file, answer.rule.location.span.line) == ("3.yaml", 8)
    assert [(one.rule.name, one.misses) for one in answer.passed_over] == [
        ("jason", "header end-user, which is not there"),
        (None, "method, which is 'GET'"),
    ]
    assert [one.host for one in answer.destinations] == ["post.test"]


def test_headers_that_repeat_and_the_authority() -> None:
    at = istio(virtual_service("reviews", http=ROUTES))
    headers = (("End-User", "nobody"), ("end-user", "jason"), ("Host", "reviews.shop:80"))
    answer = ask(at, path="/api", headers=headers)
    assert answer.rule is not None
    assert answer.rule.name == "jason"
    one = ask(at, path="/api", headers=(("end-user", "x"),))
    assert one.passed_over[0].misses == "header end-user, which is 'x'"


def test_the_path_is_matched_as_the_proxy_normalises_it() -> None:
    at = istio(virtual_service("reviews", http=ROUTES))
    answer = ask(at, path="/x/../api/%78?q=1")
    assert answer.rule is not None
    assert (answer.rule.path, answer.request.path) == ("http[1].match[1]", "/x/../api/%78?q=1")
    assert answer.request.seen_path == "/api/x?q=1"
    refused = ask(at, path="/a%00")
    assert (refused.status, refused.reaches) == (400, False)


def test_everything_in_force_is_told() -> None:
    told = in_force(ask(istio(virtual_service("reviews", http=ROUTES)), method="POST"))
    assert told["timeout"] == "2s"
    assert told["retries"] == "up to 3 times more on 5xx, each within 500ms"
    assert told["mirror"] == "25 % of requests are copied to reviews.shop.svc.cluster.local v1"
    assert told["rewrite"] == "the matched part of the path becomes '/v2'"
    assert told["headers"] == "of the request: set x-a; remove x-c"
    assert "cors" in told


def test_faults_are_told_and_one_that_always_strikes_reaches_nothing() -> None:
    answer = ask(istio(virtual_service("reviews", http=ROUTES)), method="POST")
    faults = [one.text for one in answer.in_force if one.kind == "fault"]
    assert faults == ["5 % of requests wait 1s", "10 % of requests are answered with status 503 instead"]
    assert answer.reaches
    fault = "fault: {abort: {percentage: {value: 100}, httpStatus: 418}}"
    always = f"[{{route: [{{destination: {{host: reviews}}}}], {fault}}}]"
    assert not ask(istio(virtual_service("reviews", http=always))).reaches


def test_defaults_are_told_without_a_place() -> None:
    answer = ask(istio())
    assert answer.rule is not None
    assert (answer.rule.object, answer.rule.path) == ("Service shop/reviews", "")
    assert in_force(answer)["timeout"] == "none"
    assert in_force(answer)["retries"].startswith("up to 2 times more on connect-failure")
    assert all(one.location is None for one in answer.in_force)


def test_retries_of_the_whole_mesh_are_those_of_routes_without_their_own() -> None:
    config = """
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: |
    defaultHttpRetryPolicy: {attempts: 5, retryOn: 5xx}
"""
    answer = ask(istio(config, virtual_service("reviews", http=ROUTES)))
    (retries,) = [one for one in answer.in_force if one.kind == "retries"]
    assert retries.text == "up to 5 times more on 5xx"
    assert retries.location is not None
    assert retries.location.file == "3.yaml"
    assert in_force(ask(istio(config, virtual_service("reviews", http=ROUTES)), method="POST"))[
        "retries"
    ].startswith("up to 3")


def test_a_delegate_inherits_what_it_leaves_out() -> None:
    root = virtual_service(
        "reviews", http="[{match: [{uri: {prefix: /a}}], delegate: {name: part}, timeout: 7s}]"
    )
    part = virtual_service("part", hosts=(), http="[{route: [{destination: {host: reviews}}]}]")
    answer = ask(istio(root, part), path="/a/b")
    assert answer.rule is not None
    assert (answer.rule.object, answer.rule.outer is not None) == ("VirtualService shop/part", True)
    assert answer.rule.match == "path prefix '/a'"
    assert in_force(answer)["timeout"] == "7s"


def test_policies_of_destination_rules_and_their_tls() -> None:
    rule = destination_rule("r", more="trafficPolicy: {tls: {mode: DISABLE}, outlierDetection: {}}")
    answer = ask(istio(rule))
    (one,) = answer.destinations
    assert [policy.name for policy in one.policies] == ["outlierDetection", "tls"]
    assert one.transport is not None
    assert one.transport.text == "plaintext"


def test_the_age_of_objects_is_left_undecided() -> None:
    both = [virtual_service(name, http=split(to(f"{name}.test"))) for name in ("a", "b")]
    assert ask(istio(*both)).undecided == (
        "whichever of VirtualService shop/a and VirtualService shop/b is older comes first",
    )


def test_a_port_that_is_not_named_is_the_likely_one() -> None:
    several = service("two", ports="[{name: http, port: 81}, {name: grpc, port: 82}]")
    one = service("one", ports="[{name: http, port: 9080}]")
    at = istio(several, one)
    assert ask(at, "one").request.port == 9080
    assert ask(at, "reviews").request.port == 80
    assert ask(at, "elsewhere.example").request.port == 80
    with pytest.raises(
        UsageError, match=r'"two" has the ports 81, 82, and none was named. Write it as in two:81'
    ):
        ask(at, "two")


def test_hosts_that_lead_nowhere() -> None:
    at = istio()
    typo = ask(at, "reveiws")
    assert (typo.outcome, typo.hint, typo.reaches) == (Outcome.LOST, 'Did you mean "reviews"?', False)
    port = ask(at, "reviews", port=81)
    assert (port.outcome, port.hint) == (Outcome.LOST, "It has 80.")
    outside = ask(at, "api.example.com")
    assert (outside.outcome, outside.reaches) == (Outcome.PASSED_THROUGH, True)
    assert ask(at, "2001:db8::1").outcome is Outcome.PASSED_THROUGH


def test_redirects_and_direct_responses_are_answers() -> None:
    redirect = ask(istio(virtual_service("r", http="[{redirect: {uri: /x, redirectCode: 302}}]")))
    assert (redirect.outcome, redirect.status, redirect.reaches) == (Outcome.ANSWERED, 302, True)
    refused = ask(istio(virtual_service("r", http="[{directResponse: {status: 403}}]")))
    assert (refused.status, refused.reaches, refused.in_force) == (403, False, ())


HTTPS = """[{port: {number: 443, name: https, protocol: HTTPS}, hosts: [shop.test],
  tls: {mode: SIMPLE, credentialName: c}}]"""


def test_a_gateway_is_entered_by_its_server() -> None:
    routes = virtual_service("shop", hosts=("shop.test",), http=split(to("reviews")), more="gateways: [edge]")
    at = as_if_taken(istio(gateway("edge", servers=HTTPS), routes))
    answer = ask(at, "shop.test", "gateway/edge")
    assert answer.request.url == "https://shop.test:443/"
    assert answer.entrance is not None
    assert (answer.entrance.object, answer.entrance.text) == (
        "Gateway shop/edge",
        "port 443, HTTPS, TLS SIMPLE",
    )
    assert [one.host for one in answer.destinations] == ["reviews.shop.svc.cluster.local"]
    other = ask(at, "other.test", "gateway/edge")
    assert (other.outcome, other.entrance) == (Outcome.LOST, None)
    assert "connection is closed" in other.reason
    plain = as_if_taken(istio(gateway("edge", servers=HTTPS.replace("HTTPS", "HTTP"))))
    unknown = ask(plain, "other.test", "gateway/edge", port=443, scheme="http")
    assert (unknown.status, unknown.reason) == (404, "no server of the gateway takes the host on this port")


TLS = """
  hosts: [a.test, b.test]
  gateways: [edge]
  tls:
    - {match: [{sniHosts: [a.test]}], route: [{destination: {host: reviews}}]}
    - {match: [{sniHosts: [b.test]}], route: [{destination: {host: b.test}}]}
"""


def test_connections_that_pass_through_are_told_by_their_server_name() -> None:
    servers = "[{port: {number: 443, name: tls, protocol: TLS}, hosts: ['*'], tls: {mode: PASSTHROUGH}}]"
    routes = f"""
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: tls, namespace: shop}}
spec:{TLS}"""
    answer = ask(istio(gateway("edge", servers=servers), routes), "x.test", "gateway/edge", sni="b.test")
    assert (answer.layer, answer.in_force) == ("tls", ())
    assert answer.rule is not None
    assert (answer.rule.path, answer.rule.match) == ("tls[1].match[0]", "SNI b.test")
    assert [one.misses for one in answer.passed_over] == ["server name, which is 'b.test'"]


def test_a_port_that_speaks_no_http_and_a_sidecar_that_hides() -> None:
    database = service("db", ports="[{name: tcp-sql, port: 5432}]")
    scope = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec: {egress: [{hosts: ["./db.shop.svc.cluster.local"]}], outboundTrafficPolicy: {mode: REGISTRY_ONLY}}
"""
    at = istio(database, scope)
    answer = ask(at, "db")
    assert (answer.layer, answer.request.port, answer.in_force) == ("tcp", 5432, ())
    assert answer.sidecar is not None
    assert answer.sidecar[0] == "Sidecar shop/default"
    hidden = ask(at, "reviews")
    assert (hidden.status, hidden.reaches) == (502, False)
    assert "does not let the host in" in hidden.reason


LISTENER = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: %s
  listeners: [{name: web, port: 80, protocol: HTTP, hostname: "*.shop.test"}]
"""
HTTP_ROUTE = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: reviews, namespace: shop%s}
spec:
  parentRefs: [%s]
  rules:
    - matches: [{path: {type: Exact, value: /exact}, headers: [{name: x, value: z}]}]
      backendRefs: [{name: reviews, port: 80}]
    - filters:
        - {type: RequestMirror, requestMirror: {backendRef: {name: reviews, port: 80}, percent: 5}}
        - type: URLRewrite
          urlRewrite: {hostname: other.test, path: {type: ReplaceFullPath, replaceFullPath: /x}}
        - {type: RequestHeaderModifier, requestHeaderModifier: {add: [{name: x-a, value: b}]}}
      timeouts: {request: 10s, backendRequest: 2s}
      retry: {attempts: 4, codes: [500, 503]}
      backendRefs: [{name: reviews, port: 80, weight: 1}, {name: gone, port: 80, weight: 2}]
"""


def test_a_gateway_of_the_gateway_api() -> None:
    at = istio(LISTENER % "istio", HTTP_ROUTE % ("", "{name: edge}"))
    answer = ask(at, "a.shop.test", "gateway/edge", path="/exact")
    assert answer.entrance is not None
    assert answer.entrance.text == "listener web, port 80, HTTP"
    assert [one.misses for one in answer.passed_over] == ["header x, which is not there"]
    assert answer.passed_over[0].rule.match == "path exact '/exact', header x exact 'z'"
    told = in_force(answer)
    assert told["timeout"] == "10s"
    assert told["retries"] == "up to 4 times more on 500,503, each within 2s"
    assert told["mirror"].startswith("5 % of requests")
    assert told["headers"] == "of the request: add x-a"
    assert [one.settings for one in answer.in_force if one.kind == "rewrite"] == [
        {"path": "/x"},
        {"authority": "other.test"},
    ]
    assert [(one.share, one.status) for one in answer.destinations] == [
        (Fraction(1, 3), None),
        (Fraction(2, 3), 500),
    ]


def test_gateways_of_other_classes_are_taken_for_istios_with_a_mark() -> None:
    at = istio(LISTENER % "nginx", HTTP_ROUTE % ("", "{name: edge}"))
    assert any("'nginx'" in one for one in ask(at, "a.shop.test", "gateway/edge").undecided)


class TestLinkerd:
    def test_routes_and_their_annotations(self) -> None:
        notes = ", annotations: {timeout.linkerd.io/request: 3s, retry.linkerd.io/http: 5xx}"
        parent = '{kind: Service, name: reviews, group: "", port: 80}'
        plain = """
apiVersion: policy.linkerd.io/v1beta3
kind: HTTPRoute
metadata: {name: a, namespace: shop%s}
spec:
  parentRefs: [%s]
  rules: [{backendRefs: [{name: reviews, port: 80, weight: 9}, {name: gone, port: 80, weight: 1}]}]
"""
        answer = ask(linkerd(plain % (notes, parent)))
        assert answer.sender.mesh == "linkerd"
        assert in_force(answer) == {"timeout": "3s", "retries": "once more on 5xx"}
        assert [(one.share, one.status) for one in answer.destinations] == [
            (Fraction(9, 10), None),
            (Fraction(1, 10), 500),
        ]
        transport = answer.destinations[0].transport
        assert transport is not None
        assert transport.text == "mTLS"

    def test_without_routes_the_service_itself_with_its_annotations(self) -> None:
        annotated = service("notes").replace(
            "namespace: shop}", "namespace: shop, annotations: {timeout.linkerd.io/request: 1m}}"
        )
        told = in_force(ask(linkerd(annotated), "notes"))
        assert told == {"timeout": "1m", "retries": "none"}

    def test_a_port_that_the_service_does_not_have(self) -> None:
        answer = ask(linkerd(), port=81)
        assert (answer.outcome, answer.status, answer.reaches) == (Outcome.LOST, None, False)

    def test_a_service_profile_takes_the_place_of_routes(self) -> None:
        profile = """
apiVersion: linkerd.io/v1alpha2
kind: ServiceProfile
metadata: {name: reviews.shop.svc.cluster.local, namespace: shop}
spec:
  dstOverrides:
    - {authority: "reviews.shop.svc.cluster.local:80", weight: 900m}
    - {authority: v2.shop.svc.cluster.local, weight: 100m}
  routes:
    - name: GET
      condition: {all: [{method: GET}, {not: {any: [{pathRegex: /a}, {pathRegex: "/b/[^/]*"}]}}]}
      timeout: 300ms
    - {name: books, condition: {method: GET, pathRegex: "/b/[^/]*"}, isRetryable: true}
"""
        at = linkerd(profile)
        assert _named(at, "/") == ("GET", "300ms", "none")
        assert _named(at, "/b/1")[:2] == ("books", "none")
        assert _named(at, "/b/1")[2].startswith("failed requests again")
        assert _named(at, "/a") == (None, "none", "none")
        assert [one.share for one in ask(at).destinations] == [Fraction(9, 10), Fraction(1, 10)]


def _named(at: object, path: str) -> tuple[str | None, str, str]:
    answer = ask(at, path=path)  # type: ignore[arg-type]
    assert answer.rule is not None
    told = in_force(answer)
    return answer.rule.name, told["timeout"], told["retries"]


def test_the_mesh_of_the_client_is_seen_assumed_or_stated() -> None:
    plain = project(WEB, service("reviews"))
    assumed = ask(plain)
    assert assumed.sender.mesh == "istio"
    assert "taken for a client of Istio" in assumed.undecided[0]
    assert ask(plain, mesh="none").sender.because == "stated"
    out = project(
        NAMESPACE, deployment("web", **{"sidecar.istio.io/inject": "false"}), service("reviews"), CANARY
    )
    answer = ask(out)
    assert (answer.sender.mesh, answer.rule, len(answer.destinations)) == ("none", None, 1)


AMBIENT = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient%s}}
"""
WAYPOINT = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: way, namespace: shop}
spec:
  gatewayClassName: istio-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HBONE}]
"""


def test_ambient_clients_follow_the_routes_of_waypoints_only() -> None:
    routes = virtual_service("reviews", http=split(to("reviews")))
    asks = AMBIENT % ", istio.io/use-waypoint: way"
    answer = ask(project(asks, WAYPOINT, WEB, REVIEWS, routes))
    assert (answer.sender.mesh, answer.waypoint) == ("ambient", "waypoint shop/way")
    assert answer.rule is not None
    assert answer.rule.object == "VirtualService shop/reviews"
    alone = ask(project(AMBIENT % "", WEB, REVIEWS, routes))
    assert (alone.waypoint, alone.rule) == (None, None)
    for found in (answer, alone):
        (one,) = found.destinations
        assert one.transport is not None
        assert (one.host, one.transport.text) == (FULL, "mTLS")


def test_nothing_is_said_of_the_servers_proxy_where_the_clients_was_assumed() -> None:
    silent = """
apiVersion: v1
kind: Namespace
metadata: {name: shop}
"""
    server = deployment("reviews-v1", app="reviews")
    given = project(silent, WEB, service("reviews"), server)
    (one,) = ask(given, mesh="linkerd").destinations
    assert one.transport is not None
    assert one.transport.reason == "nothing in the files asks for a proxy of the server"
    meshed = deployment("web", **{"sidecar.istio.io/inject": "true"})
    (one,) = ask(project(silent, meshed, service("reviews"), server)).destinations
    assert one.transport is not None
    assert one.transport.text == "plaintext"


def test_a_namespace_in_view_without_a_label_is_outside_of_the_mesh() -> None:
    silent = """
apiVersion: v1
kind: Namespace
metadata: {name: shop}
"""
    answer = ask(project(silent, WEB, service("reviews"), deployment("reviews-v1", app="reviews")))
    assert answer.sender.mesh == "none"
    (one,) = answer.destinations
    assert one.transport is not None
    assert (one.transport.text, one.transport.reason) == ("plaintext", "the server has no proxy")


def test_a_rule_without_matches_is_pointed_at_itself() -> None:
    parent = '{kind: Service, name: reviews, group: "", port: 80}'
    route = f"""
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: reviews, namespace: shop}}
spec: {{parentRefs: [{parent}], rules: [{{backendRefs: [{{name: reviews, port: 80}}]}}]}}
"""
    answer = ask(istio(route))
    assert answer.rule is not None
    assert (answer.rule.path, answer.rule.match) == ("rules[0]", "everything")


def test_a_route_of_connections_takes_everything() -> None:
    listener = LISTENER % "istio"
    listener = listener.replace('protocol: HTTP, hostname: "*.shop.test"', "protocol: TCP")
    route = """
apiVersion: gateway.networking.k8s.io/v1alpha2
kind: TCPRoute
metadata: {name: tcp, namespace: shop}
spec: {parentRefs: [{name: edge}], rules: [{backendRefs: [{name: reviews, port: 80}]}]}
"""
    answer = ask(istio(listener, route), "any.test", "gateway/edge", scheme="tcp", port=80)
    assert answer.rule is not None
    assert (answer.layer, answer.rule.path, answer.rule.match) == ("tcp", "rules[0]", "everything")


def test_an_object_that_two_files_define_is_told() -> None:
    twice = [virtual_service("reviews", http=split(to(host))) for host in ("a.test", "b.test")]
    answer = ask(istio(*twice))
    assert any("2 files define VirtualService shop/reviews" in one for one in answer.undecided)
    assert [one.reason for one in answer.left_out] == ["3.yaml defines it as well"]


def test_clients_that_are_not_there_or_not_one() -> None:
    at = as_if_taken(istio(deployment("web", "other"), gateway("edge")))
    with pytest.raises(UsageError, match=r'workloads in 2 namespaces. Write "other/web" or "shop/web"'):
        ask(at)
    with pytest.raises(
        UsageError, match=r'"shop/wbe" is no workload in the manifests. Did you mean "shop/web"'
    ):
        ask(at, client="shop/wbe")
    with pytest.raises(UsageError, match=r'Did you mean "gateway/edge"'):
        ask(at, client="edge")
    with pytest.raises(
        UsageError, match=r'"gateway/egde" is no Gateway in the manifests. Did you mean "gateway/edge"'
    ):
        ask(at, client="gateway/egde")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"host": "a b"}, '"a b" is no host name'),
        ({"port": 0}, "the port 0 must lie between 1 and 65535"),
        ({"path": "x"}, 'must begin with "/"'),
        ({"method": "G T"}, "is no method"),
        ({"scheme": "ftp"}, "is no scheme"),
        ({"headers": (("a b", ""),)}, "is no name of a header"),
        ({"mesh": "consul"}, "is no mesh"),
    ],
)
def test_requests_that_make_no_sense(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        istio().route(RouteRequest(**{"client": "shop/web", "host": "reviews", **wrong}))  # type: ignore[arg-type]


EGRESS = (
    service("egress", "infra", "[{name: http, port: 80}]"),
    deployment("egress", "infra", istio="out"),
    gateway(
        "out",
        servers="[{port: {number: 80, name: h, protocol: HTTP}, hosts: ['*.test']}]",
        selector="{istio: out}",
    ),
    virtual_service(
        "api",
        hosts=("api.test",),
        http="""[
          {match: [{gateways: [mesh]}], route: [{destination: {host: egress.infra.svc.cluster.local}}]},
          {match: [{gateways: [out], uri: {prefix: /v1}}], route: [{destination: {host: api.test}}]}]""",
        more="gateways: [mesh, out]",
    ),
)


def test_a_way_through_an_egress_gateway_is_followed_on() -> None:
    answer = ask(istio(*EGRESS), "api.test", path="/v1/x")
    (first,) = answer.destinations
    assert first.onward is not None
    assert (first.onward.sender.name, first.onward.outcome) == ("out", Outcome.FORWARDED)
    assert [one.host for one in first.onward.destinations] == ["api.test"]
    assert answer.reaches
    astray = ask(istio(*EGRESS), "api.test", path="/v2")
    (first,) = astray.destinations
    assert first.onward is not None
    assert (first.onward.status, astray.reaches) == (404, False)


class TestAll:
    """`project.route_table`: every rule for a host."""

    HTTP = """[
      {match: [{uri: {prefix: /api}, sourceLabels: {app: cart}}], route: [{destination: {host: cart.test}}]},
      {name: api, match: [{uri: {prefix: /api}}], route: [
        {destination: {host: reviews, subset: v1}, weight: 1}, {destination: {host: reviews}, weight: 2}]},
      {match: [{uri: {exact: /api/x}}, {uri: {prefix: /c}}], redirect: {uri: /x}},
      {match: [{method: {regex: "("}}], route: [{destination: {host: never.test}}]},
      {route: [{destination: {host: rest.test}}]},
      {match: [{uri: {prefix: /late}}], route: [{destination: {host: late.test}}]}]"""

    def test_rules_come_in_order_with_what_reaches_them(self) -> None:
        answer = _table(as_if_taken(istio(virtual_service("reviews", http=self.HTTP))))
        told = [(row.rule.path, row.reach, row.taken_by, row.shadowed_by) for row in answer.rows]
        assert told == [
            ("http[1].match[0]", "whole", (), ()),
            ("http[2].match[0]", "none", (1,), (1,)),
            ("http[2].match[1]", "whole", (), ()),
            ("http[3].match[0]", "none", (), ()),
            ("http[4]", "part", (), (1, 2, 3)),
        ]
        assert answer.rows[0].goes_to == (
            ("reviews.shop.svc.cluster.local, subset v1", Fraction(1, 3)),
            ("reviews.shop.svc.cluster.local", Fraction(2, 3)),
        )
        assert answer.rows[1].answers == "status 301: redirect"
        assert answer.otherwise is None
        assert [(one.path, one.reason) for one in answer.left_out] == [
            ("http[0].match[0]", "it is for clients labelled app=cart"),
            ("http[5]", "the route before it takes every request"),
        ]

    def test_what_other_objects_say_of_the_host_and_why_it_does_not_count(self) -> None:
        http = split(to("x.test"))
        answer = _table(
            istio(
                virtual_service("reviews", http=http),
                virtual_service("second", http=http),
                virtual_service("edge", http=http, more="gateways: [edge]"),
                virtual_service("wild", hosts=("*.svc.cluster.local",), http=http),
                virtual_service("private", "far", (FULL,), http, "exportTo: ['.']"),
                virtual_service("unrelated", hosts=("ratings",), http=http),
            )
        )
        assert {one.object.rpartition("/")[2]: one.reason for one in answer.left_out} == {
            "second": "VirtualService shop/reviews comes first, and sidecars follow only one",
            "edge": "it is for gateways only (edge)",
            "wild": f"VirtualService shop/reviews is for the more specific host '{FULL}'",
            "private": "it is not exported to namespace shop",
        }
        assert len(answer.undecided) == 1

    def test_rivals_of_other_objects_on_a_gateway_are_named(self) -> None:
        server = "[{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]"
        narrow = "[{match: [{uri: {prefix: %s}}], route: [{destination: {host: reviews}}]}]"
        routes = [
            virtual_service(name, hosts=("shop.test",), http=narrow % path, more="gateways: [edge]")
            for name, path in (("a", "/a"), ("b", "/a/b"), ("c", "/c"))
        ]
        answer = _table(istio(gateway("edge", servers=server), *routes), "shop.test", "gateway/edge")
        assert [(row.rule.object, row.taken_by, row.rivals) for row in answer.rows] == [
            ("VirtualService shop/a", (), ()),
            ("VirtualService shop/b", (1,), (1,)),
            ("VirtualService shop/c", (), ()),
        ]
        assert answer.otherwise == "it is answered with status 404"

    def test_a_host_without_rules(self) -> None:
        typo = _table(istio(), "reveiws")
        assert (typo.rows, typo.hint, typo.reaches) == ((), 'Did you mean "reviews"?', False)
        assert _table(istio(), "example.org").reaches
        (row,) = _table(istio()).rows
        assert (row.rule.object, row.reach) == ("Service shop/reviews", "whole")

    def test_a_thousand_rules_are_compared_within_bounds(self) -> None:
        there = "route: [{destination: {host: x.test}}]"
        parts = (f"{{match: [{{uri: {{prefix: /r{n:04}}}}}], {there}}}" for n in range(1000))
        rows = _table(istio(virtual_service("reviews", http=f"[{', '.join(parts)}]"))).rows
        assert len(rows) == 1000
        assert {row.reach for row in rows} == {"whole", "unknown"}


FULL = "reviews.shop.svc.cluster.local"


def _table(at: Project, host: str = "reviews", client: str = "web") -> RouteTableAnswer:
    return at.route_table(RouteRequest(client=client, host=host))


def passed_on(port: str) -> str:
    """A host that nothing resolves, on two ports of which one is given a target port."""
    return f"""
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: partner, namespace: shop}}
spec:
  hosts: [partner.test]
  resolution: NONE
  ports:
  - {{number: 80, name: http, protocol: HTTP}}
  - {{number: 8443, name: http-tls, protocol: HTTP{port}}}
"""


@pytest.mark.parametrize(("target", "kept"), [("", 80), (", targetPort: 443", 443)])
def test_connections_to_what_nothing_resolves_stay_where_they_were_going(target: str, kept: int) -> None:
    to_tls = "[{route: [{destination: {host: partner.test, port: {number: 8443}}}]}]"
    at = istio(passed_on(target), virtual_service("partner", hosts=["partner.test"], http=to_tls))
    (only,) = ask(at, host="partner.test").destinations
    assert (only.port, only.called_port, only.status) == (8443, kept, None)


def test_a_gateway_has_nobody_behind_what_nothing_resolves() -> None:
    http = "[{route: [{destination: {host: partner.test, port: {number: 80}}}]}]"
    bound = virtual_service("edge", hosts=["edge.test"], http=http, more="gateways: [edge]")
    server = "[{port: {number: 80, name: http, protocol: HTTP}, hosts: [edge.test]}]"
    answer = ask(istio(passed_on(""), gateway("edge", servers=server), bound), "edge.test", "gateway/edge")
    (only,) = answer.destinations
    assert (only.status, only.called_port, answer.reaches) == (503, None, False)
