"""Names that are changed with the objects they name (kustomize: nameReference)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.assembly.kustomize.defaults import Reference
from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.kustomize.fields import Setter, apply
from meshlint.assembly.kustomize.piece import Gvk, Id, Piece
from meshlint.assembly.nodes import child, items, put, scalar, text_of

_ROLE_REFERENCE = "roleRef/name"


def fix_references(pieces: Sequence[Piece], references: Sequence[Reference]) -> None:
    """Let every field that named an object by an earlier name have its present one."""
    first = {id(piece): piece.original for piece in pieces}
    for piece in pieces:
        candidates = [other for other in pieces if _may_refer(piece, other)]
        for reference in references:
            if first[id(piece)].gvk.selected_by(reference.field.gvk):
                _fix(piece, reference, candidates)


def _fix(piece: Piece, reference: Reference, candidates: Sequence[Piece]) -> None:
    def change(node: Node, replace: Callable[[Node], None]) -> None:
        if isinstance(node, SequenceNode):
            for index, item in enumerate(node.value):
                changed = _changed(piece, reference, item, candidates)
                node.value[index] = changed or item
        else:
            changed = _changed(piece, reference, node, candidates)
            if changed is not None:
                replace(changed)

    field = reference.field
    spec = type(field)(field.path, piece.id.gvk)
    apply(piece, (spec,), Setter(change, piece.root))


def _changed(piece: Piece, reference: Reference, node: Node, candidates: Sequence[Piece]) -> Node | None:
    if isinstance(node, MappingNode):
        _change_mapping(piece, reference, node, candidates)
        return None
    name = text_of(node)
    found = _referred(piece, reference, name, candidates)
    if found is None or found.id.name == name or not isinstance(node, ScalarNode):
        return None
    return scalar(found.id.name, node)


def _change_mapping(
    piece: Piece, reference: Reference, node: MappingNode, candidates: Sequence[Piece]
) -> None:
    name = child(node, "name")
    if name is None:
        raise CannotBuild(f"{reference.field.path} has no name")
    found = _referred(piece, reference, text_of(name), _in_namespace(node, candidates))
    if found is None:
        return
    put(node, scalar("name", name), scalar(found.id.name, name))
    if found.id.namespace:
        put(node, scalar("namespace", name), scalar(found.id.namespace, _namespace_of(found)))


def _namespace_of(piece: Piece) -> Node:
    return child(piece.root, "metadata", "namespace") or piece.root


def _in_namespace(node: MappingNode, candidates: Sequence[Piece]) -> Sequence[Piece]:
    written = child(node, "namespace")
    if written is None:
        return candidates
    namespace = text_of(written)
    first = [one for one in candidates if one.original.in_namespace == namespace]
    return first or [one for one in candidates if one.id.in_namespace == namespace]


def _referred(piece: Piece, reference: Reference, name: str, candidates: Sequence[Piece]) -> Piece | None:
    role = _role(piece) if reference.field.path.endswith(_ROLE_REFERENCE) else None
    found = [
        one
        for one in candidates
        if any(known.name == name for known in one.former)
        and any(known.gvk.selected_by(reference.target) for known in one.former)
        and (role is None or any(known.gvk.selected_by(role) for known in one.former))
        and _is_near(piece.id, one)
    ]
    if len(found) > 1:
        found = [one for one in found if _fits(one, piece, empty_fits=True)]
    if len(found) > 1:
        found = [one for one in found if _fits(one, piece, empty_fits=False)]
    if len({(one.id.name, one.id.namespace) for one in found}) > 1:
        raise CannotBuild(f'"{name}" may name several objects')
    return found[0] if found else None


def _role(piece: Piece) -> Gvk | None:
    reference = child(piece.root, "roleRef")
    group, kind = child(reference, "apiGroup"), child(reference, "kind")
    return None if group is None or kind is None else Gvk(text_of(group), "", text_of(kind))


def _is_near(referrer: Id, other: Piece) -> bool:
    """Whether a name without a namespace can mean `other`."""
    if referrer.is_cluster_scoped or other.id.is_cluster_scoped or other.id.gvk.kind == "ServiceAccount":
        return True
    return referrer.in_namespace == other.id.in_namespace


def _may_refer(piece: Piece, other: Piece) -> bool:
    if _is_near(piece.id, other) and other.id.gvk.kind != "ServiceAccount":
        return True
    if piece.id.is_cluster_scoped or other.id.is_cluster_scoped:
        return True
    if piece.id.in_namespace == other.id.in_namespace:
        return True
    return piece.id.gvk.kind == "RoleBinding" and other.id.namespace in {
        text_of(child(subject, "namespace"))
        for subject in items(child(piece.root, "subjects"))
        if text_of(child(subject, "kind")) == "ServiceAccount"
    }


def _fits(one: Piece, piece: Piece, *, empty_fits: bool) -> bool:
    """Whether both went through the same prefixes and suffixes."""
    pairs = ((one.prefixes, piece.prefixes), (one.suffixes, piece.suffixes))
    return all((empty_fits and not (a and b)) or _same_ending(a, b) for a, b in pairs)


def _same_ending(one: list[str], other: list[str]) -> bool:
    shorter = min(len(one), len(other))
    if shorter == 0:
        return len(one) == len(other)
    return one[len(one) - shorter :] == other[len(other) - shorter :]
