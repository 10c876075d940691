"""The reports about Istio's own objects and sidecars."""

from __future__ import annotations

from tests.field.row import Call, Row, Told, Way

PREFLIGHT = (("origin", "https://www.example.org"), ("access-control-request-method", "GET"))
ISTIO: dict[str, Row] = {
    "01-subset-without-rule": Row(
        (Told("SUBSET001", (121,), "'v1'"),),
        (Way("web", "http://catalog:9080/", "forwarded", 503, says=("nothing is reached",)),),
    ),
    "02-vs-host-unknown-in-mesh": Row(
        (Told("ROUTE061", (110,), "shop.example.org"),),
        (
            Way(
                "probe",
                "http://server/adios/x",
                "forwarded",
                pods=("Deployment lab/one", "Deployment lab/two"),
            ),
            Way(
                "probe",
                "http://shop.example.org/adios/x",
                "forwarded",
                says=("VirtualService lab/server",),
            ),
        ),
    ),
    "03-policy-service-port": Row(
        (Told("AUTHZ032", (96,), hint="8080"),),
        calls=(Call("shop/orders:80", "shop/web", "deny", says="8080"),),
    ),
    "04-credential-elsewhere": Row(
        (Told("GATEWAY066", (118,), "istio-system"),),
        (Way("gateway/portal", "https://portal.example.org/", "lost", says=("portal-tls",)),),
    ),
    "05-port-name-tco": Row(),
    "05b-port-name-tcp": Row(
        (Told("PORT050", (108,)),),
        (Way("reader", "http://story/ok2", "forwarded", pods=("Deployment press/story",)),),
    ),
    "06b-deny-on-tcp-named": Row(
        (Told("AUTHZ034", (55,)),),
        calls=(Call("dev/ts", "outside", "deny", never="anything"),),
    ),
    "07-sidecar-egress-misses-entry": Row(
        (Told("SCALE014", (43, 37), "metadata.google.internal"),),
        (Way("ledger", "http://metadata.google.internal/computeMetadata/v1/", "answered", 502),),
    ),
    "07b-sidecar-egress-misses-service": Row(
        (Told("SCALE014", (84,), "ledger.core.svc.cluster.local"),),
        (Way("api", "http://ledger.core.svc.cluster.local/x", "passed through"),),
        (Call("core/ledger", "pay/api", "deny", transport="broken"),),
    ),
    "08-double-tls": Row((Told("MTLS032", (56,)),)),
    "09-http-entry-on-443": Row(
        (Told("EGRESS005", (46,), "HTTPS", hint="originat"),),
        (
            Way(
                "crawl",
                "http://wiki.example.org:443/",
                "forwarded",
                says=("plaintext", "TLS"),
            ),
        ),
    ),
    "10-two-vs-mesh": Row(
        (Told("ROUTE023", (141, 153)),),
        (Way("teller", "http://accounts/audit/1", "forwarded", pods=("Deployment bank/accounts-v2",)),),
    ),
    "11-nested-prefix-gateway": Row(
        (Told("ROUTE069", (166, 149)),),
        (
            Way(
                "gateway/edge",
                "http://x.example.org/notebook/lab/nb1/x",
                "forwarded",
                pods=("Deployment lab/nb",),
            ),
        ),
    ),
    "13-gateway-dotted-name": Row((Told("ROUTE022", (113,), "'api'", hint="`mesh`"),)),
    "14-dr-misplaced": Row((Told("SUBSET001", (148,), "'v1'"),)),
    "15-jwt-not-required": Row(
        (Told("AUTHZ012", (100, 104, 107, 102), "token"),),
    ),
    "16-cors-route-by-header": Row(
        (Told("ROUTE270", (116, 121, 122), "preflight"),),
        (
            Way(
                "gateway/edge",
                "https://api.example.org/x",
                "answered",
                404,
                headers=PREFLIGHT,
                method="OPTIONS",
            ),
        ),
    ),
    "17-gateway-policy-in-app-ns": Row(
        (Told("AUTHZ460", (111, 109, 107)),),
        calls=(Call("istio-system/istio-ingressgateway:443", "outside", "allow"),),
    ),
    "18-namespaces-at-gateway": Row(
        (Told("AUTHZ048", (60,)),),
        calls=(
            Call("gateway/hooks", "outside", "deny", {"source_ip": "198.51.100.7"}),
            Call("gateway/hooks", "outside", "allow", {"source_ip": "203.0.113.5"}),
            Call("gateway/hooks", "cluster.local/ns/shop/sa/web", "deny", {"source_ip": "10.1.2.3"}),
        ),
        silent=("AUTHZ001",),
    ),
    "19-strict-with-legacy-callers": Row(
        (Told("MTLS009", (74, 52), hint="inject"),),
        (Way("batch", "http://orders.orders.svc.cluster.local/", "forwarded", says=("broken",)),),
        (Call("orders/orders", "legacy/batch", "deny", transport="broken"),),
    ),
    "20-dr-disable-against-strict": Row((Told("MTLS004", (120,)),)),
    "21-passthrough-http-routes": Row((Told("GATEWAY069", (148,)),)),
    "22-gateway-selector": Row(
        ways=(Way("gateway/book", "http://x.example.org/page", "lost", says=("no pod",)),),
    ),
    "23-gateway-nodeport": Row((Told("GATEWAY061", (99,), "31380"),)),
    "24-redirect-behind-tls-lb": Row(
        (Told("GATEWAY160", (104, 103), "redirect"),),
        (Way("gateway/book", "http://book.example.org/", "answered", 301),),
        silent=("PORT059",),
    ),
    "25-policy-namespace-missing": Row(
        (Told("AUTHZ037", (83,)),),
        calls=(Call("kf/ml-ui", "team-a/notebook", "deny"),),
    ),
    "26-jwt-blocks-system-probes": Row(
        (Told("AUTHZ037", (83, 60, 102), "token"),),
    ),
    "27-split-for-gateway-only": Row((Told("ROUTE022", (154,), "'b'", hint="`mesh`"),)),
    "27b-rollout-route-missing": Row((Told("ROUTE273", (60,), "primary-route"),)),
    "28-flagger-two-uris-in-one-match": Row((Told("HYGIENE007", (46,), "uri"),)),
    "28b-flagger-beside-own-vs": Row((Told("ROUTE274", (97, 95, 107, 105), "Canary"),)),
    "30-headless-rule-against-strict": Row(
        (Told("MTLS004", (83,)),),
        (
            Way(
                "app",
                "tcp://cassandra-0.cassandra.db.svc.cluster.local:9042",
                "forwarded",
                says=("broken", "StatefulSet db/cassandra"),
            ),
        ),
    ),
    "31-mysql-port-unnamed": Row((Told("PORT058", (24,), "3307"),)),
    "32-destination-without-port": Row((Told("ROUTE014", (124,)),)),
    "33-discovery-selectors": Row(
        (Told("GATEWAY161", (103,), "istio-ingressgateway"),),
        (Way("gateway/hello", "https://hello.example.org/", "lost"),),
    ),
    "34-one-cert-two-gateways": Row((Told("GATEWAY064", (146, 166), "certificate"),)),
    "37-https-backend-behind-gateway": Row(
        (Told("MTLS130", (117, 116, 115), "plain"),),
        (Way("gateway/edge", "https://x.example.org/cde", "forwarded", says=("HTTPS",)),),
    ),
    "3A-rules-exported-apart": Row(silent=("SUBSET014",)),
    "3B-match-gateway-unbound": Row((Told("ROUTE021", (115,), "bad-gateway"),)),
    "3C-double-slash-prefix": Row((Told("ROUTE043", (119, 118), "/adm"),)),
    "66-inject-false": Row((Told("SCHEMA013", (23,), "false"),), silent=("MTLS101",)),
    "80-preflight-needs-token": Row(
        (Told("AUTHZ063", (115, 113)),),
        calls=(
            Call(
                "gateway/edge",
                "outside",
                "deny",
                {"method": "OPTIONS", "path": "/", "host": "api.example.org"},
            ),
        ),
    ),
    "84-external-name-443": Row(
        ways=(Way("toolkit", "https://git.example.com/x", "forwarded", says=("nexus.corp.example",)),),
    ),
    "86-policy-path-after-rewrite": Row((Told("ROUTE276", (126, 116), "/bin/"),)),
    "89-init-container-needs-network": Row(
        (Told("INJECT140", (64,), "migrate"),), versions={"istio": "1.24"}
    ),
    "F1-cross-namespace-gateway": Row(
        ways=(
            Way(
                "gateway/hello", "http://x.example.org/hello", "forwarded", pods=("Deployment default/hello",)
            ),
        )
    ),
    "F4-rollout-subset-labels": Row(),
    "F4b-rollout-same-labels-at-rest": Row(),
    "F6-service-of-deployment": Row(),
    "F8-dr-simple-without-ca": Row(),
    "F11-gateway-selector-elsewhere": Row(
        ways=(Way("gateway/book", "https://b.example.org/", "forwarded", pods=("Deployment sandbox/p",)),)
    ),
}
