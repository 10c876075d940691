"""Deployments for several clusters: what is in one says nothing of what is in another."""

from __future__ import annotations

import pytest
from yaml import compose
from yaml.nodes import Node

from meshlint.api import check_texts, read_texts
from meshlint.assembly.deployments.clusters import cluster_of, told_apart

FLUX = """apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: {name}, namespace: flux-system}}
spec:
  path: ./{name}
  sourceRef: {{kind: GitRepository, name: flux-system}}
{more}"""
FAR = "  kubeConfig: {secretRef: {name: far}}\n"
ARGO = """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  source: {{path: {name}, repoURL: "https://example.com/this.git"}}
  destination: {{namespace: shop, {cluster}}}
"""
SERVICE = """apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
"""
ROUTE = """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec: {hosts: [web], http: [{route: [{destination: {host: web, subset: v1}}]}]}
"""
RULE = """apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: shop}
spec: {host: web, subsets: [{name: v2, labels: {version: v2}}]}
"""
APART = {"routes/web.yaml": SERVICE + "---\n" + ROUTE, "rules/web.yaml": RULE}


def node(text: str) -> Node:
    made = compose(text)
    assert made is not None
    return made


def rules(texts: dict[str, str]) -> set[str]:
    return {one.rule for one in check_texts(texts).findings}


def flux(routes: str = "", rules: str = "") -> dict[str, str]:
    entries = FLUX.format(name="routes", more=routes) + "---\n" + FLUX.format(name="rules", more=rules)
    return {**APART, "sync.yaml": entries}


def argo(routes: str, rules: str) -> dict[str, str]:
    entries = ARGO.format(name="routes", cluster=routes) + "---\n" + ARGO.format(name="rules", cluster=rules)
    return {**APART, "apps.yaml": entries}


def test_a_kubeconfig_leads_to_another_cluster() -> None:
    assert "SUBSET001" in rules(flux())
    assert "SUBSET001" in rules(flux(FAR, FAR))
    assert "SUBSET001" not in rules(flux(rules=FAR))
    assert "SUBSET001" not in rules(flux(FAR, FAR.replace("far", "further")))


@pytest.mark.parametrize(
    ("routes", "other", "together"),
    [
        ("server: https://kubernetes.default.svc", "name: in-cluster", True),
        ("server: https://10.0.0.1", "server: https://10.0.0.1/", True),
        ("server: https://10.0.0.1", "server: https://10.0.0.2", False),
        ("name: live", "name: test", False),
        ("name: live", "server: https://10.0.0.2", True),  # they may be one
        ("name: '{{name}}'", "name: test", True),
    ],
)
def test_destinations_of_argo(routes: str, other: str, *, together: bool) -> None:
    assert ("SUBSET001" in rules(argo(routes, other))) is together


def test_what_another_cluster_runs_is_of_that_cluster() -> None:
    far = FLUX.format(name="clusters", more=FAR)
    files = {**flux(), "clusters/sync.yaml": FLUX.format(name="rules", more="")}
    files["sync.yaml"] = FLUX.format(name="routes", more="") + "---\n" + far
    assert "SUBSET001" not in rules(files)
    clusters = {one.name: one.cluster for one in read_texts(files).deployments}
    assert clusters["Kustomization flux-system/routes"] == ""
    assert clusters["Kustomization flux-system/rules"] == "kubeconfig flux-system/far"


def test_a_release_goes_where_its_kubeconfig_says() -> None:
    release = "metadata: {name: a, namespace: b}\nspec: {kubeConfig: {configMapRef: {name: c}}}\n"
    assert cluster_of(node(release)) == "kubeconfig b/c"
    assert cluster_of(node("spec: {}"), "kubeconfig b/c") == "kubeconfig b/c"


def test_an_open_cluster_is_no_cluster_of_its_own() -> None:
    assert told_apart(["", None, "name live"]) == ["", "name live"]
    assert told_apart([None]) == []


VARS = """---
apiVersion: v1
kind: ConfigMap
metadata: {{name: vars, namespace: flux-system}}
data: {{version: {version}}}
"""
FILLED = "  postBuild: {substituteFrom: [{kind: ConfigMap, name: vars}]}\n"


def of_two_clusters() -> dict[str, str]:
    """One path that two clusters apply, each with values of its own."""
    entry = FLUX.format(name="apps", more=FILLED)
    rule = RULE.replace("labels: {version: v2}", 'labels: {version: "${version}"}')
    return {
        "clusters/a/apps.yaml": entry + VARS.format(version="one"),
        "clusters/b/apps.yaml": entry + VARS.format(version="two"),
        "apps/web.yaml": SERVICE + "---\n" + rule,
    }


def test_each_cluster_has_the_values_beside_its_own_entry_point() -> None:
    found = {one.name: one for one in read_texts(of_two_clusters()).deployments}
    versions = {
        name: [one.value for one in made.documents if one.value["kind"] == "DestinationRule"]
        for name, made in found.items()
    }
    labels = {name: one["spec"]["subsets"][0]["labels"] for name, (one,) in versions.items()}
    assert labels == {
        "Kustomization flux-system/apps in clusters/a": {"version": "one"},
        "Kustomization flux-system/apps in clusters/b": {"version": "two"},
    }


def test_a_block_that_a_patch_filled_stands_in_the_patch() -> None:
    routed = ROUTE.replace("subset: v1", "subset: v2")
    pods = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, version: v2}}
    spec: {containers: [{name: web, image: example.com/web}]}
"""
    kustomization = """resources: [web.yaml]
patches:
- patch: |
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata: {name: web, namespace: shop}
    spec:
      subsets:
      - name: v2
        labels:
          version: v3
"""
    texts = {"web.yaml": "---\n".join((SERVICE, routed, RULE, pods)), "kustomization.yaml": kustomization}
    (one,) = [one for one in check_texts(texts).findings if one.rule == "SUBSET004"]
    place = one.location
    line = texts[place.file].split("\n")[place.span.line - 1]
    assert (place.file, line.strip()) == ("kustomization.yaml", "labels:")
    inner = kustomization.split("patches")[0] + (
        "patches:\n- target: {kind: DestinationRule}\n  patch: |\n"
        "    - {op: replace, path: /spec/subsets/0/labels/version, value: v3}\n"
    )
    texts["kustomization.yaml"] = inner
    (one,) = [one for one in check_texts(texts).findings if one.rule == "SUBSET004"]
    line = inner.split("\n")[one.location.span.line - 1]
    assert one.location.file == "kustomization.yaml"
    assert "value: v3" in line
