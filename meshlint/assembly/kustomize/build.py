"""The order in which kustomize does what a kustomization asks for.

Source: kustomize's target (accumulation of resources, generators, components, then the transformers in their
fixed order; hashes, name references and variables at the very end, in the root alone).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.assembly.kustomize.beside import Beside, Seen, is_in, is_remote
from meshlint.assembly.kustomize.configuration import configured
from meshlint.assembly.kustomize.configured import is_read, run
from meshlint.assembly.kustomize.defaults import Configuration
from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.kustomize.generators import generated, hashed_name, merge_generated
from meshlint.assembly.kustomize.patches import Patcher, inline
from meshlint.assembly.kustomize.piece import Piece
from meshlint.assembly.kustomize.references import fix_references
from meshlint.assembly.kustomize.transformers import transform
from meshlint.assembly.kustomize.variables import Variable, resolve, variable
from meshlint.assembly.nodes import (
    child,
    copied,
    entries,
    is_null,
    items,
    mapping,
    put,
    scalar,
    sequence,
    text_of,
)
from meshlint.assembly.tree import Tree, joined
from meshlint.values import define, field

_COMPONENT: Final = "Component"
_LOCAL: Final = "config.kubernetes.io/local-config"
_UNREAD: Final = (
    "generators",
    "helmChartInflationGenerator",
)
_DEEPEST: Final = 50
Above = tuple[str, ...]


@define(eq=False)
class Built:
    """What a kustomization and those below it have come to so far.

    `missing` says what could not be read, `filled` where what is not read may go, `changed` what it may have
    changed, `seen` which files were read.
    """

    pieces: list[Piece] = field(factory=list)
    configuration: Configuration = field(factory=Configuration)
    variables: list[Variable] = field(factory=list)
    missing: list[str] = field(factory=list)
    filled: set[str] = field(factory=set)
    changed: set[Piece] = field(factory=set)
    seen: Seen = field(factory=Seen)

    def join(self, below: Built) -> None:
        """Take in what a kustomization below has come to."""
        for piece in below.pieces:
            self.add(piece)
        self.configuration = self.configuration.joined(below.configuration)
        for one in below.variables:
            self.define(one)
        self.missing += below.missing
        self.filled |= below.filled
        self.changed |= below.changed
        self.seen.add(below.seen)

    def add(self, piece: Piece) -> None:
        """Take an object in; raises `CannotBuild` if it is there already."""
        if any(one.id.equals(piece.id) for one in self.pieces):
            raise CannotBuild(f"{piece.id.gvk.kind} {piece.id.name} is there twice")
        self.pieces.append(piece)

    def define(self, one: Variable) -> None:
        """Take a variable in; raises `CannotBuild` if its name is taken."""
        if any(known.name == one.name for known in self.variables):
            raise CannotBuild(f'the variable "{one.name}" is there twice')
        self.variables.append(one)


def build(tree: Tree, directory: str) -> Built:
    """What `kustomize build` writes for `directory`; raises `CannotBuild`."""
    built = Built()
    _accumulate(tree, directory, built, (), component=False)
    return _finished(built)


def overlaid(tree: Tree, directory: str, overlay: MappingNode, manifests: Sequence[str]) -> Built:
    """The same with what a tool adds to the kustomization; where there is none, of the `manifests` there."""
    if tree.kustomization(directory) is not None:
        root: Node = Beside(tree, directory, Seen()).kustomization()
    else:
        listed = sequence(overlay)
        listed.value += [scalar(name, overlay) for name in manifests]
        root = mapping(overlay)
        put(root, scalar("resources", overlay), listed)
    built = Built()
    path = tree.kustomization(directory)
    built.seen.read |= {path} if path is not None else set()
    _gather(tree, directory, _joined_root(root, overlay), built, ())
    return _finished(built)


def _joined_root(root: Node, overlay: MappingNode) -> Node:
    result = copied(root)
    for name, key, value in entries(overlay):
        known = child(result, name)
        if isinstance(known, SequenceNode) and isinstance(value, SequenceNode):
            known.value += value.value
        elif isinstance(result, MappingNode):
            put(result, key, value)
    return result


def _finished(built: Built) -> Built:
    for piece in built.pieces:
        if piece.needs_hash:
            piece.remember()
            piece.rename(hashed_name(piece))
    _check_subjects(built.pieces)
    fix_references(built.pieces, built.configuration.references)
    resolve(built.pieces, built.variables, built.configuration.variables)
    built.pieces[:] = [piece for piece in built.pieces if not _is_local(piece)]
    for piece in built.pieces:
        _make_texts(child(piece.root, "metadata", "annotations"))
    return built


def _check_subjects(pieces: Sequence[Piece]) -> None:
    for piece in pieces:
        for subject in items(child(piece.root, "subjects")) if piece.id.gvk.kind == "RoleBinding" else ():
            written = child(subject, "namespace")
            if text_of(child(subject, "kind")) == "ServiceAccount" and written and is_null(written):
                raise CannotBuild(f"a subject of RoleBinding {piece.id.name} has a namespace without a value")


def _make_texts(annotations: Node | None) -> None:
    """kustomize writes every annotation as a text, since it takes out its own ones in the end."""
    for _, _, value in entries(annotations):
        if isinstance(value, ScalarNode) and not value.style:
            value.style = '"'


def _is_local(piece: Piece) -> bool:
    mark = child(piece.root, "metadata", "annotations", _LOCAL)
    return mark is not None and text_of(mark) != "false"


def _accumulate(tree: Tree, directory: str, built: Built, above: Above, *, component: bool) -> None:
    """Take in a directory that the directories `above` lead to."""
    if len(above) > _DEEPEST or any(is_in(one, directory) for one in above):
        raise CannotBuild(f"{directory} leads back to itself")
    root = Beside(tree, directory, built.seen).kustomization()
    if (text_of(child(root, "kind")) == _COMPONENT) != component:
        raise CannotBuild(f"{directory}: a component stands where a kustomization should, or the other way")
    _gather(tree, directory, root, built, above)


def _gather(tree: Tree, directory: str, root: Node, built: Built, above: Above) -> None:
    above = (*above, directory)
    beside = Beside(tree, directory, built.seen)
    _inflate(tree, directory, root, built)
    for name in _UNREAD:
        if items(child(root, name)):
            built.missing.append(f"{name} in {directory}")
            built.filled |= {text_of(child(one, "namespace")) for one in (root, *items(child(root, name)))}
    for entry in items(child(root, "resources")):
        _resource(beside, entry, built, above)
    built.configuration = built.configuration.joined(configured(beside, root))
    _generate(beside, root, built)
    for entry in items(child(root, "components")):
        path = joined(directory, text_of(entry))
        if is_remote(text_of(entry)) and not tree.files.is_directory(path):
            built.missing.append(text_of(entry))
        else:
            _accumulate(tree, path, built, above, component=True)
    has_schema = child(root, "openapi", "path") is not None
    load = Patcher(beside.documents, beside.content, has_schema)
    transform(built.pieces, root, built.configuration, load)
    _transform(_configurators(beside, root, above), directory, load, built)
    for entry in items(child(root, "vars")):
        built.define(variable(built.pieces, entry))


def _configurators(beside: Beside, root: Node, above: Above) -> Built:
    """The objects that configure transformers: those written here come before those of files and bases."""
    found = Built(seen=beside.seen)
    listed = items(child(root, "transformers"))
    written = [entry for entry in listed if "\n" in text_of(entry)]
    for piece in (one for entry in written for one in pieces_of(inline(entry))):
        found.add(piece)
    for entry in (one for one in listed if one not in written):
        _resource(beside, entry, found, above)
    return found


def _transform(found: Built, directory: str, patcher: Patcher, built: Built) -> None:
    """Run transformers that are understood; what others do to the objects is not known."""
    for piece in found.pieces:
        if is_read(piece.root):
            run(built.pieces, piece.root, patcher)
    if found.missing or not all(is_read(piece.root) for piece in found.pieces):
        built.missing.append(f"a transformer in {directory}")
        built.changed.update(built.pieces)


def _inflate(tree: Tree, directory: str, root: Node, built: Built) -> None:
    """Take in the charts that are in view and can be rendered; what others create is not known."""
    home = text_of(child(root, "helmGlobals", "chartHome")) or "charts"
    for entry in items(child(root, "helmCharts")):
        try:
            if tree.inflate is None:
                raise CannotBuild("charts are not rendered here")
            pieces = pieces_of(tree.inflate(tree, directory, entry, home))
        except CannotBuild as error:
            built.missing.append(f"the chart {text_of(child(entry, 'name'))} in {directory} ({error})")
            built.filled |= {text_of(child(one, "namespace")) for one in (root, entry)}
            continue
        for piece in pieces:
            built.add(piece)


def _resource(beside: Beside, entry: Node, built: Built, above: Above) -> None:
    tree, written = beside.tree, text_of(entry)
    path = joined(beside.directory, written)
    if tree.files.bytes_of(path) is not None:
        for piece in pieces_of(beside.documents(written)):
            built.add(piece)
    elif tree.files.is_directory(path) and written:
        below = Built()
        _accumulate(tree, path, below, above, component=False)
        built.join(below)
    elif is_remote(written):
        built.missing.append(written)
    else:
        raise CannotBuild(f"{written} does not exist")


def is_of_definitions(path: str) -> bool:
    """Whether a remote resource holds CustomResourceDefinitions alone, as its path says."""
    return "crd" in path.partition("?")[0].rstrip("/").rpartition("/")[2].lower()


def pieces_of(roots: Sequence[Node]) -> list[Piece]:
    """The objects in the documents of a file, the items of lists taken singly."""
    found: list[Piece] = []
    for root in roots:
        if not isinstance(root, MappingNode):
            if is_null(root):
                continue
            raise CannotBuild("a document is no object")
        kind = text_of(child(root, "kind"))
        if kind == "List" or (kind.endswith("List") and child(root, "items") is not None):
            found += pieces_of(items(child(root, "items")))
        elif root.value:
            found.append(_piece(root))
    return found


def _piece(root: MappingNode) -> Piece:
    piece = Piece(root)
    if not piece.id.gvk.kind or not (piece.id.name or child(root, "metadata", "generateName") is not None):
        raise CannotBuild("an object has no kind or no name")
    return piece


def _generate(beside: Beside, root: Node, built: Built) -> None:
    options = child(root, "generatorOptions")
    for kind, name in (("ConfigMap", "configMapGenerator"), ("Secret", "secretGenerator")):
        for entry in items(child(root, name)):
            _absorb(built, generated(kind, entry, options, beside.content))


def _absorb(built: Built, piece: Piece) -> None:
    known = [one for one in built.pieces if any(former.equals(piece.id) for former in one.ids)]
    if len(known) > 1:
        raise CannotBuild(f"several objects are what {piece.id.gvk.kind} {piece.id.name} may merge with")
    if piece.behavior == "create" or not known:
        if piece.behavior in {"merge", "replace"} or known:
            raise CannotBuild(f"{piece.behavior} of {piece.id.gvk.kind} {piece.id.name} does not fit")
        built.add(piece)
        return
    merge_generated(known[0], piece)
