"""Patches of all forms: strategic merge and JSON, inline and in files."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.kustomize.json_patch import patched
from meshlint.assembly.kustomize.merge import merged
from meshlint.assembly.kustomize.piece import Id, Piece
from meshlint.assembly.kustomize.selection import selected
from meshlint.assembly.nodes import Mark, Shift, child, copied, put, scalar, text_of
from meshlint.documents.compose import compose
from meshlint.values import frozen

Load = Callable[[str], list[Node]]


@frozen(eq=False, repr=False)
class Patcher:
    """What patches need of the kustomization they stand in: the files beside it, and if it names a schema.

    `load` reads the documents of a file, `read` what it holds.
    """

    load: Load
    read: Callable[[str], bytes]
    has_schema: bool = False

    def strategic(self, pieces: list[Piece], entry: Node) -> None:
        """`patchesStrategicMerge`: a file, or the patch itself."""
        roots = _objects(entry) or self.load(text_of(entry))
        for root in roots:
            self._merge_into(pieces, _named(pieces, _id(root)), root, entry)

    def json(self, pieces: list[Piece], entry: Node) -> None:
        """`patchesJson6902`: a target and operations."""
        roots = self._roots(entry)
        if not text_of(child(entry, "target", "name")):
            raise CannotBuild("the target of a JSON patch has no name")
        if not all(isinstance(root, SequenceNode) for root in roots):
            raise CannotBuild("a JSON patch is no list")
        self._json(pieces, entry, roots)

    def any(self, pieces: list[Piece], entry: Node) -> None:
        """`patches`: of either form."""
        roots = self._roots(entry)
        if any(isinstance(root, SequenceNode) for root in roots):
            self._json(pieces, entry, roots)
            return
        target = child(entry, "target")
        if target is not None and len(roots) > 1:
            raise CannotBuild("a patch with a target holds several documents")
        if target is None and not roots:
            raise CannotBuild("a patch says nothing and has no target")
        for root in roots:
            wanted = _id(root)
            found = selected(pieces, target) if target is not None else _named(pieces, wanted)
            self._merge_into(pieces, found, root, entry)

    def _json(self, pieces: list[Piece], entry: Node, roots: Sequence[Node]) -> None:
        target = child(entry, "target")
        if target is None:
            raise CannotBuild("a JSON patch has no target")
        for piece in selected(pieces, target):
            piece.remember()
            for root in roots:
                piece.root = patched(piece.root, root)

    def _roots(self, entry: Node) -> list[Node]:
        text, path = child(entry, "patch"), text_of(child(entry, "path"))
        if (text is not None and bool(text_of(text).strip())) == bool(path):
            raise CannotBuild("a patch is both here and in a file" if path else "a patch is empty")
        if text is not None and not path:
            _check_json(text_of(text).strip().encode())
            return inline(text)
        _check_json(self.read(path))
        return self.load(path)

    def _merge_into(self, pieces: list[Piece], found: Sequence[Piece], patch: Node, entry: Node) -> None:
        allowed = child(entry, "options")
        for piece in found:
            before = piece.id
            kept = [child(piece.root, *path) for path in (("kind",), ("metadata", "name"), ("apiVersion",))]
            namespace = child(piece.root, "metadata", "namespace")
            allows_name = text_of(child(allowed, "allowNameChange")) == "true"
            allows_kind = text_of(child(allowed, "allowKindChange")) == "true"
            if allows_name or allows_kind:
                piece.remember()
            result = merged(piece.root, patch, before.gvk, has_schema=self.has_schema)
            if result is None:
                pieces.remove(piece)
                continue
            piece.root = result
            _keep(result, "apiVersion", kept[2])
            _keep(result, "kind", None if allows_kind else kept[0])
            _keep(piece.metadata(), "name", None if allows_name else kept[1])
            _keep_namespace(piece, namespace)


def _objects(entry: Node) -> list[Node]:
    """The patches that a text itself holds; none where it is a path."""
    try:
        roots = inline(entry)
    except CannotBuild:
        return []
    return roots if all(isinstance(root, MappingNode) for root in roots) else []


def _id(root: Node) -> Id:
    """What a patch is called: kustomize wants a kind and a name even where a target says what it is for."""
    if not isinstance(root, MappingNode):
        raise CannotBuild("a patch is no object")
    found = Piece(root).id
    if not found.gvk.kind or not found.name:
        raise CannotBuild("a patch has no kind or no name")
    return found


def _named(pieces: Sequence[Piece], wanted: Id) -> list[Piece]:
    """The object that a patch names; exactly one must have the name."""
    found = [piece for piece in pieces if _has(piece.ids, wanted)]
    if len(found) != 1:
        raise CannotBuild(f'{len(found)} objects are what the patch "{wanted.gvk.kind} {wanted.name}" is for')
    return found


def _has(ids: Sequence[Id], wanted: Id) -> bool:
    return any(one.equals(wanted) for one in ids)


def _keep(node: MappingNode, key: str, value: Node | None) -> None:
    if value is not None:
        put(node, scalar(key, value, None), value)


def _keep_namespace(piece: Piece, namespace: Node | None) -> None:
    if namespace is None:
        metadata = piece.metadata()
        metadata.value[:] = [pair for pair in metadata.value if text_of(pair[0]) != "namespace"]
    else:
        _keep(piece.metadata(), "namespace", namespace)


def inline(node: Node) -> list[Node]:
    """The documents in a text of a kustomization, each field at its own line if the text is a block."""
    text = text_of(node)
    mark = node.start_mark
    file = str(getattr(mark, "name", ""))
    is_block = isinstance(node, ScalarNode) and node.style == "|"
    shift = Shift(file, mark.line + 1, _indent(node)) if is_block else Shift(file, fixed=_fixed(node))
    try:
        return [copied(root, shift) for root in compose(text)]
    except yaml.YAMLError as error:
        raise CannotBuild("a patch is not YAML") from error


def _check_json(text: bytes) -> None:
    """Operations that begin with a bracket are JSON to kustomize; a list of YAML's that does is refused."""
    if text.startswith(b"["):
        try:
            json.loads(text)
        except (ValueError, RecursionError) as error:
            raise CannotBuild("a patch begins as JSON does and is none") from error


def _fixed(node: Node) -> Mark:
    mark = node.start_mark
    return Mark(str(getattr(mark, "name", "")), mark.line, mark.column)


def _indent(node: Node) -> int:
    """How far a block is indented: noted when its file was read, for its text no longer shows it."""
    return int(getattr(node.start_mark, "indent", 0))
