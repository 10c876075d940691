from __future__ import annotations

from meshlint.resources.istio.gateway import gateway
from meshlint.resources.istio.sidecar import Sidecar, sidecar
from tests.resources.istio.build import an_istio, line, plain


def view(spec: str) -> Sidecar:
    return sidecar(an_istio("Sidecar", spec))


def test_gateway() -> None:
    found = gateway(
        an_istio(
            "Gateway",
            """
            selector: {istio: ingressgateway}
            servers:
            - name: web
              port: {number: 443, name: https, protocol: HTTPS}
              bind: 10.0.0.1
              defaultEndpoint: unix:///a
              hosts: [a.com, ns/b.com]
              tls: {credentialName: c, credentialNames: [d], subjectAltNames: [s], cipherSuites: [e]}
            - port: {number: 80, protocol: HTTP, targetPort: 8080}
              tls: {httpsRedirect: true, mode: SIMPLE, minProtocolVersion: TLSV1_3}
            - {}
            """,
        )
    )
    https, redirect, bare = found.servers
    assert plain(found.selector) == {"labels": {"istio": "ingressgateway"}}
    assert plain(https) == {
        "name": "web",
        "port": {"number": 443, "name": "https", "protocol": "HTTPS"},
        "bind": "10.0.0.1",
        "default_endpoint": "unix:///a",
        "hosts": ["a.com", "ns/b.com"],
        "tls": {
            "mode": "PASSTHROUGH",
            "credential_name": "c",
            "credential_names": ["d"],
            "subject_alt_names": ["s"],
            "cipher_suites": ["e"],
            "min_protocol_version": "TLS_AUTO",
            "max_protocol_version": "TLS_AUTO",
        },
    }
    assert https.tls is not None
    assert not https.tls.mode.field
    assert redirect.port.target_port == 8080
    assert redirect.tls is not None
    assert (redirect.tls.https_redirect, redirect.tls.mode) == (True, "SIMPLE")
    assert redirect.tls.min_protocol_version == "TLSV1_3"
    assert line(redirect.tls.mode.field) == 10
    assert (bare.port.number, bare.tls, bare.hosts) == (None, None, ())


def test_a_gateway_without_selector_is_told_from_one_with_an_empty_one() -> None:
    assert gateway(an_istio("Gateway", "{}")).selector is None
    assert gateway(an_istio("Gateway", "{selector: {}}")).selector is not None


def test_sidecar() -> None:
    found = view(
        """
        workloadSelector: {labels: {app: web}}
        ingress:
        - port: {number: 9080, protocol: HTTP, name: web}
          bind: 0.0.0.0
          captureMode: NONE
          defaultEndpoint: 127.0.0.1:8080
          tls: {mode: SIMPLE}
          connectionPool: {http: {http2MaxRequests: 5}}
        egress:
        - port: {number: 80}
          hosts: [./*, istio-system/*]
        - hosts: ["~/a.com"]
        outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: out, subset: s, port: {number: 1}}}
        inboundConnectionPool: {tcp: {maxConnections: 9}}
        """
    )
    (ingress,) = found.ingress
    assert plain(found.workload_selector) == {"labels": {"app": "web"}}
    assert plain(ingress.port) == {"number": 9080, "protocol": "HTTP", "name": "web"}
    assert (ingress.bind, ingress.capture_mode) == ("0.0.0.0", "NONE")
    assert ingress.default_endpoint == "127.0.0.1:8080"
    assert ingress.tls is not None
    assert plain(ingress.connection_pool) == {"http": {"http2_max_requests": 5}}
    assert plain(found.egress) == [
        {"port": {"number": 80}, "hosts": ["./*", "istio-system/*"], "capture_mode": "DEFAULT"},
        {"hosts": ["~/a.com"], "capture_mode": "DEFAULT"},
    ]
    assert plain(found.outbound_traffic_policy) == {
        "mode": "ALLOW_ANY",
        "egress_proxy": {"host": "out", "subset": "s", "port": 1},
    }
    assert plain(found.inbound_connection_pool) == {"tcp": {"max_connections": 9}}


def test_an_outbound_policy_without_mode_is_the_strict_one() -> None:
    assert plain(view("{outboundTrafficPolicy: {}}").outbound_traffic_policy) == {"mode": "REGISTRY_ONLY"}
    bare = view("{}")
    assert bare.outbound_traffic_policy is None
    assert (bare.ingress, bare.egress, bare.inbound_connection_pool) == ((), (), None)
