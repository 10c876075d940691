"""Addresses of clients in policies of workloads that a gateway calls for them."""

from __future__ import annotations

import pytest

from meshlint.traffic.followers.client_addresses import addresses_behind_gateways
from tests.traffic.worlds import mesh

WORLD = """
apiVersion: v1
kind: Namespace
metadata: {{name: shop, labels: {{istio-injection: enabled}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: cart, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: cart}}}}
  template: {{metadata: {{labels: {{app: cart}}}}, spec: {{containers: [{{name: cart, image: cart}}]}}}}
---
apiVersion: v1
kind: Service
metadata: {{name: cart, namespace: shop}}
spec: {{type: {service}, selector: {{app: cart}}, ports: [{{name: http, port: 80}}]}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: cart, namespace: shop}}
spec: {{hosts: [c.example.com], gateways: [{gateway}], http: [{{route: [{{destination: {{host: cart}}}}]}}]}}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {{name: machine, namespace: shop}}
spec: {{address: 192.0.2.5}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: cart, namespace: shop}}
spec: {{selector: {{matchLabels: {{app: cart}}}}, rules: [{{from: [{{source: {{{field}: ["{value}"]}}}}]}}]}}
"""
DEFAULTS = {"service": "ClusterIP", "gateway": "edge", "field": "ipBlocks", "value": "198.51.100.0/24"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, True),
        ({"value": "2001:db8::1"}, True),
        ({"service": "NodePort"}, False),
        ({"gateway": "mesh"}, False),
        ({"value": "10.1.0.0/16"}, False),
        ({"value": "0.0.0.0/0"}, False),
        ({"value": "192.0.2.0/24"}, False),
        ({"value": "no address"}, False),
        ({"field": "notIpBlocks"}, False),
        ({"field": "remoteIpBlocks"}, False),
    ],
)
def test_only_addresses_from_outside_at_what_a_gateway_alone_calls(
    change: dict[str, str], told: bool
) -> None:
    found = mesh(WORLD.format(**DEFAULTS | change))
    assert bool(list(addresses_behind_gateways(found))) is told
