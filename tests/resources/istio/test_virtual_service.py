from __future__ import annotations

from typing import Any

from meshlint.resources.istio.http_route import HttpRoute
from meshlint.resources.istio.virtual_service import VirtualService, virtual_service
from tests.resources.istio.build import an_istio, line, plain

SECOND = 10**9


def view(spec: str) -> VirtualService:
    return virtual_service(an_istio("VirtualService", spec))


def http(spec: str) -> HttpRoute:
    (route,) = view(f"hosts: [a]\nhttp:\n- {spec}").http
    return route


def length(text: str, seconds: float) -> dict[str, Any]:
    return {"text": text, "nanoseconds": seconds * SECOND}


def test_destinations_have_weights_and_places() -> None:
    route = view(
        """
        hosts: [reviews]
        http:
        - name: canary
          timeout: 1.5s
          route:
          - destination: {host: reviews, subset: v1, port: {number: 9080}}
            weight: 90
            headers: {request: {set: {a: b}}}
          - destination: {host: reviews, subset: v2}
        """
    ).http[0]
    first, second = route.route
    assert plain(route.timeout) == length("1.5s", 1.5)
    assert plain(first) == {
        "destination": {"host": "reviews", "subset": "v1", "port": 9080},
        "weight": 90,
    }
    assert second.weight is None
    assert plain(first.headers) == {"request": {"set": {"a": "b"}}}
    assert second.headers is None
    assert line(first.field / "weight") == 7
    assert second.destination.subset is not None
    assert line(second.destination.subset.field) == 9


