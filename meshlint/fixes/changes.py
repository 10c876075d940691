"""From edits of fields to changes of characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.checks.mending import Add, Edit, Enlist, Fix, Move, Nest, Remove, Rename, Replace
from meshlint.fixes.ground import BLOCK_STYLES, Entry, Ground, Unfit
from meshlint.fixes.writing import block, flow, key_text, like, scalar
from meshlint.values import frozen


@frozen(order=True, repr=False)
class Change:
    """The characters from `start` to `end` of the file become `text`."""

    file: str
    start: int
    end: int
    text: str


def changes_of(fix: Fix) -> tuple[Change, ...] | None:
    """The changes that make up `fix`, or None where they would touch more than they should.

    That is where aliases, merges or tags are in the way, where a comment would be lost, and where the value
    is not written in the file that the document is from.
    """
    grounds: dict[int, Ground] = {}
    found: list[Change] = []
    try:
        for edit in fix.edits:
            document = (edit.into if isinstance(edit, Add) else edit.at).document
            ground = grounds.setdefault(id(document), Ground(document))
            found.extend(_changes(ground, edit))
    except Unfit:
        return None
    return tuple(sorted(set(found))) if fit_together(found) else None


def fit_together(changes: Iterable[Change]) -> bool:
    """Whether no two of the changes touch the same characters."""
    end: dict[str, int] = {}
    for change in sorted(set(changes)):
        if change.start < end.get(change.file, 0):
            return False
        end[change.file] = max(change.end, change.start)
    return True


def applied(text: str, changes: Iterable[Change]) -> str:
    """The text of one file after changes that fit together."""
    parts: list[str] = []
    at = 0
    for change in sorted(set(changes)):
        parts += [text[at : change.start], change.text]
        at = change.end
    return "".join([*parts, text[at:]])


def _changes(ground: Ground, edit: Edit) -> Iterator[Change]:
    if isinstance(edit, Add):
        yield _add(ground, ground.node(edit.into), edit)
        return
    entry = ground.entry(edit.at)
    if isinstance(edit, Remove):
        yield _removal(entry)
    elif isinstance(edit, Replace):
        if not isinstance(entry.value, ScalarNode):
            raise Unfit
        yield _over(ground, entry.value, like(ground, entry.value, edit.value))
    elif isinstance(edit, Move):
        yield _removal(entry if edit.holder is None else ground.entry(edit.holder))
        yield _insertion(ground, ground.node(edit.into), edit.key, entry)
    elif isinstance(edit, Rename):
        _refuse_taken(entry, edit.key)
        yield _over(ground, _key(entry), like(ground, _key(entry), edit.key))
    elif isinstance(edit, Nest):
        yield from _nested(entry, edit)
    else:
        yield from _enlisted(entry, edit)


def _key(entry: Entry) -> ScalarNode:
    if not isinstance(entry.key, ScalarNode):
        raise Unfit
    return entry.key


def _over(ground: Ground, node: Node, text: str) -> Change:
    return Change(ground.document.file, ground.start(node), ground.end(node), text)


def _refuse_taken(entry: Entry, key: str) -> None:
    """A second key of one name would hide the first."""
    if any(isinstance(one, ScalarNode) and one.value == key for one, _value in entry.parent.value):
        raise Unfit


def _is_flow(node: Node) -> bool:
    return isinstance(node, MappingNode | SequenceNode) and bool(node.flow_style)


def _last(ground: Ground, node: MappingNode) -> Entry:
    key, value = node.value[-1]
    return Entry(ground, node, key, value, len(node.value) - 1)


def _as_json(entry: Entry) -> bool:
    return isinstance(entry.key, ScalarNode) and entry.key.style == '"'


def _removal(entry: Entry) -> Change:
    """Takes an entry away with its line; one that is alone stays, for an empty holder says something else."""
    ground, text = entry.ground, entry.ground.text
    before, after = entry.sibling(-1), entry.sibling(1)
    if before is None and after is None:
        raise Unfit
    file = ground.document.file
    if _is_flow(entry.parent):
        if after is not None:
            return _clean(ground, Change(file, entry.start, after.start, ""), entry.end)
        assert before is not None
        return _clean(ground, Change(file, before.end, entry.end, ""), before.end, entry.start)
    head = text[ground.line_start(entry.start) : entry.start]
    lead = head.rstrip(" ").removesuffix("-") if entry.key is None else head
    if not lead.strip():
        return Change(file, ground.line_start(entry.start), ground.line_end(max(entry.end - 1, 0)), "")
    if entry.key is not None and after is not None and not head.replace("-", "").strip():
        return _clean(ground, Change(file, entry.start, after.start, ""), entry.end)
    raise Unfit


def _clean(ground: Ground, change: Change, start: int, end: int | None = None) -> Change:
    """The change, if no comment stands in the gap that it closes."""
    if "#" in ground.text[start : change.end if end is None else end]:
        raise Unfit
    return change


def _add(ground: Ground, node: Node, edit: Add) -> Change:
    if not isinstance(node, MappingNode) or not node.value:
        raise Unfit
    last = _last(ground, node)
    if _is_flow(node):
        as_json = _as_json(last)
        written = f"{key_text(edit.key, as_json=as_json)}: {flow(edit.value, as_json=as_json)}"
        return Change(ground.document.file, last.end, last.end, _joint(last) + written)
    return _lines_after(last, block(edit.key, edit.value, _column(last), ground.line_break(last.end - 1)))


def _joint(last: Entry) -> str:
    """What separates a further entry of a flow from the last one: a line, if each has its own."""
    text, start = last.ground.text, last.start
    head = text[last.ground.line_start(start) : start]
    if head.strip() or last.ground.line_start(start) == 0:
        return ", "
    return f",{last.ground.line_break(start)}{head}"


def _column(entry: Entry) -> int:
    return entry.start - entry.ground.line_start(entry.start)


def _lines_after(last: Entry, lines: str) -> Change:
    """Whole lines below the last line of an entry."""
    ground = last.ground
    at = ground.line_end(last.end - 1)
    ends = at > 0 and ground.text[at - 1] in "\r\n"
    if not ends:
        lines = ground.line_break(last.end - 1) + lines.rstrip("\r\n")
    return Change(ground.document.file, at, at, lines)


def _insertion(ground: Ground, node: Node, key: str, moved: Entry) -> Change:
    """The moved entry at the end of the mapping `node`, its lines as far in as their new neighbours."""
    if not isinstance(node, MappingNode) or not node.value:
        raise Unfit
    last = _last(ground, node)
    if last.start == moved.start:
        raise Unfit
    own = ground.text[ground.end(_key(moved)) : moved.end]
    if _is_flow(node) or _is_flow(moved.parent):
        if "\n" in own or _is_flow(node) != _is_flow(moved.parent):
            raise Unfit
        text = _joint(last) + key_text(key, as_json=_as_json(last)) + own
        return Change(ground.document.file, last.end, last.end, text)
    if isinstance(moved.value, ScalarNode) and moved.value.style in BLOCK_STYLES:
        raise Unfit
    line_break = ground.line_break(last.end - 1)
    own += ground.text[moved.end : ground.line_end(moved.end - 1)].rstrip("\r\n")
    lines = _shifted(scalar(key) + own, _column(last) - _column(moved))
    return _lines_after(last, " " * _column(last) + lines + line_break)


def _shifted(text: str, by: int) -> str:
    """All lines but the first further in or out."""
    first, *rest = text.splitlines(keepends=True)
    for number, line in enumerate(rest):
        bare = line.lstrip(" ")
        if bare.strip():
            indent = len(line) - len(bare) + by
            if indent < 0:
                raise Unfit
            rest[number] = " " * indent + bare
    return first + "".join(rest)


def _nested(entry: Entry, edit: Nest) -> Iterator[Change]:
    """`outer` with `inner` in it instead of the key: on two lines in a block, in braces in a flow."""
    ground = entry.ground
    own = ground.text[ground.end(_key(entry)) : entry.end]
    if "\n" in own or not isinstance(entry.value, ScalarNode):
        raise Unfit
    if _is_flow(entry.parent):
        json = _as_json(entry)
        text = f"{key_text(edit.outer, as_json=json)}: {{{key_text(edit.inner, as_json=json)}{own}}}"
    else:
        pad = " " * (_column(entry) + 2)
        text = f"{scalar(edit.outer)}:{ground.line_break(entry.start)}{pad}{scalar(edit.inner)}{own}"
    yield Change(ground.document.file, entry.start, entry.end, text)


def _enlisted(entry: Entry, edit: Enlist) -> Iterator[Change]:
    """The value as the one entry of a list."""
    ground, value = entry.ground, entry.value
    yield _over(ground, _key(entry), like(ground, _key(entry), edit.plural))
    start, end = ground.start(value), ground.end(value)
    written = ground.text[start:end]
    if isinstance(value, ScalarNode) or _is_flow(value):
        if isinstance(value, ScalarNode) and ("\n" in written or not written):
            raise Unfit
        yield Change(ground.document.file, start, end, f"[{written}]")
        return
    if isinstance(value, SequenceNode) or ground.text[ground.line_start(start) : start].strip():
        raise Unfit
    yield Change(ground.document.file, start, end, f"- {_shifted(written, 2)}")
