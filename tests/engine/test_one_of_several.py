"""What is never in one cluster is not judged together, and what has two sides is told once."""

from __future__ import annotations

from meshlint.api import check_texts
from meshlint.engine.finding import Finding

ENTRY = """\
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  hosts: [api.example.com]
  resolution: DNS
  ports: [{{number: 443, name: p, protocol: {protocol}}}]
"""
TLS = ENTRY.format(name="one", namespace="shop", protocol="TLS")
HTTPS = ENTRY.format(name="two", namespace="shop", protocol="TCP")
ACCOUNT = """\
apiVersion: v1
kind: ServiceAccount
metadata: {name: faces, namespace: lab}
"""
AUTHENTICATION = """\
apiVersion: policy.linkerd.io/v1alpha1
kind: MeshTLSAuthentication
metadata: {name: face, namespace: lab}
spec:
  identities: [face.lab.serviceaccount.identity.linkerd.cluster.local]
"""
SIDECAR = """\
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: wide, namespace: lab}
spec:
  workloadSelector: {labels: {app: book}}
  egress: [{hosts: ["*/*"]}]
"""
WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}{place}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec: {{containers: [{{name: c, image: i:1}}]}}
"""


def told(rule: str, files: dict[str, str]) -> list[Finding]:
    return [one for one in check_texts(files).findings if one.rule == rule]


def exercises(**files: str) -> dict[str, str]:
    """Files of a directory each, of which two hold versions of one object."""
    versions = {f"labs/{name}/again.yaml": WORKLOAD.format(name="x", place="") for name in ("v", "w")}
    return versions | {f"labs/{name}/{name}.yaml": text for name, text in files.items()}


def test_a_pair_has_one_finding_at_the_younger_with_the_other_as_related() -> None:
    files = {"a.yaml": TLS, "b.yaml": HTTPS}
    (one,) = told("EGRESS003", files)
    assert one.location.file == "b.yaml"
    assert [place.location.file for place in one.related] == ["a.yaml"]
    assert told("EGRESS003", {"b.yaml": TLS, "a.yaml": HTTPS})[0].object == one.object


def test_the_time_of_creation_says_which_one_is_younger() -> None:
    first, second = "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"
    files = {
        "a.yaml": TLS.replace("namespace: shop", f"namespace: shop, creationTimestamp: '{second}'"),
        "b.yaml": HTTPS.replace("namespace: shop", f"namespace: shop, creationTimestamp: '{first}'"),
    }
    (one,) = told("EGRESS003", files)
    assert one.location.file == "a.yaml"


def test_three_are_two_findings() -> None:
    third = ENTRY.format(name="three", namespace="shop", protocol="HTTPS")
    assert len(told("EGRESS003", {"a.yaml": TLS, "b.yaml": HTTPS, "c.yaml": third})) == 3


def test_exercises_side_by_side_do_not_conflict() -> None:
    assert told("EGRESS003", exercises(one=TLS, two=HTTPS)) == []
    assert told("EGRESS003", {f"labs/{name}.yaml": text for name, text in (("a", TLS), ("b", HTTPS))})


def test_accounts_of_another_exercise_show_nothing() -> None:
    assert told("AUTHZ255", {"a.yaml": ACCOUNT, "b.yaml": AUTHENTICATION})
    assert told("AUTHZ255", exercises(one=ACCOUNT, two=AUTHENTICATION)) == []


def test_pods_that_may_be_brought_to_the_namespace_are_not_missing() -> None:
    other = WORKLOAD.format(name="shelf", place=", namespace: lab")
    assert told("SCALE003", {"a.yaml": SIDECAR, "b.yaml": other})
    meant = WORKLOAD.format(name="book", place="")
    assert told("SCALE003", {"a.yaml": SIDECAR, "b.yaml": other, "c.yaml": meant}) == []


def test_what_a_patch_lacks_is_no_mistake() -> None:
    gateway = """\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: local, namespace: lab}
spec: {selector: {istio: local}}
"""
    assert check_texts({"gateway.yaml": gateway}).findings
    assert check_texts({"patches/gateway.yaml": gateway}).findings == ()
