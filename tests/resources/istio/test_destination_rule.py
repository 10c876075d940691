from __future__ import annotations

from meshlint.resources.istio.destination_rule import DestinationRule, destination_rule
from meshlint.resources.istio.traffic_policy import TrafficPolicy
from tests.resources.istio.build import an_istio, line, plain


def view(spec: str) -> DestinationRule:
    return destination_rule(an_istio("DestinationRule", spec))


def policy(text: str) -> TrafficPolicy:
    found = view(f"trafficPolicy: {text}").traffic_policy
    assert found is not None
    return found


def test_subsets_and_places() -> None:
    rule = view(
        """
        host: reviews
        exportTo: ["*"]
        workloadSelector: {matchLabels: {app: web}}
        subsets:
        - name: v1
          labels: {version: v1}
          trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}
        - {}
        """
    )
    tls = {"mode": "ISTIO_MUTUAL"}
    assert plain(rule) == {
        "host": "reviews",
        "subsets": [{"name": "v1", "labels": {"version": "v1"}, "traffic_policy": {"tls": tls}}, {}],
        "export_to": ["*"],
        "workload_selector": {"labels": {"app": "web"}},
    }
    assert (rule.name, rule.namespace, str(rule)) == ("x", "ns", "DestinationRule ns/x")
    assert line(rule.subsets[0].labels["version"].field) == 6
    assert rule.subsets[1].traffic_policy is None


def test_tls_without_mode_is_off() -> None:
    bare = policy("{tls: {}}").tls
    assert bare is not None
    assert bare.mode == "DISABLE"
    assert not bare.mode.field
    assert policy("{}").tls is None


def test_client_tls() -> None:
    tls = policy(
        "{tls: {mode: MUTUAL, clientCertificate: c, privateKey: k, caCertificates: a, caCrl: r, "
        "credentialName: cred, sni: s, subjectAltNames: [t], insecureSkipVerify: true}}"
    ).tls
    assert plain(tls) == {
        "mode": "MUTUAL",
        "client_certificate": "c",
        "private_key": "k",
        "ca_certificates": "a",
        "ca_crl": "r",
        "credential_name": "cred",
        "sni": "s",
        "subject_alt_names": ["t"],
        "insecure_skip_verify": True,
    }


def test_ports_have_policies_of_their_own() -> None:
    top = policy(
        "{tls: {mode: SIMPLE}, portLevelSettings: [{port: {number: 443}, outlierDetection: {}}, {port: 1}]}"
    )
    entry, broken = top.port_level_settings
    assert (entry.port, entry.tls, broken.port) == (443, None, None)
    assert top.outlier_detection is None
    assert entry.outlier_detection is not None
    assert plain(entry.outlier_detection) == {}


def test_outlier_detection() -> None:
    found = policy(
        "{outlierDetection: {consecutive5xxErrors: 1, consecutiveGatewayErrors: 2, "
        "consecutiveLocalOriginFailures: 3, consecutiveErrors: 4, splitExternalLocalOriginErrors: true, "
        "interval: 1s, baseEjectionTime: 2s, maxEjectionPercent: 50, minHealthPercent: 60}}"
    ).outlier_detection
    assert plain(found) == {
        "consecutive_5xx_errors": 1,
        "consecutive_gateway_errors": 2,
        "consecutive_local_origin_failures": 3,
        "consecutive_errors": 4,
        "split_external_local_origin_errors": True,
        "interval": {"text": "1s", "nanoseconds": 10**9},
        "base_ejection_time": {"text": "2s", "nanoseconds": 2 * 10**9},
        "max_ejection_percent": 50,
        "min_health_percent": 60,
    }


def test_connection_pool() -> None:
    found = policy(
        "{connectionPool: {tcp: {maxConnections: 1, connectTimeout: 1s, tcpKeepalive: {probes: 3}}, "
        "http: {http1MaxPendingRequests: 2, http2MaxRequests: 3, maxRequestsPerConnection: 4, maxRetries: 5, "
        "maxConcurrentStreams: 6, h2UpgradePolicy: UPGRADE, useClientProtocol: true}}}"
    ).connection_pool
    assert plain(found) == {
        "tcp": {
            "max_connections": 1,
            "connect_timeout": {"text": "1s", "nanoseconds": 10**9},
            "tcp_keepalive": {"probes": 3},
        },
        "http": {
            "http1_max_pending_requests": 2,
            "http2_max_requests": 3,
            "max_requests_per_connection": 4,
            "max_retries": 5,
            "max_concurrent_streams": 6,
            "h2_upgrade_policy": "UPGRADE",
            "use_client_protocol": True,
        },
    }


def test_load_balancer_by_locality() -> None:
    found = policy(
        "{loadBalancer: {simple: ROUND_ROBIN, warmupDurationSecs: 60s, zoneAwareLbSetting: {enabled: true}, "
        "localityLbSetting: {enabled: true, failoverPriority: [p], failover: [{from: a, to: b}], "
        "distribute: [{from: a/*, to: {a/*: 80, b/*: 20, c: x}}]}}}"
    ).load_balancer
    assert plain(found) == {
        "simple": "ROUND_ROBIN",
        "warmup_duration": {"text": "60s", "nanoseconds": 60 * 10**9},
        "zone_aware_lb_setting": {"enabled": True},
        "locality_lb_setting": {
            "enabled": True,
            "failover_priority": ["p"],
            "failover": [{"from_": "a", "to": "b"}],
            "distribute": [{"from_": "a/*", "to": {"a/*": 80, "b/*": 20}}],
        },
    }


def test_consistent_hash_names_its_keys() -> None:
    found = policy(
        "{loadBalancer: {warmup: {duration: 30s}, consistentHash: {httpHeaderName: h, useSourceIp: true, "
        "httpCookie: {name: c}, httpQueryParameterName: q, ringHash: {minimumRingSize: 1}, "
        "maglev: {tableSize: 5}, minimumRingSize: 2}}}"
    ).load_balancer
    assert found is not None
    assert found.consistent_hash is not None
    assert found.warmup_duration is not None
    assert found.warmup_duration.seconds == 30
    assert [key.name for key in found.consistent_hash.keys] == [
        "httpHeaderName",
        "httpCookie",
        "useSourceIp",
        "httpQueryParameterName",
    ]
    assert found.consistent_hash.minimum_ring_size == 2
    assert plain(found.consistent_hash.maglev) == {"tableSize": 5}


def test_other_blocks_are_given_as_written() -> None:
    full = policy("{tunnel: {protocol: POST}, proxyProtocol: {version: V2}, retryBudget: {percent: 20}}")
    assert plain(full.tunnel) == {"protocol": "POST"}
    assert plain(full.proxy_protocol) == {"version": "V2"}
    assert plain(full.retry_budget) == {"percent": 20}
    assert policy("{}").tunnel is None
