"""The entry points that tools of continuous delivery declare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen
from yaml.nodes import MappingNode, Node

from meshlint.assembly.nodes import child, copied, items, mapping, put, scalar, sequence, text_of

_FLUX: Final = "kustomize.toolkit.fluxcd.io/"
_ARGO: Final = "argoproj.io/"
_SAME: Final = ("patches", "images", "components", "namePrefix", "nameSuffix", "patchesStrategicMerge")


@frozen(eq=False, repr=False)
class Entry:
    """An entry point: a directory, and a kustomization to be laid over what is in it.

    `substitutes` are values for `${NAME}` (None where the tool fills in nothing), `sources` the ConfigMaps
    and Secrets that hold more of them. `namespace` is where objects go that name none.
    """

    name: str
    directory: str
    at: Node
    overlay: MappingNode
    substitutes: Node | None = None
    sources: tuple[Node, ...] = ()
    fills_in: bool = False
    namespace: Node | None = None
    recurse: bool = True


def entries(roots: Iterable[Node]) -> Iterator[Entry]:
    """The entry points among objects."""
    for root in roots:
        version, kind = text_of(child(root, "apiVersion")), text_of(child(root, "kind"))
        if version.startswith(_FLUX) and kind == "Kustomization":
            yield _flux(root)
        elif version.startswith(_ARGO) and kind == "Application":
            yield from _argo(root)


def _flux(root: Node) -> Entry:
    """Flux: Kustomization (path, targetNamespace, patches, images, components, postBuild)."""
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
        for name in (*_SAME, "namespace", "commonLabels", "commonAnnotations"):
            if name != "images":
                _copy(overlay, name, child(options, name))
        _images(overlay, items(child(options, "images")))
        yield Entry(
            f"Application {_name(root)}",
            text_of(path),
            root,
            overlay,
            namespace=child(spec, "destination", "namespace"),
            recurse=text_of(child(source, "directory", "recurse")) == "true",
        )


def _images(overlay: MappingNode, images: Iterable[Node]) -> None:
    """Argo CD writes images as `name=new:tag` or `name:tag`."""
    made = sequence(overlay)
    for image in images:
        name, equals, new = text_of(image).rpartition("=")
        full = new if equals else text_of(image)
        start = full.rfind("/") + 1
        bare, colon, tag = full[start:].partition(":")
        entry = mapping(image)
        put(entry, scalar("name", image), scalar(name or full[:start] + bare, image))
        if equals:
            put(entry, scalar("newName", image), scalar(full[:start] + bare, image))
        if colon:
            put(entry, scalar("newTag", image), scalar(tag, image))
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
