"""An entry point, and the objects that come of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.assembly.deployments.clusters import OWN, told_apart
from meshlint.assembly.kustomize import Built, Piece
from meshlint.assembly.nodes import put, scalar, text_of
from meshlint.assembly.tree import Tree, file_of
from meshlint.documents import Document, FileText
from meshlint.documents.values import Builder
from meshlint.values import frozen

_OF_THE_CLUSTER: Final = frozenset(
    {
        ("gateway.networking.k8s.io", "GatewayClass"),
        ("sailoperator.io", "Istio"),
        ("sailoperator.io", "IstioCNI"),
        ("sailoperator.io", "IstioRevision"),
        ("sailoperator.io", "ZTunnel"),
        ("cert-manager.io", "ClusterIssuer"),
    }
)
"""Kinds without a namespace that kustomize does not know."""


@frozen(eq=False, repr=False)
class Deployment:
    """What one entry point applies: its objects, the files they come from, and what could not be read.

    `failure` says why nothing was made of it; its files are then to be read as they are. `filled` are the
    namespaces that may hold more than `documents`, `declared_by` the kind, namespace and name of the object
    that asks for all this. `is_release` where it is a chart that helm renders, `is_away` where the failure is
    that what it names is not in the files. `changed` are
    kind, namespace and name of the objects of which something that could not be read may change any field.
    `outside` are the files that kustomize itself would only read without its restriction, `cluster` where all
    this goes (see `cluster_of`).
    """

    name: str
    documents: tuple[Document, ...] = ()
    files: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    failure: str | None = None
    filled: frozenset[str] = frozenset()
    declared_by: tuple[str, str, str] | None = None
    is_release: bool = False
    is_away: bool = False
    changed: frozenset[tuple[str, str, str]] = frozenset()
    ids: frozenset[tuple[str, str, str, str]] = frozenset()
    cluster: str | None = OWN

    def excludes(self, other: Deployment) -> bool:
        """Whether the two are alternatives: for other clusters, with one object, or made of one file."""
        apart = len(told_apart((self.cluster, other.cluster))) > 1
        return apart or bool(self.ids & other.ids) or bool(self.files & other.files)


def deployment(name: str, built: Built, files: Iterable[str], tree: Tree) -> Deployment:
    """The deployment of what was built; the places of its fields are in `files`."""
    made = list(built.pieces)
    texts = tree.texts
    return Deployment(
        name,
        tuple(_document(piece, number, texts) for number, piece in enumerate(made)),
        frozenset(files),
        tuple(dict.fromkeys(built.missing)),
        tuple(sorted(built.seen.outside)),
        ids=frozenset(_id(piece) for piece in made),
        changed=frozenset(
            (one.gvk.kind, one.namespace, one.name)
            for one in (piece.id for piece in made if piece in built.changed)
        ),
    )


def place(pieces: Iterable[Piece], namespace: Node | None) -> None:
    """Put objects that name no namespace where the tool that applies them does."""
    if namespace is None or not text_of(namespace):
        return
    for piece in pieces:
        name = piece.id
        lives_nowhere = name.is_cluster_scoped or (name.gvk.group, name.gvk.kind) in _OF_THE_CLUSTER
        if not name.namespace and not lives_nowhere:
            put(piece.metadata(), scalar("namespace", namespace), scalar(text_of(namespace), namespace))


def origins(node: Node) -> Iterator[str]:
    """The files that the nodes at and below `node` stand in."""
    yield file_of(node)
    if isinstance(node, SequenceNode):
        for item in node.value:
            yield from origins(item)
    elif isinstance(node, MappingNode):
        for _, value in node.value:
            yield from origins(value)


def _document(piece: Piece, number: int, texts: dict[str, FileText]) -> Document:
    file = _main_file(piece.root)
    value = Builder(file).build(piece.root)
    text = texts.get(file) or FileText(file, "")
    former = tuple(dict.fromkeys(one.name for one in piece.former if one.name != piece.id.name))
    return Document(text, number, value, piece.root, former_names=former)


def _main_file(root: MappingNode) -> str:
    """The file that an object is written in: where its kind stands."""
    for key, value in root.value:
        if isinstance(key, ScalarNode) and key.value == "kind":
            return file_of(value)
    return file_of(root)


def _id(piece: Piece) -> tuple[str, str, str, str]:
    name = piece.id
    return (name.gvk.group, name.gvk.kind, name.in_namespace, name.name)