def test_a_match_has_every_condition() -> None:
    full, empty = (
        view(
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
        .http[0]
        .match
    )
    assert plain(full) == {
        "name": "m",
        "uri": {"kind": "prefix", "value": "/api"},
        "headers": {
            "end-user": {"kind": "exact", "value": "jason"},
            "x-any": {"kind": "present", "value": ""},
        },
        "without_headers": {"x-no": {"kind": "regex", "value": ".*"}},
        "query_params": {"q": {"kind": "exact", "value": ""}},
        "method": {"kind": "exact", "value": "GET"},
        "scheme": {"kind": "exact", "value": "https"},
        "authority": {"kind": "prefix", "value": "a."},
        "port": 9080,
        "ignore_uri_case": True,
        "source_labels": {"app": "web"},
        "source_namespace": "shop",
        "gateways": ["ns/gw"],
    }
    assert line(full.headers["x-any"].field) == 5
    assert plain(empty) == {}


def test_without_gateways_it_is_for_the_sidecars() -> None:
    assert view("hosts: [a]").gateways_or_mesh == ("mesh",)
    assert view("{hosts: [a], gateways: []}").gateways_or_mesh == ("mesh",)
    assert view("{hosts: [a], gateways: [gw, mesh]}").gateways_or_mesh == ("gw", "mesh")


def test_delegation() -> None:
    root = view("{hosts: [a], http: [{delegate: {name: other, namespace: shop}}]}")
    assert plain(root.http[0].delegate) == {"name": "other", "namespace": "shop"}
    assert not root.is_delegate
    delegate = view("{http: [{}], exportTo: [.]}")
    assert delegate.is_delegate
    assert delegate.export_to == (".",)


def test_mirrors_have_a_default_and_three_old_spellings() -> None:
    vs = view(
        """
        hosts: [a]
        http:
        - mirror: {host: b}
        - {mirror: {host: b}, mirrorPercentage: {value: 0.5}, mirrorPercent: 3}
        - {mirror: {host: b}, mirrorPercentage: {}}
        - {mirror: {host: b}, mirrorPercent: 7}
        - {mirror: {host: b}, mirror_percent: 8}
        - mirrors:
          - destination: {host: c}
          - {destination: {host: d}, percentage: {value: 20}}
          - 3
        """
    )
    shares = [[(m.destination.host, m.percentage) for m in route.mirrors] for route in vs.http]
    assert shares == [[("b", 100)], [("b", 0.5)], [("b", 0)], [("b", 7)], [("b", 8)], [("c", 100), ("d", 20)]]


def test_redirect() -> None:
    full = http(
        "redirect: {uri: /x, authority: b, scheme: https, port: 8, derivePort: FROM_REQUEST_PORT, "
        "prefixRewrite: /}"
    )
    assert plain(full.redirect) == {
        "uri": "/x",
        "prefix_rewrite": "/",
        "authority": "b",
        "scheme": "https",
        "port": 8,
        "derive_port": "FROM_REQUEST_PORT",
        "redirect_code": 301,
    }
    assert plain(http("redirect: {redirectCode: 308}").redirect) == {"redirect_code": 308}


def test_direct_response() -> None:
    written = http('directResponse: {status: 503, body: {string: ""}}').direct_response
    assert plain(written) == {"status": 503, "body": ""}
    assert plain(http("directResponse: {body: {bytes: eA==}}").direct_response) == {"body": "eA=="}


def test_a_fault_without_percentage_hits_nothing() -> None:
    bare = http("fault: {abort: {}, delay: {percentage: {}}}").fault
    assert bare is not None
    assert bare.abort is not None
    assert bare.delay is not None
    assert (bare.abort.percentage, bare.delay.percentage) == (0, 0)


def test_faults() -> None:
    full = http(
        "fault: {delay: {fixedDelay: 5s, percentage: {value: 10}}, "
        "abort: {httpStatus: 500, grpcStatus: UNAVAILABLE, http2Error: e, percentage: {value: 0.1}}}"
    )
    assert plain(full.fault) == {
        "delay": {"percentage": 10, "fixed_delay": length("5s", 5)},
        "abort": {"percentage": 0.1, "http_status": 500, "grpc_status": "UNAVAILABLE", "http2_error": "e"},
    }
    old = http("fault: {delay: {exponentialDelay: 1m, percent: 3}}").fault
    assert plain(old) == {"delay": {"percentage": 3, "exponential_delay": length("1m", 60)}}


def test_retries() -> None:
    route = http(
        "retries: {attempts: 3, perTryTimeout: 2s, backoff: 25ms, retryOn: '5xx,503', "
        "retryRemoteLocalities: true, retryIgnorePreviousHosts: false}"
    )
    assert plain(route.retries) == {
        "attempts": 3,
        "per_try_timeout": length("2s", 2),
        "backoff": length("25ms", 0.025),
        "retry_on": "5xx,503",
        "retry_remote_localities": True,
    }
    assert http("retries: 3").retries is None


def test_rewrite_and_headers() -> None:
    rewrite = http("rewrite: {uri: /, authority: b, uriRegexRewrite: {match: a, rewrite: b}}").rewrite
    assert plain(rewrite) == {"uri": "/", "authority": "b", "regex_match": "a", "regex_rewrite": "b"}
    headers = http("headers: {request: {add: {a: b}, remove: [c]}, response: {set: {d: e}}}").headers
    assert plain(headers) == {
        "request": {"add": {"a": "b"}, "remove": ["c"]},
        "response": {"set": {"d": "e"}},
    }


def test_cors_policy() -> None:
    full = http(
        "corsPolicy: {allowOrigins: [{exact: http://a}], allowOrigin: [http://b], allowMethods: [GET], "
        "allowHeaders: [h], exposeHeaders: [e], maxAge: 24h, allowCredentials: true, "
        "unmatchedPreflights: IGNORE}"
    )
    assert plain(full.cors_policy) == {
        "allow_origins": [{"kind": "exact", "value": "http://a"}],
        "allow_origin": ["http://b"],
        "allow_methods": ["GET"],
        "allow_headers": ["h"],
        "expose_headers": ["e"],
        "max_age": length("24h", 86400),
        "allow_credentials": True,
        "unmatched_preflights": "IGNORE",
    }
    assert plain(http("corsPolicy: {}").cors_policy) == {"unmatched_preflights": "FORWARD"}


def test_tls_and_tcp_routes() -> None:
    vs = view(
        """
        hosts: [a.com]
        tls:
        - match:
          - {sniHosts: [a.com], port: 443, gateways: [gw], sourceLabels: {app: w}, sourceNamespace: shop}
          route: [{destination: {host: b}}]
        tcp:
        - match: [{destinationSubnets: [10.0.0.0/8], sourceSubnet: 10.1.0.0/16}]
          route: [{destination: {host: b}, weight: 1}, {weight: 2}]
        """
    )
    assert plain(vs.tls[0].match[0]) == {
        "sni_hosts": ["a.com"],
        "port": 443,
        "gateways": ["gw"],
        "source_labels": {"app": "w"},
        "source_namespace": "shop",
    }
    assert plain(vs.tcp[0]) == {
        "match": [{"destination_subnets": ["10.0.0.0/8"], "source_subnet": "10.1.0.0/16"}],
        "route": [{"destination": {"host": "b"}, "weight": 1}, {"weight": 2}],
    }
