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
