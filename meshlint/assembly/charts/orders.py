"""Which charts in view Flux and Argo CD release, and with what values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from yaml.nodes import Node

from meshlint.assembly.charts.chart import Chart, chart_at
from meshlint.assembly.charts.render import as_json
from meshlint.assembly.charts.setting import Setting, set_values
from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.nodes import child, entries, items, text_of
from meshlint.assembly.repositories import is_elsewhere
from meshlint.assembly.tree import Tree, file_of, joined, nearest
from meshlint.sources.paths import shared_steps
from meshlint.values import frozen

_FLUX: Final = "helm.toolkit.fluxcd.io/"
_ARGO: Final = "argoproj.io/"
Values = list[tuple[str, bytes]]


@frozen(eq=False, repr=False)
class ChartOrder:
    """A release of a chart in view that the object `at` asks for; `why_not` if its values are not known."""

    name: str
    at: Node
    chart: Chart
    release: str
    namespace: str
    values: tuple[tuple[str, bytes], ...] = ()
    why_not: str | None = None


def orders(roots: Iterable[Node], tree: Tree, config: Sequence[Node]) -> Iterator[ChartOrder]:
    """The releases that objects ask for; `config` are those that may hold values."""
    for root in roots:
        version, kind = text_of(child(root, "apiVersion")), text_of(child(root, "kind"))
        if version.startswith(_FLUX) and kind == "HelmRelease":
            yield from _flux(root, tree, config)
        elif version.startswith(_ARGO) and kind == "Application":
            yield from _argo(root, tree)


def _flux(root: Node, tree: Tree, config: Sequence[Node]) -> Iterator[ChartOrder]:
    """Flux: HelmRelease (a chart by its path in a GitRepository, valuesFiles, valuesFrom, values)."""
    spec = child(root, "spec")
    about = child(spec, "chart", "spec")
    path = text_of(child(about, "chart"))
    is_path = ("/" in path or path == ".") and not is_elsewhere(root, child(about, "sourceRef"), config)
    directory = nearest(tree, root, path) if is_path else None
    chart = chart_at(tree, directory) if directory is not None else None
    if chart is None:
        return
    own = text_of(child(root, "metadata", "name"))
    target = text_of(child(spec, "targetNamespace"))
    values, why_not = _collected(_flux_values(root, tree, config))
    yield ChartOrder(
        f"HelmRelease {_full_name(root)}",
        root,
        chart,
        text_of(child(spec, "releaseName")) or (f"{target}-{own}" if target else own),
        target or text_of(child(root, "metadata", "namespace")) or "default",
        tuple(values),
        why_not,
    )


def _flux_values(root: Node, tree: Tree, config: Sequence[Node]) -> Iterator[tuple[str, bytes]]:
    spec = child(root, "spec")
    for file in items(child(spec, "chart", "spec", "valuesFiles")):
        yield _file(tree, nearest(tree, root, text_of(file), is_file=True), text_of(file))
    for source in items(child(spec, "valuesFrom")):
        yield from _values_of(source, root, config)
    inline = child(spec, "values")
    if inline is not None:
        yield "", as_json(inline)


def _values_of(source: Node, root: Node, config: Sequence[Node]) -> Iterator[tuple[str, bytes]]:
    kind, name = text_of(child(source, "kind")), text_of(child(source, "name"))
    key = text_of(child(source, "valuesKey")) or "values.yaml"
    places = {text_of(child(root, "metadata", "namespace")), ""}
    found = [
        (shared_steps(file_of(one), file_of(root)), data)
        for one in config
        if (text_of(child(one, "kind")), text_of(child(one, "metadata", "name"))) == ("ConfigMap", name)
        and text_of(child(one, "metadata", "namespace")) in places
        and (data := child(one, "data", key)) is not None
    ]
    target = text_of(child(source, "targetPath"))
    if kind == "ConfigMap" and found:
        text = text_of(max(found, key=lambda one: one[0])[1])
        yield "", set_values([_set(target, text)]) if target else text.encode()
    elif text_of(child(source, "optional")) != "true":
        raise CannotBuild(f"it takes values from {kind} {name}, which is not in these files")


def _argo(root: Node, tree: Tree) -> Iterator[ChartOrder]:
    """Argo CD: Application (a chart at the path of a source; valueFiles, values, parameters)."""
    spec = child(root, "spec")
    one = child(spec, "source")
    for source in [*items(child(spec, "sources")), *([one] if one is not None else [])]:
        path = text_of(child(source, "path"))
        directory = nearest(tree, root, path) if path else None
        chart = chart_at(tree, directory) if directory is not None else None
        if chart is None:
            continue
        helm = child(source, "helm")
        values, why_not = _collected(_argo_values(root, helm, tree, chart))
        yield ChartOrder(
            f"Application {_full_name(root)}",
            root,
            chart,
            text_of(child(helm, "releaseName")) or text_of(child(root, "metadata", "name")),
            text_of(child(spec, "destination", "namespace")) or "default",
            tuple(values),
            why_not,
        )


def _argo_values(root: Node, helm: Node | None, tree: Tree, chart: Chart) -> Iterator[tuple[str, bytes]]:
    for file in items(child(helm, "valueFiles")):
        name = text_of(file)
        is_outside = name.startswith("$")
        path = (
            nearest(tree, root, name.partition("/")[2], is_file=True)
            if is_outside
            else joined(chart.directory, name)
        )
        if text_of(child(helm, "ignoreMissingValueFiles")) != "true" or (
            path and tree.text(path) is not None
        ):
            yield _file(tree, path, name)
    text, inline = text_of(child(helm, "values")), child(helm, "valuesObject")
    if inline is not None:
        yield "", as_json(inline)
    elif text:
        yield "", text.encode()
    parameters = items(child(helm, "parameters"))
    if parameters:
        yield "", set_values(_parameter(one) for one in parameters)


def _parameter(one: Node) -> Setting:
    """Argo CD: a parameter is given to helm with --set, or with --set-string."""
    text, as_text = text_of(child(one, "value")), text_of(child(one, "forceString")) == "true"
    return Setting(text_of(child(one, "name")), text, as_text=as_text)


def _set(path: str, text: str) -> Setting:
    """Flux: a value in quotes is a text, any other is read as helm reads --set."""
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    if not is_quoted and "," in text:
        raise CannotBuild(f"what it sets at {path} is not understood")
    return Setting(path, text[1:-1] if is_quoted else text, as_text=is_quoted)


def _file(tree: Tree, path: str | None, name: str) -> tuple[str, bytes]:
    data = tree.text(path) if path is not None else None
    if path is None or data is None:
        raise CannotBuild(f"its values file {name} is not in these files")
    return path, data


def _full_name(root: Node) -> str:
    metadata = child(root, "metadata")
    found = {name: text_of(value) for name, _, value in entries(metadata)}
    return "/".join(found[part] for part in ("namespace", "name") if found.get(part))


def _collected(values: Iterator[tuple[str, bytes]]) -> tuple[Values, str | None]:
    """What was read, or why it could not be."""
    try:
        return list(values), None
    except CannotBuild as error:
        return [], str(error)
