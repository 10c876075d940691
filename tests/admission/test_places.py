"""Of two fields that do not go together, a refusal is told at the one that a person has to change."""

from __future__ import annotations

import pytest

from meshlint.api import CheckOptions, ReadOptions, check_texts
from meshlint.engine.rule import Severity

NEWEST = CheckOptions(reading=ReadOptions(versions={"istio": "1.32"}))
ENVOY_FILTER = "networking.istio.io/v1alpha3/EnvoyFilter"
GATEWAY = "networking.istio.io/v1/Gateway"
PEERS = "security.istio.io/v1/PeerAuthentication"
ROUTES = "networking.istio.io/v1/VirtualService"

REMOVED = """
  configPatches:
    - applyTo: CLUSTER
      match:
        listener: {portNumber: 80} # here
      patch: {operation: REMOVE}
"""
OF_A_CLUSTER = """
  configPatches:
    - applyTo: ROUTE_CONFIGURATION # here
      match:
        cluster: {name: a}
      patch: {operation: MERGE, value: {connect_timeout: 7s}}
"""
FITTING = """
  configPatches:
    - applyTo: CLUSTER
      match:
        routeConfiguration: {name: a} # here
      patch: {operation: MERGE, value: {connect_timeout: 7s}}
"""
OF_A_FILTER = """
  configPatches:
    - applyTo: LISTENER # here
      match:
        listener: {filterChain: {filter: {name: a, subFilter: {name: b}}}}
      patch:
        operation: MERGE
        value: {typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault}}
"""
OF_A_WAYPOINT = """
  configPatches:
    - applyTo: HTTP_FILTER
      match:
        context: GATEWAY # here
        waypoint: {portNumber: 80}
      patch:
        operation: INSERT_FIRST
        value:
          name: envoy.filters.http.fault
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault}
"""
PLAIN_PORT = """
  selector: {istio: edge}
  servers:
    - hosts: [a.example.com]
      port: {number: 3306, name: mysql, protocol: MYSQL}
      tls: {mode: SIMPLE, credentialName: a} # here
"""
TLS_PORT = """
  selector: {istio: edge}
  servers:
    - hosts: [a.example.com]
      port: {number: 443, name: a, protocol: HTTP} # here
      tls: {mode: SIMPLE, credentialName: a}
"""
TLS_NAME = """
  selector: {istio: edge}
  servers:
    - hosts: [a.example.com]
      port: {number: 9000, name: https-a, protocol: HTTP} # here
      tls: {mode: SIMPLE, credentialName: a}
"""
NO_SELECTOR = """ # here
  portLevelMtls: {8080: {mode: STRICT}}
"""
EMPTY_SELECTOR = """
  selector: {}
  portLevelMtls: {8080: {mode: STRICT}} # here
"""
NO_AUTHORITY = """
  hosts: [a.example.com]
  http:
    - rewrite: {authority: a b} # here
      headers: {request: {set: {host: a.example.com}}}
      route: [{destination: {host: a}}]
"""
TWO_AUTHORITIES = """
  hosts: [a.example.com]
  http:
    - rewrite: {authority: b.example.com}
      headers: {request: {set: {host: a.example.com}}} # here
      route: [{destination: {host: a}}]
"""
ZEROS = """
  hosts: [a.example.com]
  http:
    - route:
        - {destination: {host: a}, weight: 0}
        - {destination: {host: b}, weight: 0} # here
"""
NO_WEIGHTS = """
  hosts: [a.example.com]
  http:
    - route: # here
        - {destination: {host: a}}
        - {destination: {host: b}}
"""
FROM_HOST = """
  url: oci://registry.example.com/a:1
  vmConfig:
    env:
      - name: A
        valueFrom: HOST # here
        value: b
"""
LISTED_TWICE = """
  hosts: [a.example.com]
  ports: [{number: 443, name: tls, protocol: TLS}]
  resolution: DNS_ROUND_ROBIN
  endpoints: # here
    - {address: b.example.com}
    - {address: b.example.com}
"""
NO_VALUE = """
  metrics:
    - overrides:
        - tagOverrides:
            zone:
              operation: UPSERT
              value: "" # here
"""


@pytest.mark.parametrize(
    ("kind", "spec", "rule"),
    [
        (ENVOY_FILTER, REMOVED, "SCHEMA034"),
        (ENVOY_FILTER, OF_A_CLUSTER, "SCHEMA034"),
        (ENVOY_FILTER, FITTING, "SCHEMA034"),
        (ENVOY_FILTER, OF_A_FILTER, "SCHEMA034"),
        (ENVOY_FILTER, OF_A_WAYPOINT, "SCHEMA008"),
        (GATEWAY, PLAIN_PORT, "GATEWAY051"),
        (GATEWAY, TLS_PORT, "GATEWAY051"),
        (GATEWAY, TLS_NAME, "GATEWAY051"),
        ("networking.istio.io/v1/ServiceEntry", LISTED_TWICE, "EGRESS001"),
        ("telemetry.istio.io/v1/Telemetry", NO_VALUE, "SCHEMA008"),
        (PEERS, NO_SELECTOR, "SCHEMA008"),
        (PEERS, EMPTY_SELECTOR, "SCHEMA008"),
        (ROUTES, NO_AUTHORITY, "SCHEMA030"),
        (ROUTES, TWO_AUTHORITIES, "SCHEMA030"),
        (ROUTES, ZEROS, "ROUTE002"),
        (ROUTES, NO_WEIGHTS, "ROUTE002"),
        ("extensions.istio.io/v1alpha1/WasmPlugin", FROM_HOST, "SCHEMA008"),
    ],
)
def test_a_refusal_stands_where_a_person_mends_it(kind: str, spec: str, rule: str) -> None:
    version, _, name = kind.rpartition("/")
    text = f"apiVersion: {version}\nkind: {name}\nmetadata: {{name: a, namespace: b}}\nspec:{spec}"
    (here,) = (number for number, line in enumerate(text.splitlines(), start=1) if "# here" in line)
    found = check_texts({"a.yaml": text}, NEWEST).findings
    told = [(one.rule, one.location.span.line) for one in found if one.severity is Severity.ERROR]
    assert told == [(rule, here)]
