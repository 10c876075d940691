"""From the kustomizations and objects in view to what is deployed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from yaml.nodes import Node

from meshlint.assembly.deployments.charts import released
from meshlint.assembly.deployments.clusters import OWN
from meshlint.assembly.deployments.deployment import Deployment, deployment, origins, place
from meshlint.assembly.deployments.entry import Entry, entries, object_of
from meshlint.assembly.deployments.substitution import substitute, values_of
from meshlint.assembly.kustomize import Built, CannotBuild, build, is_of_definitions, overlaid
from meshlint.assembly.kustomize.kustomization import spelt
from meshlint.assembly.nodes import child, items, text_of
from meshlint.assembly.tree import Tree, joined, nearest
from meshlint.values import evolve

_COMPONENT: Final = "Component"
_MOST: Final = 500


def deployments(
    tree: Tree,
    directories: Iterable[str],
    plain: Sequence[Node],
    charts: Iterable[str] = (),
    values: Sequence[str] = (),
) -> list[Deployment]:
    """What kustomizations, charts in the directories `charts`, and entry points among `plain` objects deploy.

    `values` are files of values for charts that nobody releases.

    A kustomization that another one includes, or that an entry point leads to, is no entry point itself; nor
    is a chart that somebody releases.
    """
    known = sorted(set(directories))
    included = {path for directory in known for path in _included(tree, directory)}
    roots = [one for one in known if one not in included and not _is_component(tree, one)]
    alone = {directory: _kustomized(tree, directory) for directory in roots}
    declared = [*plain, *(document.node for one in alone.values() for document in one.documents)]
    led_to, found = _led_to(tree, declared)
    found += list(released(tree, charts, declared, found, values))
    covered = {file for one in found if one.failure is None for file in one.files}
    for directory, one in alone.items():
        if directory not in led_to and tree.kustomization(directory) not in covered:
            found.append(one)
    return sorted(found, key=lambda one: one.name)


def _led_to(tree: Tree, declared: Sequence[Node]) -> tuple[set[str], list[Deployment]]:
    """The directories that entry points lead to, and what comes of them.

    Those for other clusters are followed first: an entry point that is deployed to one of them works there.
    """
    known = list(entries(declared, tree, declared))
    far = [one for one in known if one.cluster != OWN]
    led_to, found = _follow(tree, far, declared)
    there = {file for one in found for file in one.files}
    own = [one for one in known if one.cluster == OWN and _file(one) not in there]
    directories, others = _follow(tree, own, declared, found)
    return led_to | directories, others


def _file(entry: Entry) -> str:
    return str(getattr(entry.at.start_mark, "file", ""))


def _follow(
    tree: Tree, pending: list[Entry], config: Sequence[Node], known: Sequence[Deployment] = ()
) -> tuple[set[str], list[Deployment]]:
    """The deployments of entry points, and of those that they deploy in turn, beside those that are known."""
    found = list(known)
    seen: set[tuple[str, str, str | None]] = set()
    while pending and len(found) < _MOST:
        entry = pending.pop(0)
        directory = nearest(tree, entry.at, entry.directory)
        if directory is not None and (entry.name, directory, entry.cluster) not in seen:
            seen.add((entry.name, directory, entry.cluster))
            made = _deployed(tree, entry, directory, config)
            if any(one.name == made.name for one in found):
                made = evolve(made, name=f"{made.name} in {directory}")
            found.append(made)
            inner = [document.node for document in made.documents]
            pending += entries(inner, tree, config, made.cluster)
    return {directory for _, directory, _ in seen}, found


def _included(tree: Tree, directory: str) -> Iterator[str]:
    for root in _roots(tree, directory):
        for name in ("resources", "bases", "components"):
            for entry in items(child(root, name)):
                yield joined(directory, text_of(entry))


def _is_component(tree: Tree, directory: str) -> bool:
    return any(text_of(child(root, "kind")) == _COMPONENT for root in _roots(tree, directory))


def _roots(tree: Tree, directory: str) -> list[Node]:
    path = tree.kustomization(directory)
    nodes = tree.nodes(path, repeating=True) if path is not None else None
    return [spelt(node) for node in nodes or ()]


def _kustomized(tree: Tree, directory: str) -> Deployment:
    built = _attempt(lambda: build(tree, directory))
    if isinstance(built, str):
        return Deployment(directory, failure=built)
    return evolve(deployment(directory, built, _files(built), tree), filled=_filled(built))


def _deployed(tree: Tree, entry: Entry, directory: str, config: Sequence[Node]) -> Deployment:
    built = _attempt(lambda: overlaid(tree, directory, entry.overlay, _listed(tree, entry, directory)))
    if isinstance(built, str):
        return Deployment(entry.name, failure=built, cluster=entry.cluster)
    _fill_in(built, entry, config)
    place(built.pieces, entry.namespace)
    made = deployment(entry.name, built, _files(built), tree)
    outside = made.outside if entry.restricts else ()
    return evolve(
        made,
        filled=_filled(built),
        declared_by=object_of(entry.at),
        outside=outside,
        cluster=entry.cluster,
    )


def _listed(tree: Tree, entry: Entry, directory: str) -> list[str]:
    """The manifests that an entry point takes from a directory without a kustomization."""
    if tree.kustomization(directory) is not None:
        return []
    found = tree.manifests(directory, recurse=entry.recurse, nested=not entry.restricts)
    return [one for one in found if entry.takes(one)]


def _filled(built: Built) -> frozenset[str]:
    """The namespaces that may hold what could not be read: those of the objects beside it."""
    if all(is_of_definitions(one) for one in built.missing):
        return frozenset()
    beside = frozenset(piece.id.in_namespace for piece in built.pieces if not piece.id.is_cluster_scoped)
    return beside | built.filled - {""}


def _attempt(make: Callable[[], Built]) -> Built | str:
    """What comes of it, or why nothing does."""
    try:
        return make()
    except CannotBuild as error:
        return str(error)
    except RecursionError:
        return "it is nested too deep"


def _fill_in(built: Built, entry: Entry, config: Sequence[Node]) -> None:
    if not entry.fills_in:
        return
    values: dict[str, Node] = {}
    complete = True
    for source in entry.sources:
        data = _data(source, config, object_of(entry.at)[1])
        complete = complete and data is not None
        values.update(values_of(data))
    values.update(values_of(entry.substitutes))
    substitute(built.pieces, values, complete=complete)


def _data(source: Node, config: Sequence[Node], namespace: str) -> Node | None:
    """The data of a ConfigMap in view, of a namespace where it names one; of a Secret nothing is known."""
    if text_of(child(source, "kind")) != "ConfigMap":
        return None
    name = text_of(child(source, "name"))
    for root in config:
        is_map = text_of(child(root, "kind")) == "ConfigMap"
        lies_there = (text_of(child(root, "metadata", "namespace")) or namespace) == namespace
        if is_map and lies_there and text_of(child(root, "metadata", "name")) == name:
            return child(root, "data")
    return None


def _files(built: Built) -> set[str]:
    """The files that the fields come from, and those that say how."""
    found = {file for piece in built.pieces for file in origins(piece.root) if file}
    return found | built.seen.read
