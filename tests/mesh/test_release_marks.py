"""Which releases the files show, and which of them counts."""

from __future__ import annotations

import pytest
import yaml

from meshlint.api import CheckOptions, Project, ReadOptions, Selection, check_texts, read_texts
from meshlint.mesh.settings.release_marks import release_in


def deployment(name: str, image: str) -> str:
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: a}}\nspec:\n"
        f"  selector: {{matchLabels: {{a: b}}}}\n  template:\n    metadata: {{labels: {{a: b}}}}\n"
        f"    spec: {{containers: [{{name: c, image: '{image}'}}]}}\n"
    )


def definition(group: str, labels: dict[str, str], annotations: dict[str, str]) -> str:
    return yaml.safe_dump(
        {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": f"things.{group}", "labels": labels, "annotations": annotations},
            "spec": {"group": group, "names": {"kind": "Thing", "plural": "things"}},
        }
    )


def read(*texts: str, **versions: str) -> Project:
    named = {f"{index}.yaml": text for index, text in enumerate(texts)}
    return read_texts(named, ReadOptions(versions={key.replace("_", "-"): v for key, v in versions.items()}))


HELM = """apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: istiod, namespace: a}
spec: {chart: {spec: {chart: istiod, version: %s}}}
"""
ARGO = """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: istiod, namespace: a}
spec: {sources: [{chart: istiod, targetRevision: %s}]}
"""
OPERATOR = (
    "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: a}\nspec: {tag: 1.26.3}\n"
)
SAIL = (
    "apiVersion: sailoperator.io/v1\nkind: Istio\nmetadata: {name: default}\nspec: {version: v1.27-latest}\n"
)


@pytest.mark.parametrize(
    ("text", "project", "release"),
    [
        (deployment("istiod", "docker.io/istio/pilot:1.24.2-distroless"), "Istio", (1, 24)),
        (deployment("istiod", "gcr.io/istio-release/pilot:1.24.2@sha256:ab"), "Istio", (1, 24)),
        (deployment("web", "docker.io/istio/proxyv2:1.25.0"), "Istio", (1, 25)),
        (deployment("l5d", "cr.l5d.io/linkerd/controller:stable-2.14.10"), "Linkerd", (2, 14)),
        (deployment("l5d", "ghcr.io/linkerd/controller:edge-25.4.4"), "Linkerd", (2, 18)),
        (deployment("l5d", "ghcr.io/buoyantio/controller:enterprise-2.17.1"), "Linkerd", (2, 17)),
        (HELM % "1.26.x", "Istio", (1, 26)),
        (ARGO % "1.28.1", "Istio", (1, 28)),
        (OPERATOR, "Istio", (1, 26)),
        (SAIL, "Istio", (1, 27)),
        (
            definition(
                "gateway.networking.k8s.io", {}, {"gateway.networking.k8s.io/bundle-version": "v1.2.1"}
            ),
            "Gateway API",
            (1, 2),
        ),
        (
            definition("security.istio.io", {"app.kubernetes.io/version": "1.27.1"}, {}),
            "Istio",
            (1, 27),
        ),
    ],
)
def test_what_shows_a_release(text: str, project: str, release: tuple[int, int]) -> None:
    versions = read(text).mesh.settings.versions
    assert versions.releases == {project: release}
    assert versions.shown[project][0].at.document.file == "0.yaml"


@pytest.mark.parametrize(
    "text",
    [
        deployment("web", "example.com/pilot:1.24"),
        deployment("istiod", "docker.io/istio/pilot:latest"),
        deployment("istiod", "docker.io/istio/pilot"),
        deployment("app", "docker.io/istio/examples-bookinfo-ratings-v1:1.16.2"),
        HELM % "'>=1.20'",
        HELM % "'*'",
        definition(
            "gateway.networking.k8s.io", {}, {"gateway.networking.k8s.io/bundle-version": "v0.0.0-dev"}
        ),
        definition("example.com", {"app.kubernetes.io/version": "1.27.1"}, {}),
    ],
)
def test_what_shows_none(text: str) -> None:
    project = read(text)
    assert project.mesh.settings.versions.releases == {}
    assert project.summary.notes == ()


