"""What is read: JSON, lists, charts, kustomizations, configuration, changed files, namespaces."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.running import CLEAN, ERROR, Done, meshlint, write

if TYPE_CHECKING:
    from pathlib import Path

_ROUTE = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route:
        - destination:
            host: reviews
            subset: v2
"""
_SUBSETS = """\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets:
    - name: v1
      labels: {version: v1}
"""
_SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  selector: {app: reviews}
  ports: [{name: http-web, port: 80}]
"""


def concise(*arguments: str, at: Path, stdin: bytes = b"") -> Done:
    done = meshlint("check", "-o", "concise", *arguments, at=at, stdin=stdin)
    assert "Traceback" not in done.err
    return done


def server(**metadata: str) -> dict[str, Any]:
    spec = {"podSelector": {"matchLabels": {"app": "web"}}, "port": "http"}
    return {
        "apiVersion": "policy.linkerd.io/v1beta4",
        "kind": "Server",
        "metadata": {"name": "web", **metadata},
        "spec": spec,
    }


def test_json_is_read_and_places_count(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(server(), indent=2))
    assert concise(at=tmp_path).out.startswith("a.json:2:17: error: Server default/web ")


def test_items_of_a_list_are_objects(tmp_path: Path) -> None:
    content = json.dumps({"apiVersion": "v1", "kind": "List", "items": [server(), server(name="other")]})
    done = concise("-", at=tmp_path, stdin=content.encode())
    assert "2 objects in 1 file" in done.err
    assert done.out.startswith("<stdin>:1:")


def test_a_chart_is_named_with_what_to_do(tmp_path: Path) -> None:
    templates = tmp_path / "chart" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "chart" / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    write(templates, server="kind: Server\nmetadata:\n  name: {{ .Release.Name }}\n")
    alone, beside = concise("chart", at=tmp_path), concise(at=write(tmp_path, a=ERROR))
    assert (alone.code, alone.out) == (4, "")
    assert (beside.code, beside.out.count("\n")) == (1, 1)
    for done in (alone, beside):
        assert "helm template chart | meshlint check -" in done.err
        assert "chart/templates/server.yaml" in done.err


def test_a_kustomization_is_read_as_plain_files_less_its_patches(tmp_path: Path) -> None:
    base = tmp_path / "base"
    base.mkdir()
    write(
        base, good=CLEAN, patch=ERROR, kustomization="resources: [good.yaml]\npatches: [{path: patch.yaml}]\n"
    )
    done = concise(at=tmp_path)
    assert (done.code, done.out) == (0, "")
    assert "base/kustomization.yaml" in done.err
    assert "meshlint check --kustomize" in done.err
    assert "base/patch.yaml" in done.err


def test_files_without_an_object_are_counted(tmp_path: Path) -> None:
    done = concise(at=write(tmp_path, a=CLEAN, values="colour: green\n", workflow="on: push\njobs: {}\n"))
    assert done.code == 0
    assert "values.yaml, workflow.yaml" in done.err


def test_what_git_ignores_is_left_out_unless_asked_for(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("out/\n")
    (tmp_path / "out").mkdir()
    write(tmp_path / "out", a=ERROR)
    write(tmp_path, a=CLEAN)
    assert concise(at=tmp_path).code == 0
    assert concise("--no-gitignore", at=tmp_path).out.startswith("out/a.yaml:1:13")


def test_globs_are_expanded_by_meshlint_too(tmp_path: Path) -> None:
    write(tmp_path, a=ERROR, b=CLEAN)
    assert "1 object in 1 file" in concise("a*.yaml", at=tmp_path).err
    assert concise("c*.yaml", at=tmp_path).code == 2


def test_a_change_is_told_of_what_it_breaks_elsewhere(tmp_path: Path) -> None:
    write(tmp_path, route=_ROUTE, subsets=_SUBSETS, service=_SERVICE, other=ERROR)
    whole = concise(at=tmp_path)
    assert "route.yaml:10:21: error" in whole.out
    assert "other.yaml:1:13: error" in whole.out
    changed = concise("--changed", "subsets.yaml", at=tmp_path)
    assert "route.yaml:10:21: error" in changed.out
    assert "other.yaml" not in changed.out
    untouched = concise("--changed", "service.yaml", "--select", "SCHEMA", at=tmp_path)
    assert (untouched.code, untouched.out) == (0, "")


def test_a_changed_file_that_never_was_is_said(tmp_path: Path) -> None:
    done = concise("--changed", "gone.yaml", at=write(tmp_path, a=ERROR))
    assert (done.code, done.out) == (2, "")
    assert "gone.yaml" in done.err


def test_objects_without_a_namespace_go_where_they_are_told_to(tmp_path: Path) -> None:
    content = ERROR.replace("  namespace: shop\n", "")
    write(tmp_path, a=content)
    assert "Server default/web" in concise(at=tmp_path).out
    assert "Server billing/web" in concise("--namespace", "billing", at=tmp_path).out


def test_the_nearest_configuration_counts(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    inner = tmp_path / "apps" / "web"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[tool.meshlint]\nignore = ["SCHEMA009"]\n')
    write(inner, a=ERROR)
    assert concise(at=inner).code == 0
    assert "Configuration: ../../pyproject.toml" in concise(at=inner).err
    assert concise("--no-config", at=inner).code == 1
    write(inner, meshlint="fail-on: never\n")
    nearest = concise(at=inner)
    assert (nearest.code, nearest.out.count("\n")) == (0, 1)
    assert concise("--fail-on", "error", at=inner).code == 1
    assert concise("--config", "../../pyproject.toml", at=inner).out == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("selct: [MTLS]", 'meshlint.yaml:1: "selct" is no known key. Did you mean "select"?'),
        ("fail-on: eror", 'must be one of error, warning, info, never. Did you mean "error"?'),
        ("select: [MTSL]", 'Did you mean "MTLS"?'),
        ("[", "meshlint.yaml:1: "),
        ("- a", "must be a mapping"),
        ("profile: [strict]", "must be one of"),
    ],
)
def test_a_wrong_configuration_is_refused_with_its_place(tmp_path: Path, content: str, said: str) -> None:
    done = concise(at=write(tmp_path, a=ERROR, meshlint=content + "\n"))
    assert (done.code, done.out) == (2, "")
    assert said in done.err


@pytest.mark.parametrize(
    "settings",
    [
        "rootNamespace: mesh-root\n",
        "meshConfig: {rootNamespace: mesh-root}\n",
        "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\n"
        "spec: {meshConfig: {rootNamespace: mesh-root}}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\n"
        "data: {mesh: 'rootNamespace: mesh-root'}\n",
    ],
    ids=["MeshConfig", "Helm values", "IstioOperator", "ConfigMap"],
)
def test_mesh_wide_settings_come_from_a_named_file(tmp_path: Path, settings: str) -> None:
    strict = (
        "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\n"
        "metadata: {name: default, namespace: mesh-root}\nspec: {mtls: {mode: STRICT}}\n"
    )
    meshed = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n"
    workload = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n"
        "spec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n"
        "    spec: {serviceAccountName: web, containers: [{name: web, image: web}]}\n"
    )
    objects = tmp_path / "objects"
    objects.mkdir()
    write(objects, all="---\n".join([strict, meshed, workload]))
    write(tmp_path, settings=settings)
    asked = ("objects", "--select", "MTLS001")
    assert "MTLS001" in concise(*asked, at=tmp_path).out
    assert concise(*asked, "--mesh-config", "settings.yaml", at=tmp_path).out == ""
