"""An entry point, and the objects that come of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.assembly.kustomize import Piece
from meshlint.assembly.tree import Tree
from meshlint.documents import Document, FileText
from meshlint.documents.values import Builder


@frozen(eq=False, repr=False)
class Deployment:
    """What one entry point applies: its objects, the files they come from, and what could not be read.

    `failure` says why nothing was made of it; its files are then to be read as they are.
    """

    name: str
    documents: tuple[Document, ...] = ()
    files: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()
    failure: str | None = None
    ids: frozenset[tuple[str, str, str, str]] = frozenset()

    def excludes(self, other: Deployment) -> bool:
        """Whether the two are alternatives: they give one object, or are made of one file."""
        return bool(self.ids & other.ids) or bool(self.files & other.files)


def deployment(
    name: str, pieces: Iterable[Piece], files: Iterable[str], missing: Iterable[str], tree: Tree
) -> Deployment:
    """The deployment of `pieces`; the places of their fields are in `files`."""
    made = list(pieces)
    texts = tree.texts
    return Deployment(
        name,
        tuple(_document(piece, number, texts) for number, piece in enumerate(made)),
        frozenset(files),
        tuple(dict.fromkeys(missing)),
        ids=frozenset(_id(piece) for piece in made),
    )


def origins(node: Node) -> Iterator[str]:
    """The files that the nodes at and below `node` stand in."""
    yield str(getattr(node.start_mark, "file", ""))
    if isinstance(node, SequenceNode):
        for item in node.value:
            yield from origins(item)
    elif isinstance(node, MappingNode):
        for _, value in node.value:
            yield from origins(value)


def _document(piece: Piece, number: int, texts: dict[str, FileText]) -> Document:
    file = _main_file(piece.root)
    value = Builder(file).build(piece.root)
    return Document(texts.get(file) or FileText(file, ""), number, value, piece.root)


def _main_file(root: MappingNode) -> str:
    """The file that an object is written in: where its kind stands."""
    for key, value in root.value:
        if isinstance(key, ScalarNode) and key.value == "kind":
            return str(getattr(value.start_mark, "file", ""))
    return str(getattr(root.start_mark, "file", ""))


def _id(piece: Piece) -> tuple[str, str, str, str]:
    name = piece.id
    return (name.gvk.group, name.gvk.kind, name.in_namespace, name.name)
