"""What releases of Helm charts tell of the mesh, and which namespaces they leave open."""

from __future__ import annotations

import pytest

from meshlint.api import check_texts, read_texts

LINKERD = """apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: linkerd, namespace: linkerd}
spec:
  chart: {spec: {chart: linkerd-control-plane, sourceRef: {kind: HelmRepository, name: linkerd}}}
  valuesFrom: [{kind: ConfigMap, name: more, valuesKey: own.yaml}]
  values: {proxy: {defaultInboundPolicy: deny}, identityTrustDomain: till.example}
"""
MORE = """apiVersion: v1
kind: ConfigMap
metadata: {name: more, namespace: linkerd}
data: {own.yaml: "clusterNetworks: 10.9.0.0/16\\nidentityTrustDomain: other.example"}
"""
ARGO = """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: mesh, namespace: argocd}
spec:
  source: {chart: CHART, repoURL: https://example.com/charts, helm: HELM}
  destination: {namespace: PLACE}
"""
K3S = """apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: istiod, namespace: kube-system}
spec: {chart: istiod, targetNamespace: mesh, valuesContent: "meshConfig: {rootNamespace: mesh}"}
"""


def test_values_of_linkerd() -> None:
    linkerd = read_texts({"a.yaml": f"{LINKERD}---\n{MORE}"}).mesh.settings.linkerd
    assert linkerd.default_inbound_policy == "deny"
    assert linkerd.trust_domain == "till.example"
    assert linkerd.cluster_networks == ("10.9.0.0/16",)


@pytest.mark.parametrize(
    "text",
    [
        ARGO.replace("CHART", "istiod").replace(
            "HELM", "{valuesObject: {meshConfig: {rootNamespace: mesh}}}"
        ),
        ARGO.replace("CHART", "istiod").replace("HELM", '{values: "meshConfig: {rootNamespace: mesh}"}'),
        K3S,
    ],
)
def test_values_of_istiod(text: str) -> None:
    assert read_texts({"a.yaml": text.replace("PLACE", "mesh")}).mesh.settings.root_namespace == "mesh"


def test_values_of_istiod_in_a_config_map() -> None:
    release = LINKERD.replace("linkerd-control-plane", "istiod").replace("values: {proxy", "values: {proxies")
    values = MORE.replace("clusterNetworks: 10.9.0.0/16", "meshConfig: {rootNamespace: roots}")
    assert read_texts({"a.yaml": f"{release}---\n{values}"}).mesh.settings.root_namespace == "roots"


def test_values_of_istiod_in_a_file_of_another_source() -> None:
    application = ARGO.replace("PLACE", "mesh").replace(
        "source: {chart: CHART, repoURL: https://example.com/charts, helm: HELM}",
        "sources: [{chart: istiod, repoURL: https://example.com/charts, "
        "helm: {valueFiles: [$own/mesh/values.yaml, more.yaml]}}, {ref: own, repoURL: https://example.com/a}]",
    )
    texts = {
        "argocd/mesh.yaml": application,
        "mesh/values.yaml": "meshConfig: {rootNamespace: roots}\n",
        "more.yaml": "meshConfig: {rootNamespace: other}\n",
    }
    assert read_texts(texts).mesh.settings.root_namespace == "roots"
    del texts["mesh/values.yaml"]
    assert read_texts(texts).mesh.settings.root_namespace == "istio-system"


ROUTE = """apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, name: http}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web]
  http: [{route: [{destination: {host: wob}}]}]
"""


def rules(*texts: str) -> set[str]:
    return {one.rule for one in check_texts({f"{n}.yaml": text for n, text in enumerate(texts)}).findings}


def test_a_chart_may_bring_what_is_missing() -> None:
    chart = ARGO.replace("CHART", "till").replace("HELM", "{}")
    assert rules(ROUTE) != set()
    assert rules(ROUTE, chart.replace("PLACE", "shop")) == set()
    assert rules(ROUTE, chart.replace("PLACE", "other")) == rules(ROUTE)


def test_a_chart_of_a_mesh_brings_no_application() -> None:
    chart = ARGO.replace("CHART", "cni").replace("HELM", "{}").replace("PLACE", "shop")
    assert rules(ROUTE, chart) == rules(ROUTE)


def test_a_release_without_a_namespace_may_go_to_those_beside_it() -> None:
    release = LINKERD.replace("linkerd-control-plane", "till").replace(", namespace: linkerd", "")
    assert rules(ROUTE, release) == set()


def test_the_summary_names_what_is_open() -> None:
    chart = ARGO.replace("CHART", "till").replace("HELM", "{}").replace("PLACE", "shop")
    notes = check_texts({"a.yaml": ROUTE, "b.yaml": chart}).summary.notes
    assert any("may add Services and pods to shop" in note for note in notes)
