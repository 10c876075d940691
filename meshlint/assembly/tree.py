"""The files of a repository, as the tools that read them see them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from meshlint.documents import REPEATED, FileText, Reading, read
from meshlint.values import define, field, frozen

if TYPE_CHECKING:
    from yaml.nodes import Node

    from meshlint.sources.helm import Order, Rendered

_HIGHEST: Final = 12
KUSTOMIZATION_NAMES: Final = ("kustomization.yaml", "kustomization.yml", "Kustomization")


class Files(Protocol):
    """Where bytes come from, by path with forward slashes."""

    def bytes_of(self, path: str) -> bytes | None:
        """What a file holds; None if there is no such file."""
        ...

    def is_directory(self, path: str) -> bool:
        """Whether `path` is a directory."""
        ...

    def names_in(self, path: str) -> list[str]:
        """The names of the files and directories in a directory, in their order."""
        ...


class Charts(Protocol):
    """Who renders charts."""

    def render(self, order: Order) -> Rendered | str:
        """What comes of an order by paths in the tree, or a sentence that says why nothing does."""
        ...


@frozen(eq=False, repr=False)
class TextFiles:
    """Files that are given as texts."""

    texts: Mapping[str, str]

    def bytes_of(self, path: str) -> bytes | None:
        """What a file holds."""
        text = self.texts.get(path)
        return None if text is None else text.encode()

    def is_directory(self, path: str) -> bool:
        """Whether any file lies below `path`."""
        return any(name.startswith(f"{path}/") or path == "." for name in self.texts)

    def names_in(self, path: str) -> list[str]:
        """The first steps of the paths below `path`."""
        start = "" if path == "." else f"{path}/"
        return sorted({name[len(start) :].partition("/")[0] for name in self.texts if name.startswith(start)})


@define(eq=False)
class Tree:
    """Files by path, each read once; `charts` renders those in them, if anybody can.

    `inflate` is then what makes objects of an entry of `helmCharts` of the kustomization in a directory,
    given where its charts are.
    """

    files: Files
    charts: Charts | None = None
    inflate: Callable[[Tree, str, Node, str], list[Node]] | None = None
    _readings: dict[str, Reading | None] = field(factory=dict)

    def reading(self, path: str) -> Reading | None:
        """The documents of a file; None if there is no such file."""
        if path not in self._readings:
            data = self.files.bytes_of(path)
            self._readings[path] = None if data is None else read(path, data)
        return self._readings[path]

    def nodes(self, path: str, *, repeating: bool = False) -> list[Node] | None:
        """Fresh copies of the roots of a file's documents, those that hold nothing left out.

        None if it cannot be read. With `repeating` keys may stand in it several times: the last one counts.
        """
        reading = self.reading(path)
        if reading is None or reading.is_template:
            return None
        if not all(repeating and one.kind in REPEATED for one in reading.problems):
            return None
        from meshlint.assembly.nodes import adopted

        return [adopted(document) for document in reading.documents if document.value is not None]

    def text(self, path: str) -> bytes | None:
        """What a file holds."""
        return self.files.bytes_of(path)

    def lines(self, path: str) -> Sequence[str]:
        """The lines of a file, be it a template."""
        reading = self.reading(path)
        return reading.text.lines if reading is not None else ()

    @property
    def texts(self) -> dict[str, FileText]:
        """The texts that were read, by the names that reports give them."""
        return {one.text.path: one.text for one in self._readings.values() if one is not None}

    def kustomization(self, directory: str) -> str | None:
        """The path of the kustomization file of a directory, the first one of several."""
        return next(iter(self.kustomizations(directory)), None)

    def kustomizations(self, directory: str) -> list[str]:
        """The paths of the kustomization files of a directory; kustomize takes one alone."""
        paths = (joined(directory, name) for name in KUSTOMIZATION_NAMES)
        return [path for path in paths if self.files.bytes_of(path) is not None]

    def manifests(self, directory: str, *, recurse: bool, nested: bool = True) -> Iterator[str]:
        """What a tool takes from a directory without a kustomization: manifests, and kustomizations below.

        Those only where they are `nested`; the manifests beside them are otherwise taken as they are.
        """
        for name in self.files.names_in(directory):
            path = joined(directory, name)
            if name.endswith((".yaml", ".yml", ".json")):
                if name not in KUSTOMIZATION_NAMES:
                    yield name
            elif recurse and not name.startswith(".") and self.files.is_directory(path):
                if nested and self.kustomization(path) is not None:
                    yield name
                else:
                    below = self.manifests(path, recurse=True, nested=nested)
                    yield from (f"{name}/{one}" for one in below)


def nearest(tree: Tree, root: Node, written: str, *, is_file: bool = False) -> str | None:
    """The path that an object names, counted from the nearest directory above its own file that has it."""
    wanted = posixpath.normpath(written.lstrip("/"))
    above = posixpath.dirname(file_of(root)) or "."
    for _ in range(_HIGHEST):
        path = joined(above, wanted)
        if is_file and tree.files.bytes_of(path) is not None:
            return path
        if not is_file and wanted != "." and tree.files.is_directory(path):
            return path
        climbed = _above(tree, above)
        if climbed is None:
            return None
        above = climbed
    return None


def file_of(node: Node) -> str:
    """The file that a node stands in."""
    return str(getattr(node.start_mark, "file", ""))


def _above(tree: Tree, directory: str) -> str | None:
    """The directory above, from where meshlint was started on only as far as the repository goes."""
    if directory == "/":
        return None
    if directory != "." and not directory.startswith(".."):
        return posixpath.dirname(directory) or "."
    levels = [joined(directory, "/".join([".."] * up)) for up in range(1, _HIGHEST)]
    is_root = tree.files.is_directory(joined(directory, ".git"))
    is_below = any(tree.files.is_directory(joined(level, ".git")) for level in levels)
    return None if is_root or not is_below else levels[0]


def joined(directory: str, path: str) -> str:
    """`path` as seen from `directory`."""
    return posixpath.normpath(posixpath.join(directory, path))
