"""The entry points that tools of continuous delivery declare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Final

from yaml.nodes import MappingNode, Node

from meshlint.assembly.deployments.application_sets import applications
from meshlint.assembly.deployments.clusters import OWN, cluster_of
from meshlint.assembly.nodes import child, copied, items, mapping, put, scalar, sequence, text_of
from meshlint.assembly.repositories import is_elsewhere
from meshlint.assembly.tree import Tree
from meshlint.values import evolve, frozen

_FLUX: Final = "kustomize.toolkit.fluxcd.io/"
_ARGO: Final = "argoproj.io/"
_SAME: Final = (
    *("patches", "images", "components", "namePrefix", "nameSuffix", "replicas"),
    *("patchesStrategicMerge", "patchesJson6902"),
)


@frozen(eq=False, repr=False)
class Entry:
    """An entry point: a directory, and a kustomization to be laid over what is in it.

    `substitutes` are values for `${NAME}` (None where the tool fills in nothing), `sources` the ConfigMaps
    and Secrets that hold more of them. `namespace` is where objects go that name none. The tool `restricts`
    kustomize to the files below each kustomization unless it is told otherwise. `cluster` is as `cluster_of`
    has it.
    """

    name: str
    directory: str
    at: Node
    overlay: MappingNode
    substitutes: Node | None = None
    sources: tuple[Node, ...] = ()
    fills_in: bool = False
    restricts: bool = True
    namespace: Node | None = None
    recurse: bool = True
    patterns: tuple[str, str] = ("", "")
    cluster: str | None = OWN

    def takes(self, path: str) -> bool:
        """Whether a file of a directory without a kustomization is read (Argo CD: include and exclude)."""
        include, exclude = self.patterns
        return (not include or _fits(path, include)) and not (exclude and _fits(path, exclude))


def object_of(root: Node) -> tuple[str, str, str]:
    """Kind, namespace and name of an object."""
    return (
        text_of(child(root, "kind")),
        text_of(child(root, "metadata", "namespace")) or "default",
        text_of(child(root, "metadata", "name")),
    )


def entries(
    roots: Iterable[Node], tree: Tree, known: Sequence[Node], cluster: str | None = OWN
) -> Iterator[Entry]:
    """The entry points among objects of a cluster; `known` may say which repository they mean."""
    for root in with_applications(roots, tree):
        for entry in _entries(root, known):
            yield evolve(entry, cluster=cluster_of(root, cluster))


def _entries(root: Node, known: Sequence[Node]) -> Iterator[Entry]:
    version, kind = text_of(child(root, "apiVersion")), text_of(child(root, "kind"))
    if version.startswith(_FLUX) and kind == "Kustomization":
        if not is_elsewhere(root, child(root, "spec", "sourceRef"), known):
            yield _flux(root)
    elif version.startswith(_ARGO) and kind == "Application":
        yield from _argo(root)


def with_applications(roots: Iterable[Node], tree: Tree) -> Iterator[Node]:
    """Objects, and the Applications that ApplicationSets among them make."""
    for root in roots:
        yield root
        version, kind = text_of(child(root, "apiVersion")), text_of(child(root, "kind"))
        if version.startswith(_ARGO) and kind == "ApplicationSet":
            yield from applications(root, tree)


def _fits(path: str, pattern: str) -> bool:
    """Whether a path matches a pattern, or one of those in braces."""
    within = pattern[1:-1].split(",") if pattern.startswith("{") and pattern.endswith("}") else [pattern]
    return any(fnmatchcase(path, one.strip()) for one in within)


def _flux(root: Node) -> Entry:
    """Flux: Kustomization (path, targetNamespace, patches, images, components, postBuild).

    It builds with LoadRestrictionsNone, inside of the source (fluxcd/pkg/kustomize: SecureBuild).
    """
    spec = child(root, "spec")
    overlay = mapping(root)
    for name in _SAME:
        _copy(overlay, name, child(spec, name))
    _copy(overlay, "namespace", child(spec, "targetNamespace"))
    for part in ("labels", "annotations"):
        _marks(overlay, part, child(spec, "commonMetadata", part))
    build = child(spec, "postBuild")
    return Entry(
        f"Kustomization {_name(root)}",
        text_of(child(spec, "path")) or ".",
        root,
        overlay,
        child(build, "substitute"),
        tuple(items(child(build, "substituteFrom"))),
        build is not None,
        restricts=False,
    )


def _argo(root: Node) -> Iterator[Entry]:
    """Argo CD: Application (sources with a path, kustomize options, the namespace of the destination)."""
    spec = child(root, "spec")
    sources = [*items(child(spec, "sources")), *_some(child(spec, "source"))]
    for source in sources:
        path = child(source, "path")
        if path is None or child(source, "chart") is not None or child(source, "helm") is not None:
            continue
        overlay = mapping(root)
        options = child(source, "kustomize")
        for name in (*_SAME, "namespace", "commonAnnotations"):
            if name != "images":
                _copy(overlay, name, child(options, name))
        _labels(overlay, options)
        _images(overlay, items(child(options, "images")))
        yield Entry(
            f"Application {_name(root)}",
            text_of(path),
            root,
            overlay,
            namespace=child(spec, "destination", "namespace"),
            recurse=text_of(child(source, "directory", "recurse")) == "true",
            patterns=(
                text_of(child(source, "directory", "include")),
                text_of(child(source, "directory", "exclude")),
            ),
        )


def _labels(overlay: MappingNode, options: Node | None) -> None:
    """Argo CD: labelWithoutSelector and labelIncludeTemplates say how far common labels reach."""
    pairs = child(options, "commonLabels")
    if pairs is None or text_of(child(options, "labelWithoutSelector")) != "true":
        _copy(overlay, "commonLabels", pairs)
        return
    _marks(overlay, "labels", pairs)
    templates = child(options, "labelIncludeTemplates")
    for entry in items(child(overlay, "labels")):
        if isinstance(entry, MappingNode) and templates is not None:
            put(entry, scalar("includeTemplates", templates), templates)


def _images(overlay: MappingNode, images: Iterable[Node]) -> None:
    """Argo CD writes images as `name=new:tag@digest`, of which any part but a name may be missing."""
    made = sequence(overlay)
    for image in images:
        name, equals, new = text_of(image).rpartition("=")
        full, _, digest = (new if equals else text_of(image)).partition("@")
        start = full.rfind("/") + 1
        bare, colon, tag = full[start:].partition(":")
        entry = mapping(image)
        put(entry, scalar("name", image), scalar(name or full[:start] + bare, image))
        if equals:
            put(entry, scalar("newName", image), scalar(full[:start] + bare, image))
        if colon:
            put(entry, scalar("newTag", image), scalar(tag, image))
        if digest:
            put(entry, scalar("digest", image), scalar(digest, image))
        made.value.append(entry)
    if made.value:
        put(overlay, scalar("images", overlay), made)


def _marks(overlay: MappingNode, part: str, pairs: Node | None) -> None:
    """Flux puts its common metadata on the objects alone, not on the pods in them."""
    if pairs is None:
        return
    if part == "labels":
        entry, listed = mapping(pairs), sequence(pairs)
        put(entry, scalar("pairs", pairs), copied(pairs))
        listed.value.append(entry)
        put(overlay, scalar("labels", pairs), listed)
    else:
        put(overlay, scalar("commonAnnotations", pairs), copied(pairs))


def _copy(overlay: MappingNode, name: str, value: Node | None) -> None:
    if value is not None:
        put(overlay, scalar(name, value), copied(value))


def _some(node: Node | None) -> list[Node]:
    return [] if node is None else [node]


def _name(root: Node) -> str:
    namespace = text_of(child(root, "metadata", "namespace"))
    name = text_of(child(root, "metadata", "name"))
    return f"{namespace}/{name}" if namespace else name
