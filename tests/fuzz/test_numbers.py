"""Numbers that no type holds: Python reads no number of some thousand digits, and YAML can write infinity."""

from __future__ import annotations

import pytest

from meshlint.api import check_project, read_texts
from tests.fuzz.asked import PLAN, POLICY, crashes_told

LONG = "9" * 5000
ZEROS = "0" * 5000
OBJECTS = {
    "Deployment": """apps/v1
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web, istio.io/rev: 1-LONG}
      annotations:
        config.linkerd.io/skip-outbound-ports: "LONG"
        config.linkerd.io/proxy-version: stable-LONG.1
        config.linkerd.io/opaque-ports: "LONG-LONG"
        config.linkerd.io/skip-subnets: 10.0.0.0/LONG
    spec:
      containers:
        - name: web
          image: istio/proxyv2:1.LONG
          env: [{name: CART, value: "http://cart.shop:LONG/x"}]
          ports: [{containerPort: "LONG"}]
""",
    "Service": """v1
metadata:
  name: web
  namespace: shop
  annotations:
    timeout.linkerd.io/request: LONGms
    retry.linkerd.io/http: "LONG-LONG"
    retry.linkerd.io/limit: "ZEROS1"
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: "LONG"}]}
""",
    "VirtualService": """networking.istio.io/v1
spec:
  hosts: [web]
  http: [{timeout: LONGs, retries: {attempts: "LONG"}, route: [{weight: "LONG", destination: {host: web}}]}]
  tcp: [{match: [{destinationSubnets: [10.0.0.0/LONG]}], route: [{destination: {host: web}}]}]
""",
    "Gateway": """networking.istio.io/v1
spec: {servers: [{bind: 0.0.0.0, hosts: [a], port: {number: .inf, name: a, protocol: TCP}}]}
""",
    "DestinationRule": """networking.istio.io/v1
spec:
  host: web
  trafficPolicy: {loadBalancer: {consistentHash: {useSourceIp: true, maglev: {tableSize: .inf}}}}
""",
    "HTTPRoute": """gateway.networking.k8s.io/v1
spec: {rules: [{timeouts: {request: LONGh}, backendRefs: [{name: web, port: 80, weight: "LONG"}]}]}
""",
}


@pytest.mark.parametrize("kind", OBJECTS)
def test_a_number_that_no_type_holds_stops_nothing(kind: str) -> None:
    version, _, rest = OBJECTS[kind].replace("LONG", LONG).replace("ZEROS", ZEROS).partition("\n")
    metadata = "" if "\nmetadata:" in f"\n{rest}" else "metadata: {name: web, namespace: shop}\n"
    with crashes_told():
        project = read_texts({"a.yaml": f"apiVersion: {version}\nkind: {kind}\n{metadata}{rest}"})
        assert project.resources.resources
        assert check_project(project, PLAN, POLICY).findings
