"""Image names and tags (kustomize: images)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from yaml.nodes import MappingNode, Node, SequenceNode

from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.kustomize.fields import FieldSpec, Setter, apply
from meshlint.assembly.kustomize.piece import Piece
from meshlint.assembly.nodes import child, entries, items, scalar, text_of


def set_images(pieces: Sequence[Piece], images: Node | None, specs: Sequence[FieldSpec]) -> None:
    """Give the images of `pieces` their new names, tags and digests."""
    for image in items(images):
        setter = Setter(lambda node, replace, image=image: _change(image, node, replace), image)  # type: ignore[misc]
        for piece in pieces:
            if piece.id.gvk.kind != "CustomResourceDefinition":
                _anywhere(image, piece.root)
            apply(piece, specs, setter)


def _anywhere(image: Node, node: Node) -> None:
    """Images of containers at any depth, as in the custom resources that wrap pods."""
    if isinstance(node, SequenceNode):
        for item in node.value:
            _anywhere(image, item)
    for name, _, value in entries(node):
        _anywhere(image, value)
        if name in {"containers", "initContainers"} and isinstance(value, SequenceNode):
            for container in value.value:
                _change_container(image, container)


def _change_container(image: Node, container: Node) -> None:
    if isinstance(container, MappingNode):
        for index, (key, value) in enumerate(container.value):
            if text_of(key) == "image":

                def replace(node: Node, index: int = index, key: Node = key) -> None:
                    container.value[index] = (key, node)

                _change(image, value, replace)


def _change(image: Node, node: Node, replace: Callable[[Node], None]) -> None:
    written = text_of(node)
    if not _pattern(text_of(child(image, "name"))).match(written):
        return
    name, tag, digest = _parts(written)
    new_name, new_tag = child(image, "newName"), child(image, "newTag")
    new_digest, suffix = child(image, "digest"), child(image, "tagSuffix")
    if text_of(new_name):
        name = text_of(new_name)
    if text_of(new_tag):
        tag, digest = text_of(new_tag), text_of(new_digest)
    elif text_of(new_digest):
        tag, digest = "", text_of(new_digest)
    elif text_of(suffix):
        tag, digest = tag + text_of(suffix), ""
    full = name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
    if full != written:
        replace(scalar(full, next(one for one in (new_tag, new_digest, new_name, suffix) if text_of(one))))  # type: ignore[arg-type]


@cache
def _pattern(name: str) -> re.Pattern[str]:
    try:
        return re.compile(rf"^{name}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$")
    except re.error as error:
        raise CannotBuild(f'the image name "{name}" is no pattern') from error


def _parts(image: str) -> tuple[str, str, str]:
    """Name, tag and digest; a colon in the host, before the first slash, starts no tag."""
    start = max(image.find("/"), 0)
    rest, _, digest = image[start:].partition("@")
    name, _, tag = rest.partition(":")
    return image[:start] + name, tag, digest
