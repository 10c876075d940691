"""What a value is once it was edited: what the edits of a text have to come to."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from meshlint.checks.mending import Add, Edit, Enlist, Move, Nest, Remove, Rename, Replace
from meshlint.documents import Path


def edited(value: Any, edits: tuple[Edit, ...]) -> Any:
    """`value`, the root of a document, after `edits`, which count from it as it is.

    Removals come last, and those further back first, so that no path leads astray.
    """
    result = deepcopy(value)
    last = (Remove, Move)
    for edit in sorted(edits, key=lambda edit: isinstance(edit, last)):
        if not isinstance(edit, last):
            _change(result, edit)
    gone = sorted((edit for edit in edits if isinstance(edit, last)), key=_order, reverse=True)
    for edit in gone:
        taken = _take(result, edit.at.path)
        if isinstance(edit, Move):
            if edit.holder is not None:
                _take(result, edit.holder.path)
            _at(result, edit.into.path)[edit.key] = taken
    return result


def _order(edit: Remove | Move) -> tuple[tuple[bool, int, str], ...]:
    return tuple((isinstance(s, int), s if isinstance(s, int) else 0, str(s)) for s in edit.at.path)


def _change(root: Any, edit: Edit) -> None:
    if isinstance(edit, Replace):
        _at(root, edit.at.path[:-1])[edit.at.path[-1]] = edit.value
    elif isinstance(edit, Add):
        _at(root, edit.into.path)[edit.key] = deepcopy(edit.value)
    elif isinstance(edit, Rename):
        _at(root, edit.at.path[:-1])[edit.key] = _take(root, edit.at.path)
    elif isinstance(edit, Nest):
        _at(root, edit.at.path[:-1])[edit.outer] = {edit.inner: _take(root, edit.at.path)}
    elif isinstance(edit, Enlist):
        _at(root, edit.at.path[:-1])[edit.plural] = [_take(root, edit.at.path)]


def _at(root: Any, path: Path) -> Any:
    for step in path:
        root = root[step]
    return root


def _take(root: Any, path: Path) -> Any:
    holder = _at(root, path[:-1])
    return holder.pop(path[-1])
