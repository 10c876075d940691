"""Transformers that a kustomization configures as objects of their own (kustomize: builtin plugins)."""

from __future__ import annotations

from typing import Final

from yaml.nodes import MappingNode, Node

from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.kustomize.images import set_images
from meshlint.assembly.kustomize.patches import Patcher
from meshlint.assembly.kustomize.piece import Piece
from meshlint.assembly.kustomize.replacements import replace
from meshlint.assembly.kustomize.transformers import affix, field_spec, mark, scale, set_namespace
from meshlint.assembly.nodes import child, items, mapping, put, scalar, sequence, text_of

READ: Final = frozenset(
    {
        "AnnotationsTransformer",
        "ImageTagTransformer",
        "LabelTransformer",
        "NamespaceTransformer",
        "PatchJson6902Transformer",
        "PatchTransformer",
        "PrefixTransformer",
        "ReplacementTransformer",
        "ReplicaCountTransformer",
        "SuffixTransformer",
    }
)


def is_read(root: Node) -> bool:
    """Whether an object is a transformer that is understood."""
    return text_of(child(root, "apiVersion")) == "builtin" and text_of(child(root, "kind")) in READ


def run(pieces: list[Piece], root: Node, patcher: Patcher) -> None:
    """Do what one transformer says; its fields are those that it names itself."""
    kind = text_of(child(root, "kind"))
    specs = [field_spec(one) for one in items(child(root, "fieldSpecs"))]
    if kind == "NamespaceTransformer":
        set_namespace(pieces, child(root, "metadata", "namespace"), specs)
    elif kind in {"PrefixTransformer", "SuffixTransformer"}:
        before = kind == "PrefixTransformer"
        affix(pieces, child(root, "prefix" if before else "suffix"), specs, before=before)
    elif kind in {"LabelTransformer", "AnnotationsTransformer"}:
        mark(pieces, child(root, "labels" if kind == "LabelTransformer" else "annotations"), specs)
    elif kind == "ImageTagTransformer":
        set_images(pieces, _list_of(child(root, "imageTag")), specs)
    elif kind == "ReplicaCountTransformer":
        scale(pieces, child(root, "replica") or root, specs)
    elif kind == "ReplacementTransformer":
        for one in items(child(root, "replacements")):
            replace(pieces, one)
    elif kind == "PatchJson6902Transformer":
        patcher.json(pieces, _json(root))
    else:
        patcher.any(pieces, root)


def _list_of(node: Node | None) -> Node | None:
    if node is None:
        return None
    result = sequence(node)
    result.value.append(node)
    return result


def _json(root: Node) -> Node:
    """The entry of a list of patches that says the same."""
    if not isinstance(root, MappingNode):
        raise CannotBuild("a transformer is no object")
    entry = mapping(root)
    for theirs, ours in (("target", "target"), ("jsonOp", "patch"), ("path", "path")):
        value = child(root, theirs)
        if value is not None:
            put(entry, scalar(ours, value), value)
    return entry