def test_what_is_stated_counts_more_than_what_is_shown() -> None:
    project = read(deployment("istiod", "istio/pilot:1.24.2"), istio="1.27")
    assert project.mesh.settings.versions.istio == (1, 27)
    assert project.summary.notes == ()


def test_of_two_control_planes_the_lower_release_counts() -> None:
    old, new = deployment("old", "istio/pilot:1.24.2"), deployment("new", "istio/pilot:1.26.0")
    project = read(new, old, deployment("web", "istio/proxyv2:1.24.0"))
    assert project.mesh.settings.versions.istio == (1, 24)
    assert project.summary.notes == (
        "Istio 1.24 is meant, as 1.yaml:8 shows; 0.yaml:8 shows 1.26, and the lower one counts",
    )


def test_proxies_may_be_older_than_their_control_plane() -> None:
    old, new = deployment("old", "istio/proxyv2:1.24.2"), deployment("new", "istio/proxyv2:1.26.0")
    project = read(old, new)
    assert project.mesh.settings.versions.istio == (1, 26)
    assert "the higher one counts" in project.summary.notes[0]
    assert read(old, deployment("istiod", "istio/pilot:1.27.0")).mesh.settings.versions.istio == (1, 27)


def test_a_release_that_is_not_known_is_told() -> None:
    assert read("", istio="1.99").summary.notes == (
        "Istio 1.99 is newer than all that meshlint knows, so what comes after 1.30 stands in for it",
    )
    assert read("", linkerd="2.10").summary.notes == (
        "Linkerd 2.10 is older than all that meshlint knows, so 2.14 stands in for it",
    )


@pytest.mark.parametrize(
    ("tag", "release"),
    [
        ("edge-24.2.4", (2, 15)),
        ("edge-24.9.1", (2, 17)),
        ("edge-25.12.1", (2, 20)),
        ("edge-30.1.1", (2, 21)),
        ("stable-2.14.10", (2, 14)),
        ("git-1234", None),
        ("v2.300.0", None),
    ],
)
def test_releases_of_linkerd(tag: str, release: tuple[int, int] | None) -> None:
    assert release_in("Linkerd", tag) == release


def test_defaults_follow_the_release() -> None:
    assert read("").mesh.settings.linkerd.native_sidecar
    assert not read("", linkerd="2.19").mesh.settings.linkerd.native_sidecar
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: linkerd-config, namespace: linkerd}\n"
    config += 'data: {values: "proxy: {nativeSidecar: true}"}\n'
    assert read(config, linkerd="2.19").mesh.settings.linkerd.native_sidecar


@pytest.mark.parametrize(
    ("shown", "stated", "told"),
    [
        ("1.5.1", {}, "removed config.istio.io/v1alpha2 rule, so no release since then reads it"),
        ("1.28.1", {}, "removed config.istio.io/v1alpha2 rule, so nothing reads it"),
        ("1.28.1", {"istio": "1.5"}, ""),
    ],
)
def test_what_was_dropped_long_ago_is_told_unless_its_release_is_stated(
    shown: str, stated: dict[str, str], told: str
) -> None:
    rule = "apiVersion: config.istio.io/v1alpha2\nkind: rule\nmetadata: {name: a, namespace: b}\nspec: {}\n"
    texts = {"a.yaml": deployment("istiod", f"istio/pilot:{shown}"), "b.yaml": rule}
    options = CheckOptions(Selection(select=("UPGRADE001",)), reading=ReadOptions(versions=stated))
    messages = [one.message for one in check_texts(texts, options).findings]
    assert messages == ([f"rule b/a: Istio 1.8 {told}"] if told else [])
