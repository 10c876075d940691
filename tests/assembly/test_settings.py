"""Values that are set one by one, as `helm --set` reads them."""

from __future__ import annotations

import json

import pytest

from meshlint.api import read_texts
from meshlint.assembly.charts.orders import orders
from meshlint.assembly.charts.setting import Setting, set_values
from meshlint.assembly.kustomize import CannotBuild
from meshlint.assembly.nodes import adopted
from meshlint.assembly.tree import TextFiles, Tree
from meshlint.documents import read

CHART = {"charts/shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n"}
RELEASE = """apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{name: till, namespace: flux-system}}
spec:
  chart: {{spec: {{chart: ./charts/shop, sourceRef: {{kind: GitRepository, name: flux-system}}}}}}
  valuesFrom: [{source}]
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: vars, namespace: flux-system}}
data: {{port: "81", quoted: '"81"', list: "a,b", values.yaml: "port: 82"}}
"""


@pytest.mark.parametrize(
    ("text", "value"),
    [("81", 81), ("true", True), ("null", None), ("0", 0), ("081", "081"), ("1.5", "1.5"), ("yes", "yes")],
)
def test_what_kind_of_value_it_is(text: str, value: object) -> None:
    assert json.loads(set_values([Setting("a", text)])) == {"a": value}
    assert json.loads(set_values([Setting("a", text, as_text=True)])) == {"a": text}


def test_paths() -> None:
    settings = [Setting("a.b", "1"), Setting("a.c", "2"), Setting(r"labels.example\.com/x", "y")]
    assert json.loads(set_values(settings)) == {"a": {"b": 1, "c": 2}, "labels": {"example.com/x": "y"}}


@pytest.mark.parametrize("path", ["a[0]", "a..b", ""])
def test_paths_that_are_not_understood(path: str) -> None:
    with pytest.raises(CannotBuild, match="not understood"):
        set_values([Setting(path, "1")])


def values(source: str) -> object:
    """What a release of Flux takes from a source, or why it takes nothing."""
    texts = {**CHART, "till.yaml": RELEASE.format(source=source)}
    assert read_texts(texts).resources.resources
    nodes = [adopted(one) for one in read("till.yaml", texts["till.yaml"].encode()).documents]
    (order,) = orders(nodes, Tree(TextFiles(texts)), nodes)
    return order.why_not or [text.decode() for _, text in order.values]


def test_values_of_flux() -> None:
    assert values("{kind: ConfigMap, name: vars}") == ["port: 82"]
    port = "{kind: ConfigMap, name: vars, valuesKey: port, targetPath: mesh.port}"
    assert values(port) == ['{"mesh": {"port": 81}}']
    quoted = "{kind: ConfigMap, name: vars, valuesKey: quoted, targetPath: port}"
    assert values(quoted) == ['{"port": "81"}']
    assert "not understood" in str(values("{kind: ConfigMap, name: vars, valuesKey: list, targetPath: port}"))
    assert "Secret far" in str(values("{kind: Secret, name: far, targetPath: password}"))
    assert values("{kind: Secret, name: far, optional: true}") == []
