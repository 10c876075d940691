"""The files that a kustomization names, as kustomize finds them."""

from __future__ import annotations

from posixpath import basename, relpath
from typing import Final

from yaml.nodes import MappingNode, Node

from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.kustomize.kustomization import well_formed
from meshlint.assembly.nodes import Mark, child, items, mapping_node, text_of
from meshlint.assembly.tree import Tree, joined
from meshlint.values import define, field

_NOT_READ: Final = ("crds", "validators", "generators")


@define(eq=False)
class Seen:
    """The paths of files that were read, and those `outside`: neither in nor below the directory of the
    kustomization that names them. kustomize takes those only where it is told to restrict nothing.
    """

    read: set[str] = field(factory=set)
    outside: set[str] = field(factory=set)

    def add(self, other: Seen) -> None:
        """Take in what was read for something else."""
        self.read |= other.read
        self.outside |= other.outside


@define(eq=False)
class Beside:
    """The files as seen from one directory; `seen` takes note of them."""

    tree: Tree
    directory: str
    seen: Seen

    def documents(self, path: str, *, repeating: bool = False) -> list[Node]:
        """The documents of a file; raises `CannotBuild`."""
        place = self._place(path)
        self.seen.read.add(place)
        nodes = self.tree.nodes(place, repeating=repeating)
        if nodes is None:
            raise CannotBuild(f"{place} cannot be read")
        return nodes

    def content(self, path: str) -> bytes:
        """What a file holds; raises `CannotBuild`."""
        data = self.tree.text(self._place(path))
        if data is None:
            raise CannotBuild(f"{path} does not exist")
        return data

    def kustomization(self) -> MappingNode:
        """The kustomization of the directory; of several documents the first one counts."""
        paths = self.tree.kustomizations(self.directory)
        if len(paths) != 1:
            some = "several kustomizations" if paths else "no kustomization"
            raise CannotBuild(f"{self.directory} holds {some}")
        roots = self.documents(basename(paths[0]), repeating=True)
        nothing = mapping_node([], Mark(paths[0], 0, 0), Mark(paths[0], 0, 0))
        root = well_formed(roots[0] if roots else nothing, paths[0])
        self._look_for(root)
        return root

    def _look_for(self, root: Node) -> None:
        """Files that change nothing here must be there as well."""
        schema = child(root, "openapi", "path")
        listed = [entry for name in _NOT_READ for entry in items(child(root, name))]
        for entry in [*listed, *([schema] if schema is not None else [])]:
            written = text_of(entry)
            place = self._place(written) if entry in listed else joined(self.directory, written)
            is_elsewhere = "\n" in written or is_remote(written) or self.tree.files.is_directory(place)
            if not is_elsewhere and self.tree.files.bytes_of(place) is None:
                raise CannotBuild(f"{written} does not exist")

    def _place(self, path: str) -> str:
        place = joined(self.directory, path)
        if not is_in(place, self.directory):
            self.seen.outside.add(place)
        return place


def is_in(path: str, directory: str) -> bool:
    """Whether a path is a directory or below it."""
    return relpath(path, directory).partition("/")[0] != ".."


def is_remote(path: str) -> bool:
    """Whether a resource lies outside of the files: a URL, or a repository of a known host."""
    first = path.partition("/")[0]
    return "://" in path or "?ref=" in path or path.startswith("git@") or first.endswith((".com", ".org"))
