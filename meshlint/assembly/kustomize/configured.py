"""Transformers that a kustomization configures as objects of their own (kustomize: builtin plugins)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from yaml.nodes import MappingNode, Node

from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.kustomize.fields import FieldSpec
from meshlint.assembly.kustomize.images import set_images
from meshlint.assembly.kustomize.patches import Patcher
from meshlint.assembly.kustomize.piece import Piece
from meshlint.assembly.kustomize.replacements import replace
from meshlint.assembly.kustomize.transformers import (
    DEFAULT_ONLY,
    affix,
    field_spec,
    mark,
    scale,
    set_namespace,
)
from meshlint.assembly.nodes import child, items, mapping, put, scalar, sequence, text_of

Specs = list[FieldSpec]


def is_read(root: Node) -> bool:
    """Whether an object is a transformer that is understood."""
    return text_of(child(root, "apiVersion")) == "builtin" and text_of(child(root, "kind")) in _DOES


def run(pieces: list[Piece], root: Node, patcher: Patcher) -> None:
    """Do what one transformer says; its fields are those that it names itself."""
    specs = [field_spec(one) for one in items(child(root, "fieldSpecs"))]
    _DOES[text_of(child(root, "kind"))](pieces, root, specs, patcher)


def _set_namespace(pieces: list[Piece], root: Node, specs: Specs, _: Patcher) -> None:
    subjects = text_of(child(root, "setRoleBindingSubjects")) or DEFAULT_ONLY
    unset_only = text_of(child(root, "unsetOnly")) == "true"
    namespace = child(root, "metadata", "namespace")
    set_namespace(pieces, namespace, specs, subjects=subjects, unset_only=unset_only)


def _affix(pieces: list[Piece], root: Node, specs: Specs, _: Patcher) -> None:
    for name in ("prefix", "suffix"):
        affix(pieces, child(root, name), specs, before=name == "prefix")


def _label(pieces: list[Piece], root: Node, specs: Specs, _: Patcher) -> None:
    mark(pieces, child(root, "labels"), specs)


def _annotate(pieces: list[Piece], root: Node, specs: Specs, _: Patcher) -> None:
    mark(pieces, child(root, "annotations"), specs)


def _set_images(pieces: list[Piece], root: Node, specs: Specs, _: Patcher) -> None:
    set_images(pieces, _list_of(child(root, "imageTag")), specs)


def _scale(pieces: list[Piece], root: Node, specs: Specs, _: Patcher) -> None:
    scale(pieces, child(root, "replica") or root, specs)


def _replace(pieces: list[Piece], root: Node, _: Specs, __: Patcher) -> None:
    for one in items(child(root, "replacements")):
        replace(pieces, one)


def _patch_by_operations(pieces: list[Piece], root: Node, _: Specs, patcher: Patcher) -> None:
    patcher.json(pieces, _json(root))


def _merge(pieces: list[Piece], root: Node, _: Specs, patcher: Patcher) -> None:
    written = child(root, "patches")
    texts = [written] if written is not None and text_of(written) else []
    for one in [*items(child(root, "paths")), *texts]:
        patcher.strategic(pieces, one)


def _patch(pieces: list[Piece], root: Node, _: Specs, patcher: Patcher) -> None:
    patcher.any(pieces, root)


_DOES: Final[dict[str, Callable[[list[Piece], Node, Specs, Patcher], None]]] = {
    "AnnotationsTransformer": _annotate,
    "ImageTagTransformer": _set_images,
    "LabelTransformer": _label,
    "NamespaceTransformer": _set_namespace,
    "PatchJson6902Transformer": _patch_by_operations,
    "PatchStrategicMergeTransformer": _merge,
    "PatchTransformer": _patch,
    "PrefixSuffixTransformer": _affix,
    "PrefixTransformer": _affix,
    "ReplacementTransformer": _replace,
    "ReplicaCountTransformer": _scale,
    "SuffixTransformer": _affix,
}
"""What each transformer that is understood does."""


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
