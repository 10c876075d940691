"""From the kustomizations and objects in view to what is deployed."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from yaml.nodes import Node

from meshlint.assembly.deployments.charts import released
from meshlint.assembly.deployments.clusters import OWN
from meshlint.assembly.deployments.deployment import Deployment, deployment, origins, place
from meshlint.assembly.deployments.entry import Entry, entries, object_of
from meshlint.assembly.deployments.followed import Followed, told_apart_by_name
from meshlint.assembly.deployments.substitution import substitute, values_of
from meshlint.assembly.kustomize import Built, CannotBuild, build, is_of_definitions, overlaid
from meshlint.assembly.kustomize.kustomization import spelt
from meshlint.assembly.nodes import adopted, child, items, text_of
from meshlint.assembly.tree import Tree, file_of, joined, nearest
from meshlint.documents import Document
from meshlint.sources.paths import shared_steps
from meshlint.values import evolve, frozen

_COMPONENT: Final = "Component"
_MOST: Final = 500
_AWAY: Final = "what it names is not in these files"


@frozen(eq=False, slots=False, repr=False)
class InView:
    """The objects in view: those that may lead on, and ConfigMaps, of which few are ever asked for."""

    declared: Sequence[Node]
    documents: Sequence[Document]
    """The ConfigMaps as they are written."""

    @cached_property
    def maps(self) -> Sequence[Node]:
        """The ConfigMaps, and whatever else is in view."""
        return [*map(adopted, self.documents), *self.declared]


def deployments(
    tree: Tree,
    directories: Iterable[str],
    plain: Sequence[Node],
    charts: Iterable[str] = (),
    values: Sequence[str] = (),
    maps: Sequence[Document] = (),
) -> list[Deployment]:
    """What kustomizations, charts in the directories `charts`, and entry points among `plain` objects deploy.

    `values` are files of values for charts that nobody releases, and `maps` ConfigMaps that entry points may
    fill in from.

    A kustomization that another one includes, or that an entry point leads to, is no entry point itself; nor
    is a chart that somebody releases.
    """
    known = sorted(set(directories))
    included = {path for directory in known for path in _included(tree, directory)}
    roots = [one for one in known if one not in included and not _is_component(tree, one)]
    alone = {directory: _kustomized(tree, directory) for directory in roots}
    declared = [*plain, *(document.node for one in alone.values() for document in one.documents)]
    led_to, found = _led_to(tree, InView(declared, maps))
    found += list(released(tree, charts, declared, found, values))
    covered = {file for one in found if one.failure is None for file in one.files}
    for directory, one in alone.items():
        if directory not in led_to and tree.kustomization(directory) not in covered:
            found.append(one)
    return sorted(found, key=lambda one: one.name)


def _led_to(tree: Tree, config: InView) -> tuple[set[str], list[Deployment]]:
    """The directories that entry points lead to, and what comes of them.

    Those for other clusters are followed first: an entry point that is deployed to one of them works there.
    """
    known = list(entries(config.declared, tree, config.declared))
    far = [one for one in known if one.cluster != OWN]
    found = _follow(tree, far, config)
    there = {file for one in found.values() for file in one.files}
    own = [one for one in known if one.cluster == OWN and file_of(one.at) not in there]
    found |= _follow(tree, own, config)
    return {directory for _, directory, *_ in found if directory}, told_apart_by_name(found)


def _follow(tree: Tree, pending: list[Entry], config: InView) -> dict[Followed, Deployment]:
    """The deployments of entry points, and of those that they deploy in turn."""
    found: dict[Followed, Deployment] = {}
    while pending and len(found) < _MOST:
        entry = pending.pop(0)
        directory = None if entry.is_away else nearest(tree, entry.at, entry.directory)
        way = Followed(entry.name, directory or "", posixpath.dirname(file_of(entry.at)), entry.cluster)
        if way in found:
            continue
        if directory is None:
            found[way] = Deployment(entry.name, failure=_AWAY, is_away=True, cluster=entry.cluster)
        else:
            found[way] = made = _deployed(tree, entry, directory, config)
            inner = [document.node for document in made.documents]
            pending += entries(inner, tree, config.declared, made.cluster)
    return found


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


def _deployed(tree: Tree, entry: Entry, directory: str, config: InView) -> Deployment:
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


def _fill_in(built: Built, entry: Entry, config: InView) -> None:
    if not entry.fills_in:
        return
    values: dict[str, Node] = {}
    complete = True
    for source in entry.sources:
        data = _data(source, config, entry.at)
        complete = complete and data is not None
        values.update(values_of(data))
    values.update(values_of(entry.substitutes))
    substitute(built.pieces, values, complete=complete)


def _data(source: Node, config: InView, at: Node) -> Node | None:
    """The data of a ConfigMap in view, the nearest to `at` of several; of a Secret nothing is known."""
    if text_of(child(source, "kind")) != "ConfigMap":
        return None
    wanted = ("ConfigMap", object_of(at)[1], text_of(child(source, "name")))
    found = [one for one in config.maps if _names(one, wanted)]
    meant = max(found, key=lambda one: shared_steps(file_of(one), file_of(at)), default=None)
    return child(meant, "data")


def _names(root: Node, wanted: tuple[str, str, str]) -> bool:
    kind, namespace, name = wanted
    lies_there = (text_of(child(root, "metadata", "namespace")) or namespace) == namespace
    return lies_there and (text_of(child(root, "kind")), text_of(child(root, "metadata", "name"))) == (
        kind,
        name,
    )


def _files(built: Built) -> set[str]:
    """The files that the fields come from, and those that say how."""
    found = {file for piece in built.pieces for file in origins(piece.root) if file}
    return found | built.seen.read
