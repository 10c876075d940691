from __future__ import annotations

from meshlint.resources.istio.virtual_service import VirtualService, virtual_service
from tests.resources.istio.build import line, spec


def view(body: str) -> VirtualService:
    return virtual_service(spec("VirtualService", body))


def test_routes_weights_and_places() -> None:
    vs = view(
        """
        hosts: [reviews]
        http:
        - name: canary
          match:
          - uri: {prefix: /api}
            headers: {end-user: {exact: jason}, x-any: {}}
            withoutHeaders: {x-no: {regex: .*}}
            queryParams: {q: {exact: ""}}
            method: {exact: GET}
            scheme: {exact: https}
            authority: {prefix: a.}
            port: 9080
            ignoreUriCase: true
            sourceLabels: {app: web}
            sourceNamespace: shop
            gateways: [ns/gw]
            name: m
          timeout: 1.5s
          route:
          - destination: {host: reviews, subset: v1, port: {number: 9080}}
            weight: 90
            headers: {request: {set: {x: y}}}
          - destination: {host: reviews, subset: v2}
        """
    )
    assert vs.hosts == ("reviews",)
    assert vs.gateways_or_mesh == ("mesh",)
    assert not vs.is_delegate
    route = vs.http[0]
    assert route.name == "canary"
    assert route.timeout is not None
    assert route.timeout.seconds == 1.5
    first, second = route.route
    assert (first.weight, second.weight) == (90, None)
    assert (first.destination.host, first.destination.subset, first.destination.port) == (
        "reviews",
        "v1",
        9080,
    )
    assert first.headers is not None
    assert first.headers.request is not None
    assert first.headers.request.set == {"x": "y"}
    assert second.headers is None
    assert line((first.field / "weight").span()) == 20
    assert second.destination.subset is not None
    assert line(second.destination.subset.field.span()) == 22


def test_match_has_every_condition() -> None:
    vs = view(
        """
        hosts: [reviews]
        http:
        - match:
          - uri: {prefix: /api}
            headers: {end-user: {exact: jason}, x-any: {}, broken: 1}
            withoutHeaders: {x-no: {regex: .*}}
            queryParams: {q: {exact: ""}}
            method: {exact: GET}
            scheme: {exact: https}
            authority: {prefix: a.}
            port: 9080
            ignoreUriCase: true
            sourceLabels: {app: web}
            sourceNamespace: shop
            gateways: [ns/gw]
            name: m
          - {}
        """
    )
    match, empty = vs.http[0].match
    assert match.uri is not None
    assert (match.uri.kind, match.uri.value) == ("prefix", "/api")
    assert {name: (m.kind, m.value) for name, m in match.headers.items()} == {
        "end-user": ("exact", "jason"),
        "x-any": ("present", ""),
    }
    assert match.without_headers["x-no"].kind == "regex"
    assert match.query_params["q"].kind == "exact"
    assert match.method is not None
    assert match.scheme is not None
    assert match.authority is not None
    assert (match.method.value, match.scheme.value, match.authority.value) == ("GET", "https", "a.")
    assert (match.port, match.ignore_uri_case, match.source_namespace) == (9080, True, "shop")
    assert (match.source_labels, match.gateways, match.name) == ({"app": "web"}, ("ns/gw",), "m")
    assert line(match.headers["x-any"].field.span()) == 5
    assert empty.uri is None
    assert not empty.ignore_uri_case


def test_gateways_and_delegation() -> None:
    vs = view(
        """
        gateways: [gw, mesh]
        exportTo: [.]
        http:
        - delegate: {name: other, namespace: shop}
        """
    )
    assert vs.gateways_or_mesh == ("gw", "mesh")
    assert vs.is_delegate
    assert vs.export_to == (".",)
    delegate = vs.http[0].delegate
    assert delegate is not None
    assert (delegate.name, delegate.namespace) == ("other", "shop")


def test_mirrors_have_a_default_and_three_old_spellings() -> None:
    vs = view(
        """
        hosts: [a]
        http:
        - mirror: {host: b}
        - mirror: {host: b}
          mirrorPercentage: {value: 0.5}
        - mirror: {host: b}
          mirrorPercentage: {}
        - mirror: {host: b}
          mirrorPercent: 7
        - mirror: {host: b}
          mirror_percent: 8
        - mirrors:
          - destination: {host: c}
          - destination: {host: d}
            percentage: {value: 20}
          - 3
        """
    )
    shares = [[(m.destination.host, m.percentage) for m in route.mirrors] for route in vs.http]
    assert shares == [
        [("b", 100)],
        [("b", 0.5)],
        [("b", 0)],
        [("b", 7)],
        [("b", 8)],
        [("c", 100), ("d", 20)],
    ]


