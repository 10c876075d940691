"""The fields of a kustomization (kustomize: types.Kustomization and what it holds, 5.7)."""

from __future__ import annotations

from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode

from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.kustomize.form import Fields, ListOf, MapOf, Plain, Shape, formed
from meshlint.assembly.nodes import child, entries, items, put, scalar, sequence, text_of

_COMPONENT: Final = "Component"
_VERSIONS: Final = {
    "Kustomization": "kustomize.config.k8s.io/v1beta1",
    _COMPONENT: "kustomize.config.k8s.io/v1alpha1",
}
_FORMER: Final = (("bases", "resources"), ("imageTags", "images"))
"""Fields that are now parts of others, behind what stands there."""
_SCHEMA: Final = "v1.21.2"
_ORDERS: Final = frozenset({"", "legacy", "fifo"})

_TEXT: Final = Plain(str)
_TRUTH: Final = Plain(bool)
_NUMBER: Final = Plain(int)
_TEXTS: Final = ListOf(_TEXT)
_PAIRS: Final = MapOf(_TEXT)


def _texts(*names: str) -> dict[str, Shape]:
    return dict.fromkeys(names, _TEXT)


_KIND: Final = _texts("group", "version", "kind")
_OBJECT: Final = _KIND | _texts("name", "namespace")
_SELECTOR: Final = Fields(_OBJECT | _texts("annotationSelector", "labelSelector"))
_PATCH: Final = Fields({**_texts("path", "patch"), "target": _SELECTOR, "options": MapOf(_TRUTH)})
_IMAGE: Final = Fields(_texts("name", "newName", "tagSuffix", "newTag", "digest"))
_OPTIONS: Final = Fields({**_texts("delimiter", "encoding"), "index": _NUMBER, "create": _TRUTH})
_SOURCE: Final = Fields({**_OBJECT, "fieldPath": _TEXT, "options": _OPTIONS})
_TARGET: Final = Fields(
    {"select": _SELECTOR, "reject": ListOf(_SELECTOR), "fieldPaths": _TEXTS, "options": _OPTIONS}
)
_REPLACEMENT: Final = Fields(
    {"source": _SOURCE, "targets": ListOf(_TARGET), "sourceValue": _TEXT, "path": _TEXT}
)
_FIELD: Final = Fields({**_KIND, "path": _TEXT, "create": _TRUTH})
_LABEL: Final = Fields(
    {"pairs": _PAIRS, "includeSelectors": _TRUTH, "includeTemplates": _TRUTH, "fields": ListOf(_FIELD)}
)
_GENERATOR_OPTIONS: Final = Fields(
    {"labels": _PAIRS, "annotations": _PAIRS, "disableNameSuffixHash": _TRUTH, "immutable": _TRUTH}
)
_GENERATOR: Final[dict[str, Shape]] = {
    **_texts("namespace", "name", "behavior", "env"),
    **dict.fromkeys(("literals", "files", "envs"), _TEXTS),
    "options": _GENERATOR_OPTIONS,
}
_VARIABLE: Final = Fields(
    {
        "name": _TEXT,
        "objref": Fields({"apiVersion": _TEXT, **_OBJECT}),
        "fieldref": Fields({"fieldPath": _TEXT}),
    }
)
_CHART: Final = Fields(
    {
        **_texts("name", "version", "repo", "releaseName", "namespace", "valuesFile", "valuesMerge"),
        **_texts("kubeVersion", "nameTemplate"),
        **dict.fromkeys(("includeCRDs", "skipHooks", "skipTests", "debug", "devel"), _TRUTH),
        **dict.fromkeys(("additionalValuesFiles", "apiVersions"), _TEXTS),
        "valuesInline": MapOf(Plain()),
    }
)
_FORMER_CHART: Final = Fields(
    {
        **_texts("chartName", "chartVersion", "chartRepoUrl", "chartHome", "chartRepoName", "helmBin"),
        **_texts("helmHome", "values", "valuesMerge", "releaseName", "releaseNamespace"),
        "valuesLocal": MapOf(Plain()),
        "extraArgs": _TEXTS,
    }
)
_SORT: Final = Fields(
    {"order": _TEXT, "legacySortOptions": Fields({"orderFirst": _TEXTS, "orderLast": _TEXTS})}
)
_KUSTOMIZATION: Final = Fields(
    {
        **_texts("apiVersion", "kind", "namePrefix", "nameSuffix", "namespace"),
        **dict.fromkeys(("resources", "bases", "components", "crds", "configurations"), _TEXTS),
        **dict.fromkeys(("generators", "transformers", "validators", "buildMetadata"), _TEXTS),
        **dict.fromkeys(("openapi", "commonLabels", "commonAnnotations"), _PAIRS),
        **dict.fromkeys(("patches", "patchesJson6902"), ListOf(_PATCH)),
        **dict.fromkeys(("images", "imageTags"), ListOf(_IMAGE)),
        "metadata": Fields({**_texts("name", "namespace"), "labels": _PAIRS, "annotations": _PAIRS}),
        "labels": ListOf(_LABEL),
        "patchesStrategicMerge": _TEXTS,
        "replacements": ListOf(_REPLACEMENT),
        "replicas": ListOf(Fields({"name": _TEXT, "count": _NUMBER})),
        "vars": ListOf(_VARIABLE),
        "sortOptions": _SORT,
        "configMapGenerator": ListOf(Fields(_GENERATOR)),
        "secretGenerator": ListOf(Fields({**_GENERATOR, "type": _TEXT})),
        "helmGlobals": Fields(_texts("chartHome", "configHome")),
        "helmCharts": ListOf(_CHART),
        "helmChartInflationGenerator": ListOf(_FORMER_CHART),
        "generatorOptions": _GENERATOR_OPTIONS,
    }
)


