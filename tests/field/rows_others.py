"""The reports about ambient mode, the Gateway API and Linkerd."""

from __future__ import annotations

from tests.field.row import Call, Row, Told, Way

OTHERS: dict[str, Row] = {
    "3D-ambient-route-twice": Row(
        ways=(
            Way(
                "gateway/edge",
                "https://app.example.org/pub/t1",
                "forwarded",
                says=("409", "subset 't1' does not count"),
                never=("bound to mesh only",),
            ),
        ),
    ),
    "3E-linkerd-http-on-opaque-port": Row((Told("PORT111", (17, 36), hint="pod"),)),
    "3F-linkerd-annotation-misspelt": Row((Told("SCHEMA011", (36,), "opauqe", hint="opaque-ports"),)),
    "40-ambient-l7-policy-by-selector": Row(
        (Told("AUTHZ040", (109,)),),
        calls=(Call("book/page", "book/curl", "deny", {"method": "GET"}),),
    ),
    "41-ambient-ingress-past-waypoint": Row(
        (Told("AUTHZ358", (130,)),),
        calls=(Call("app/shop", "gateway/edge", "allow", {"method": "POST"}),),
    ),
    "42-ambient-l4-policy-blocks-waypoint": Row(
        (Told("AUTHZ351", (101,)),),
        calls=(Call("book/page", "book/curl", "deny", {"method": "GET", "path": "/", "host": "page"}),),
    ),
    "43-ambient-use-waypoint-annotation": Row((Told("SCHEMA012", (19,), "use-waypoint"),)),
    "51-gw-routes-same-namespace": Row((Told("GATEWAY102", (68,)),)),
    "52-gw-backend-other-namespace": Row((Told("GATEWAY109", (77,)),)),
    "53-gw-hostname-outside-listener": Row((Told("GATEWAY104", (70,), "example.org"),)),
    "54-gw-rewrite-root-prefix": Row(
        (Told("ROUTE272", (75, 72, 73), "/public"),),
        (Way("gateway/edge", "https://foo.example.org/product", "forwarded", says=("/publicproduct",)),),
    ),
    "55-gw-two-listeners-one-cert": Row((Told("GATEWAY162", (92, 93), "wild"),)),
    "57-gw-policy-selector-of-other-label": Row(
        (Told("AUTHZ460", (73, 69, 71), "my-gateway"),),
        calls=(
            Call("gateway/my-gateway", "outside", "allow", {"source_ip": "198.51.100.7"}),
            Call("gateway/istio-ingress/my-gateway:443", "outside", "allow", {"source_ip": "198.51.100.7"}),
        ),
    ),
    "58-gw-regex-and-root": Row(
        (Told("ROUTE271", (101,)),),
        (
            Way(
                "gateway/edge",
                "https://mix.example.org/something/x",
                "forwarded",
                pods=("Deployment apps/two",),
            ),
        ),
    ),
    "60-inject-on-deployment-metadata": Row((Told("SCHEMA012", (25,), "linkerd.io/inject"),)),
    "61-nats-not-opaque": Row((Told("PORT116", (44,), "4222"),)),
    "62-probe-denied-by-route": Row((Told("AUTHZ273", (54,)),)),
    "63-auth-ref-without-group": Row((Told("AUTHZ226", (62,), hint="policy.linkerd.io"),)),
    "64-profile-shadows-route": Row((Told("ROUTE109", (110,)),)),
    "67-external-mysql": Row((Told("PORT171", (43,), "3306"),)),
    "69-headless-not-of-statefulset": Row((Told("ROUTE277", (11, 13, 14, 17), "mongo-export"),)),
    "70-policy-target-other-namespace": Row(
        (Told("PORT170", (85,), "80", hint="8080"),),
        calls=(Call("shop/cart", "outside", "allow"),),
    ),
    "F3-vs-on-gateway-api-gateway": Row(
        ways=(Way("gateway/my-gateway", "http://example.com/", "forwarded", pods=("Deployment apps/my",)),)
    ),
}
