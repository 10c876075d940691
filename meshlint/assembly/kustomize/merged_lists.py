"""Lists whose entries are told apart by keys, merged as kustomize does (kyaml: associative sequences).

What the patch has comes first. Where entries have two keys, such as the port and the protocol, one that is
not written is taken from the other side; entries that were there before then follow in their old order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from yaml.nodes import MappingNode, Node

from meshlint.assembly.nodes import child, is_null, put, scalar, text_of

Values = list[str]
Merge = Callable[[Node | None, Node], Node | None]


def merged_entries(old: list[Node], new: Sequence[Node], keys: Sequence[str], merge: Merge) -> list[Node]:
    """The entries of `old` with those of `new` merged in."""
    rows = _rows([*new, *old], keys)
    if len(keys) > 1:
        _complete(rows)
    used = [index for index in range(len(keys)) if any(row[index] for row in rows)] or list(range(len(keys)))
    names = [keys[index] for index in used]
    added: list[Node] = []
    left = list(old)
    for row in rows:
        values = [row[index] for index in used]
        entry = _merged(left, new, row, keys, merge)
        if is_null(entry) or (isinstance(entry, MappingNode) and not entry.value) or entry is None:
            left = _set(left, None, names, values)
            continue
        for name, value in zip(names, values, strict=True):
            if isinstance(entry, MappingNode) and value and child(entry, name) is None:
                put(entry, scalar(name, entry), scalar(value, entry, None))
        added = _set(added, entry, names, values)
    for entry in left:
        added = _append(added, entry, names)
    return added


def _rows(entries: Sequence[Node], keys: Sequence[str]) -> list[Values]:
    """The values of the keys of all entries, each combination once."""
    found: list[Values] = []
    for entry in entries:
        row = [text_of(child(entry, key)) for key in keys]
        if row not in found:
            found.append(row)
    return found


def _complete(rows: list[Values]) -> None:
    """Fill in what one row lacks from another one that agrees with it otherwise."""
    for first in range(len(rows)):
        for second in range(len(rows)):
            joined = _joined(rows[first], rows[second])
            if joined is not None:
                rows[first] = rows[second] = joined


def _joined(one: Values, other: Values) -> Values | None:
    pairs = list(zip(one, other, strict=True))
    if any(first and second and first != second for first, second in pairs):
        return None
    return [first or second for first, second in pairs] if any(a == b for a, b in pairs) else None


def _merged(
    old: Sequence[Node], new: Sequence[Node], row: Values, keys: Sequence[str], merge: Merge
) -> Node | None:
    wanted = [(key, value) for key, value in zip(keys, row, strict=True) if value]
    before, patch = _find(old, wanted), _find(new, wanted)
    return before if patch is None else merge(before, patch)


def _find(entries: Sequence[Node], wanted: Sequence[tuple[str, str]]) -> Node | None:
    for entry in entries:
        if isinstance(entry, MappingNode) and all(
            text_of(child(entry, key)) == value for key, value in wanted
        ):
            return entry
    return None


def _append(entries: list[Node], entry: Node, names: Sequence[str]) -> list[Node]:
    values = [text_of(child(entry, name)) for name in names if child(entry, name) is not None]
    if len(values) < len(names):
        entries = [*entries, entry]
    if len(names) > 1:
        entries = _set(entries, None, names, values)
    return _set(entries, entry, names, values)


def _set(entries: Sequence[Node], entry: Node | None, names: Sequence[str], values: Values) -> list[Node]:
    """Put `entry` in the place of those with its values, or behind all; None takes them out."""
    result: list[Node] = []
    found = False
    for known in entries:
        if not _matches(known, names, values):
            result.append(known)
            continue
        found = True
        if entry is not None:
            result.append(entry)
    return result if found or entry is None else [*result, entry]


def _matches(entry: Node, names: Sequence[str], values: Values) -> bool:
    """An empty value asks for the key alone; a key without a value is not asked for."""
    for name, value in zip(names, values, strict=False):
        found = child(entry, name)
        if found is None or (value and text_of(found) != value):
            return False
    return bool(values)