def test_actions_of_http_routes() -> None:
    vs = view(
        """
        hosts: [a]
        http:
        - redirect: {uri: /x, authority: b, scheme: https, port: 8, derivePort: FROM_REQUEST_PORT, prefixRewrite: /}
        - redirect: {redirectCode: 308}
        - directResponse: {status: 503, body: {string: ""}}
        - directResponse: {body: {bytes: eA==}}
        - fault:
            delay: {fixedDelay: 5s, percentage: {value: 10}}
            abort: {httpStatus: 500, grpcStatus: UNAVAILABLE, http2Error: x, percentage: {value: 0.1}}
        - fault: {delay: {exponentialDelay: 1m, percent: 3}}
        - fault: {abort: {}, delay: {}}
        - retries:
            attempts: 3
            perTryTimeout: 2s
            backoff: 25ms
            retryOn: 5xx,503
            retryRemoteLocalities: true
            retryIgnorePreviousHosts: false
        - rewrite: {uri: /, authority: b, uriRegexRewrite: {match: a, rewrite: b}}
        - headers:
            request: {add: {a: b}, remove: [c]}
            response: {set: {d: e}}
        - corsPolicy:
            allowOrigins: [{exact: http://a}]
            allowOrigin: [http://b]
            allowMethods: [GET]
            allowHeaders: [x]
            exposeHeaders: [y]
            maxAge: 24h
            allowCredentials: true
            unmatchedPreflights: IGNORE
        """
    )
    routes = vs.http
    one, other = routes[0].redirect, routes[1].redirect
    assert one is not None
    assert other is not None
    assert (one.uri, one.authority, one.scheme, one.port) == ("/x", "b", "https", 8)
    assert (one.derive_port, one.prefix_rewrite, one.redirect_code) == ("FROM_REQUEST_PORT", "/", 301)
    assert other.redirect_code == 308
    empty, encoded = routes[2].direct_response, routes[3].direct_response
    assert empty is not None
    assert encoded is not None
    assert (empty.status, empty.body, encoded.status, encoded.body) == (503, "", None, "eA==")
    fault, old, bare = routes[4].fault, routes[5].fault, routes[6].fault
    assert fault is not None
    assert fault.delay is not None
    assert fault.abort is not None
    assert fault.delay.fixed_delay is not None
    assert (fault.delay.percentage, fault.delay.fixed_delay.seconds) == (10, 5)
    assert (fault.abort.percentage, fault.abort.http_status) == (0.1, 500)
    assert (fault.abort.grpc_status, fault.abort.http2_error) == ("UNAVAILABLE", "x")
    assert old is not None
    assert old.delay is not None
    assert old.abort is None
    assert old.delay.exponential_delay is not None
    assert (old.delay.percentage, old.delay.exponential_delay.seconds) == (3, 60)
    assert bare is not None
    assert bare.delay is not None
    assert bare.abort is not None
    assert (bare.delay.percentage, bare.abort.percentage) == (0, 0)
    retries = routes[7].retries
    assert retries is not None
    assert retries.per_try_timeout is not None
    assert retries.backoff is not None
    assert (retries.attempts, retries.per_try_timeout.seconds, retries.retry_on) == (3, 2, "5xx,503")
    assert retries.backoff.seconds == 0.025
    assert (retries.retry_remote_localities, retries.retry_ignore_previous_hosts) == (True, False)
    rewrite = routes[8].rewrite
    assert rewrite is not None
    assert (rewrite.uri, rewrite.authority) == ("/", "b")
    assert (rewrite.regex_match, rewrite.regex_rewrite) == ("a", "b")
    headers = routes[9].headers
    assert headers is not None
    assert headers.request is not None
    assert headers.response is not None
    assert (headers.request.add, headers.request.remove, headers.response.set) == (
        {"a": "b"},
        ("c",),
        {"d": "e"},
    )
    cors = routes[10].cors_policy
    assert cors is not None
    assert cors.max_age is not None
    assert [(o.kind, o.value) for o in cors.allow_origins] == [("exact", "http://a")]
    assert (cors.allow_origin, cors.allow_methods, cors.allow_headers) == (("http://b",), ("GET",), ("x",))
    assert (cors.expose_headers, cors.max_age.seconds, cors.allow_credentials) == (("y",), 86400, True)
    assert cors.unmatched_preflights == "IGNORE"
    assert routes[0].retries is None


def test_tls_and_tcp_routes() -> None:
    vs = view(
        """
        hosts: [a.com]
        tls:
        - match: [{sniHosts: [a.com], port: 443, gateways: [gw], sourceLabels: {app: x}, sourceNamespace: y}]
          route: [{destination: {host: b}}]
        tcp:
        - match: [{destinationSubnets: [10.0.0.0/8], sourceSubnet: 10.1.0.0/16}]
          route: [{destination: {host: b}, weight: 1}, {weight: 2}]
        """
    )
    tls, tcp = vs.tls[0].match[0], vs.tcp[0].match[0]
    assert (tls.sni_hosts, tls.port, tls.gateways) == (("a.com",), 443, ("gw",))
    assert (tls.source_labels, tls.source_namespace) == ({"app": "x"}, "y")
    assert (tcp.destination_subnets, tcp.source_subnet) == (("10.0.0.0/8",), "10.1.0.0/16")
    assert [(d.weight, d.destination.host) for d in vs.tcp[0].route] == [(1, "b"), (2, None)]