def spelt(root: Node) -> Node:
    """`root`, which is changed, with its outermost fields as kustomize names them, whatever they hold."""
    if isinstance(root, MappingNode):
        exact = {text_of(key) for key, _ in root.value}
        root.value[:] = [(_spelt(key, exact), value) for key, value in root.value]
    return root


def _spelt(key: Node, exact: set[str]) -> Node:
    name = _KUSTOMIZATION.spelt(text_of(key))
    return key if name is None or name in exact or not isinstance(key, ScalarNode) else scalar(name, key)


def well_formed(root: Node, path: str) -> MappingNode:
    """A kustomization as kustomize reads it; raises `CannotBuild` where it would not."""
    made = formed(root, _KUSTOMIZATION, "")
    said = {name for name, _, _ in entries(made)} - {"apiVersion", "kind"}
    if not isinstance(made, MappingNode) or not said:
        raise CannotBuild(f"{path} is empty")
    kind = text_of(child(made, "kind")) or "Kustomization"
    version = text_of(child(made, "apiVersion"))
    if kind not in _VERSIONS:
        raise CannotBuild(f"{path} has the kind {kind}")
    if version not in {"", _VERSIONS[kind]}:
        raise CannotBuild(f"{path} has the apiVersion {version}, not {_VERSIONS[kind]}")
    if text_of(child(made, "sortOptions", "order")) not in _ORDERS:
        raise CannotBuild(f"{path} sorts in an order that is neither legacy nor fifo")
    if text_of(child(made, "openapi", "version")) not in {"", _SCHEMA}:
        raise CannotBuild(f"{path} names a version of Kubernetes whose schema kustomize does not have")
    for former, now in _FORMER:
        _move(made, former, now)
    return made


def _move(root: MappingNode, former: str, now: str) -> None:
    moved = items(child(root, former))
    if moved:
        joined = sequence(child(root, now) or moved[0])
        joined.value += [*items(child(root, now)), *moved]
        put(root, scalar(now, joined), joined)
        root.value[:] = [pair for pair in root.value if text_of(pair[0]) != former]
