"""Each built-in check finds what it says and nothing else, as a rule file with examples shows it."""

from __future__ import annotations

from typing import Any

import pytest

from meshlint.api.judging.trying import tried
from meshlint.checks.custom.builtin import BUILT_INS, EXPRESSION
from meshlint.engine.run import resolve
from tests.custom.files import read_text, rule

POD = "spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web%s}}, spec: {%s}}}"


def deployment(
    name: str = "web", namespace: str = "shop", pod: str = "containers: []", mark: str = ""
) -> str:
    body = POD % ("", pod)
    metadata = f"metadata: {{name: {name}, namespace: {namespace}}}{mark}"
    return f"apiVersion: apps/v1\nkind: Deployment\n{metadata}\n{body}\n---\n"


def service_account_policy(namespaces: str) -> str:
    return f"""\
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: closed, namespace: bank}}
spec: {{rules: [{{from: [{{source: {{namespaces: [{namespaces}]}}}}]}}]}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {{name: default, namespace: bank}}
spec: {{mtls: {{mode: STRICT}}}}
"""


INJECTED = "".join(
    "apiVersion: v1\nkind: Namespace\n"
    f"metadata: {{name: {name}, labels: {{istio-injection: enabled}}}}\n---\n"
    for name in ("shop", "bank", "other")
)
IMAGE = "\n".join(
    (
        "apiVersion: v1",
        "kind: Pod",
        "metadata: {name: web, namespace: shop}",
        "spec:",
        "  containers:",
        "    - name: main",
        "      image: %s",
    )
)
ROUTE = (
    "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: r, namespace: shop}\nspec:\n"
)
HOSTS = f"{ROUTE}  hosts:\n    - %s\n  http: [{{route: [{{destination: {{host: web}}}}]}}]\n"
PORT = "containers: [{name: a, image: a, ports: [{containerPort: 80}]}]"

CASES: dict[str, tuple[dict[str, Any], list[str], list[str]]] = {
    "require-label": (
        {"kinds": ["Deployment"], "label": "team", "values": ["a-*", "b"]},
        [
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:  # expect\n  name: web\n",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\n  labels:\n    team: c  # expect\n",
        ],
        ["apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {team: a-1}}\n"],
    ),
    "require-annotation": (
        {"kinds": ["workload"], "annotation": "acme.example/owner", "pods": True},
        [
            deployment().replace("spec: {", "spec: {").replace("template: {", "template: {").strip("-\n")
            + "  # expect\n"
        ],
        [
            deployment().replace(
                "metadata: {labels", 'metadata: {annotations: {"acme.example/owner": me}, labels'
            ),
            "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n",
        ],
    ),
    "require-field": (
        {"kinds": ["VirtualService"], "field": "spec.http[].timeout"},
        [f"{ROUTE}  hosts: [web]\n  http:\n    - timeout: 1s\n    - route: []  # expect: http[1].timeout\n"],
        [f"{ROUTE}  hosts: [web]\n  http: [{{timeout: 1s}}]\n", f"{ROUTE}  hosts: [web]\n"],
    ),
    "forbid-field": (
        {"kinds": ["workload"], "field": "spec.template.spec.hostNetwork", "values": ["true"]},
        [deployment(pod="hostNetwork: true").strip("-\n") + '  # expect: to "true"\n'],
        [deployment(pod="hostNetwork: false"), deployment()],
    ),
    "allowed-values": (
        {"kinds": ["Service"], "field": "spec.type", "values": ["ClusterIP"]},
        ["apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  type: NodePort  # expect\n"],
        ["apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: ClusterIP}\n"],
    ),
    "allowed-names": (
        {"kinds": ["Deployment"], "allowed": ["web-*"]},
        [deployment(mark="  # expect")],
        [deployment("web-a")],
    ),
    "forbid-object": (
        {"kinds": ["networking.istio.io/EnvoyFilter"], "except_namespaces": ["istio-*"]},
        [
            "apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\n"
            "metadata: {name: a, namespace: shop}  # expect: namespace shop\nspec: {}\n"
        ],
        [
            "apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\n"
            "metadata: {name: a, namespace: istio-system}\nspec: {}\n"
        ],
    ),
    "require-in-namespace": (
        {"required": "networking.istio.io/Sidecar"},
        [deployment("a", mark="  # expect: namespace shop") + deployment("b")],
        [
            deployment()
            + "apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: a, namespace: shop}\n"
        ],
    ),
    "require-policy-for": (
        {"policy": "NetworkPolicy"},
        [
            deployment(mark="  # expect: no NetworkPolicy")
            + "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
            "metadata: {name: a, namespace: shop}\nspec: {podSelector: {matchLabels: {app: other}}}\n"
        ],
        [
            deployment() + "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
            "metadata: {name: a, namespace: shop}\nspec: {podSelector: {}}\n"
        ],
    ),
    "allowed-hosts": (
        {"hosts": ["*.acme.example", "api.partner.example"]},
        [HOSTS % "shop.other.example  # expect", HOSTS % '"*.example"  # expect', HOSTS % '"*"  # expect'],
        [
            HOSTS % "a.b.acme.example",
            HOSTS % "api.partner.example",
            HOSTS % "web",
            HOSTS % '"*.x.acme.example"',
        ],
    ),
    "allowed-images": (
        {"images": ["ghcr.io/acme/*", "docker.io/library/nginx"], "latest": False},
        [
            IMAGE % "redis:7  # expect",
            IMAGE % "nginx  # expect: moves",
            IMAGE % "ghcr.io/acme/a/b:latest  # expect",
        ],
        [
            IMAGE % "nginx:1.27",
            IMAGE % "ghcr.io/acme/a:1",
            IMAGE % "ghcr.io/acme/a@sha256:00",
            IMAGE % "auto",
        ],
    ),
    "allowed-callers": (
        {"namespaces": ["bank"], "callers": ["shop", "bank"]},
        [
            INJECTED
            + deployment("x", "other", PORT)
            + deployment("y", "other", PORT)
            + deployment("pay", "bank", PORT, "  # expect: namespace other")
            + service_account_policy("shop, other")
        ],
        [
            INJECTED
            + deployment("x", "other", PORT)
            + deployment("pay", "bank", PORT)
            + service_account_policy("shop")
        ],
    ),
}


def test_each_check_has_a_case() -> None:
    assert set(CASES) == {one.name for one in BUILT_INS} - {EXPRESSION}


@pytest.mark.parametrize("name", CASES)
def test_check(name: str) -> None:
    values, bad, good = CASES[name]
    examples = [{"title": f"bad {n}", "kind": "bad", "text": text} for n, text in enumerate(bad)]
    examples += [{"title": f"good {n}", "kind": "good", "text": text} for n, text in enumerate(good)]
    outcome = tried(read_text(rule(check=name, examples=examples, **{"with": values})))
    assert len(outcome) == len(bad) + len(good)
    assert [(one.title, one.wrong) for one in outcome if one.wrong] == []


def test_each_check_is_there_and_has_a_scope() -> None:
    for one in BUILT_INS:
        assert callable(resolve(one.check))
        assert {"kinds", "namespaces", "names", "labels"} <= {taken.name for taken in one.takes}
