"""The Applications that an ApplicationSet makes (Argo CD: ApplicationSet, generators).

Lists, the directories and the files of a repository, and their matrix and merge are read. What clusters, pull
requests and other services would tell stays open in the template.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import partial
from itertools import groupby, islice
from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.assembly.deployments.parameters import Parameters, filled_in, normalized, text_filled_in
from meshlint.assembly.nodes import child, entries, items, put, scalar, text_of
from meshlint.assembly.tree import Tree, file_of, joined
from meshlint.values import frozen

_MOST: Final = 200
_MOST_DIRECTORIES: Final = 2000
_DEEPEST: Final = 8


def applications(root: Node, tree: Tree) -> Iterator[Node]:
    """The Applications of one ApplicationSet, each field at its place in the template."""
    spec = child(root, "spec")
    template = child(spec, "template")
    if not isinstance(template, MappingNode):
        return
    files = _Repository(tree, posixpath.dirname(file_of(root)) or ".")
    found = (
        one for generator in items(child(spec, "generators")) for one in _parameters(generator, files, {})
    )
    for parameters in islice(found, _MOST):
        made = filled_in(template, parameters)
        if isinstance(made, MappingNode):
            _name_kind(made, root)
            yield made


def _name_kind(made: MappingNode, root: Node) -> None:
    put(made, scalar("apiVersion", root), scalar("argoproj.io/v1alpha1", root))
    put(made, scalar("kind", root), scalar("Application", root))
    metadata = child(made, "metadata")
    namespace = child(root, "metadata", "namespace")
    if isinstance(metadata, MappingNode) and namespace is not None:
        put(metadata, scalar("namespace", namespace), namespace)


def _parameters(generator: Node, files: _Repository, known: Parameters) -> Iterator[Parameters]:
    """The sets of parameters that a generator gives, beside those that are `known`."""
    for name, _, about in entries(generator):
        read = _GENERATORS.get(name)
        if read is not None:
            yield from (dict(known) | dict(one) for one in read(about, files, known))
        elif name not in {"selector", "template"}:
            yield known


def _list(about: Node, _: _Repository, known: Parameters) -> Iterator[Parameters]:
    for element in items(child(about, "elements")):
        yield {name: text_filled_in(value, known) for name, value in _flat("", element)}


def _git(about: Node, files: _Repository, known: Parameters) -> Iterator[Parameters]:
    values = {f"values.{name}": text_of(value) for name, _, value in entries(child(about, "values"))}
    read = partial(_wanted, about, known)
    for directory in files.directories(*read("directories")):
        yield {**_of_path(directory), **values}
    for path in files.matching(*read("files")):
        for content in files.contents(path):
            yield {**content, **_of_path(posixpath.dirname(path) or "."), **_of_file(path), **values}


def _wanted(about: Node, known: Parameters, name: str) -> tuple[list[str], list[str]]:
    """The patterns that are looked for, and those that are left out."""
    found: tuple[list[str], list[str]] = [], []
    for entry in items(child(about, name)):
        pattern = text_filled_in(text_of(child(entry, "path")), known)
        found[text_of(child(entry, "exclude")) == "true"].append(pattern)
    return found


def _matrix(about: Node, files: _Repository, known: Parameters) -> Iterator[Parameters]:
    sets: list[Parameters] = [known]
    for generator in items(child(about, "generators")):
        sets = [one for before in sets for one in islice(_parameters(generator, files, before), _MOST)][
            :_MOST
        ]
    yield from sets


def _merge(about: Node, files: _Repository, known: Parameters) -> Iterator[Parameters]:
    keys = [text_of(key) for key in items(child(about, "mergeKeys"))]
    first, *rest = items(child(about, "generators")) or [about]
    for base in islice(_parameters(first, files, known), _MOST):
        merged = dict(base)
        for generator in rest:
            for one in islice(_parameters(generator, files, known), _MOST):
                if all(one.get(key) == base.get(key) for key in keys):
                    merged |= one
        yield merged


_GENERATORS: Final = {"list": _list, "git": _git, "matrix": _matrix, "merge": _merge}


def _of_path(path: str) -> Parameters:
    """What Argo CD says of a directory: `path` without Go templates, `path.path` with them."""
    name, parts = posixpath.basename(path), path.split("/")
    found = {
        "path": path,
        "path.path": path,
        "path.basename": name,
        "path.basenameNormalized": normalized(name),
    }
    for index, part in enumerate(parts):
        found |= {f"path[{index}]": part, f"path.segments[{index}]": part}
    return found


def _of_file(path: str) -> Parameters:
    name = posixpath.basename(path)
    return {"path.filename": name, "path.filenameNormalized": normalized(name)}


def _flat(start: str, node: Node) -> Iterator[tuple[str, str]]:
    """The texts of a mapping by their path with dots, entries of lists by their number."""
    if isinstance(node, ScalarNode):
        yield start, str(node.value)
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            yield from _flat(f"{start}[{index}]", item)
    else:
        for name, _, value in entries(node):
            yield from _flat(f"{start}.{name}" if start else name, value)


@frozen(eq=False, repr=False)
class _Repository:
    """The files around an ApplicationSet; paths count from the nearest directory above that has matches."""

    tree: Tree
    directory: str

    def directories(self, wanted: Sequence[str], unwanted: Sequence[str]) -> Iterator[str]:
        """The directories that match a pattern and none of those that are left out (path.Match)."""
        found = (one for one, is_directory in self._below(wanted) if is_directory)
        return _chosen(found, wanted, unwanted)

    def matching(self, wanted: Sequence[str], unwanted: Sequence[str]) -> Iterator[str]:
        """The files that do."""
        found = (one for one, is_directory in self._below(wanted) if not is_directory)
        return _chosen(found, wanted, unwanted)

    def contents(self, path: str) -> Iterator[Parameters]:
        """The parameters in a file: one set, or one for each entry of a list."""
        for root in self.tree.nodes(joined(self._root([path]), path)) or []:
            for one in items(root) or [root]:
                yield dict(_flat("", one))

    def _root(self, patterns: Sequence[str]) -> str:
        above = self.directory
        while above not in {".", "/", ".."}:
            if any(self._exists(joined(above, _stem(pattern))) for pattern in patterns if _stem(pattern)):
                return above
            above = posixpath.dirname(above) or "."
        return above

    def _exists(self, path: str) -> bool:
        return self.tree.files.is_directory(path) or self.tree.files.bytes_of(path) is not None

    def _below(self, patterns: Sequence[str]) -> Iterator[tuple[str, bool]]:
        """Paths below the fixed starts of patterns, and whether they are directories."""
        root, seen = self._root(patterns), 0
        waiting = sorted({_stem(pattern) or "." for pattern in patterns})
        while waiting and seen < _MOST_DIRECTORIES:
            directory = waiting.pop(0)
            seen += 1
            for name in self.tree.files.names_in(joined(root, directory)):
                path = name if directory == "." else f"{directory}/{name}"
                is_directory = self.tree.files.is_directory(joined(root, path))
                yield path, is_directory
                if is_directory and not name.startswith(".") and path.count("/") < _DEEPEST:
                    waiting.append(path)


def _chosen(found: Iterator[str], wanted: Sequence[str], unwanted: Sequence[str]) -> Iterator[str]:
    known = set()
    for path in found:
        if path not in known and _any(path, wanted) and not _any(path, unwanted):
            known.add(path)
            yield path


def _any(path: str, patterns: Sequence[str]) -> bool:
    return any(_matches(path.split("/"), _steps(pattern)) for pattern in patterns)


def _steps(pattern: str) -> list[str]:
    """The steps of a pattern, several `**` in a row as one."""
    return [step for step, _ in groupby(pattern.strip("/").split("/"))]


def _matches(path: list[str], pattern: list[str]) -> bool:
    """Whether a path is what a pattern means: `*` stays within a step, `**` is any number of them."""
    if not pattern:
        return not path
    if pattern[0] == "**":
        return any(_matches(path[start:], pattern[1:]) for start in range(len(path) + 1))
    return bool(path) and fnmatchcase(path[0], pattern[0]) and _matches(path[1:], pattern[1:])


def _stem(pattern: str) -> str:
    """The steps of a pattern before its first sign; all but the last of one without any."""
    steps = pattern.strip("/").split("/")
    fixed = next((number for number, step in enumerate(steps) if set("*?[{") & set(step)), len(steps) - 1)
    return "/".join(steps[:fixed])
