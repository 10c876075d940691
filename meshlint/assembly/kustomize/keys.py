"""The fields of a kustomization, however their letters are written."""

from __future__ import annotations

from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode

from meshlint.assembly.nodes import scalar, text_of

_FIELDS: Final = {
    name.lower(): name
    for name in (
        "bases",
        "buildMetadata",
        "commonAnnotations",
        "commonLabels",
        "components",
        "configMapGenerator",
        "configurations",
        "crds",
        "generatorOptions",
        "generators",
        "helmChartInflationGenerator",
        "helmCharts",
        "helmGlobals",
        "images",
        "labels",
        "namePrefix",
        "nameSuffix",
        "namespace",
        "openapi",
        "patches",
        "patchesJson6902",
        "patchesStrategicMerge",
        "replacements",
        "replicas",
        "resources",
        "secretGenerator",
        "sortOptions",
        "transformers",
        "validators",
        "vars",
    )
}


def spelt(root: Node) -> Node:
    """`root`, which is changed, with its fields as kustomize names them.

    kustomize reads its file as Go reads JSON: `nameprefix` is `namePrefix` (Go: encoding/json, which prefers
    the exact name and takes any that differs in the case of letters alone).
    """
    if isinstance(root, MappingNode):
        exact = {text_of(key) for key, _ in root.value}
        root.value[:] = [(_spelt(key, exact), value) for key, value in root.value]
    return root


def _spelt(key: Node, exact: set[str]) -> Node:
    name = _FIELDS.get(text_of(key).lower(), "")
    if not name or name in exact or not isinstance(key, ScalarNode):
        return key
    return scalar(name, key)
