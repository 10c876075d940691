"""Places that are filled in before the cluster sees them, with what the schema says of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from meshlint.documents import Document, Path, Step
from meshlint.documents.blanks import Blank, blanks, with_values, without_sops
from meshlint.documents.document import Stretch
from meshlint.documents.placeholders import may_hold
from meshlint.values import frozen

if TYPE_CHECKING:
    from meshlint.resources.schema.shape.node import Node
    from meshlint.resources.schema.store.store import SchemaStore


_IDLE: Final = frozenset(
    {"env", "envFrom", "args", "command", "exec", "image", "volumes", "volumeMounts", "resources", "status"}
)
"""Fields of pods that no mesh looks at."""


@frozen(eq=False, repr=False)
class Gap:
    """A blank of a document: `path` counts from its object's root, `node` is the schema of what fits there.

    `number` is the same for all gaps with one text, so that one variable has one value.
    """

    document: Document
    blank: Blank
    path: Path
    number: int
    node: Node | None = None
    siblings: Any = None

    @property
    def role(self) -> str:
        """The last key on the way here: what the value is called."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "")

    @property
    def word(self) -> str:
        """A word that stands in no file."""
        return f"unknown-value-{self.number}"

    @property
    def is_whole(self) -> bool:
        """Whether the text is one placeholder and nothing else."""
        found = self.blank.placeholders
        return len(found) == 1 and found[0].text == self.blank.text.strip()

    def admits(self, value: Any) -> bool:
        """Whether the schema takes `value` here."""
        from meshlint.resources.schema.walk import walk

        return self.node is None or not walk(self.node, value)


def gaps(documents: Iterable[Document], schemas: SchemaStore) -> tuple[Gap, ...]:
    """All gaps in `documents`, in their order."""
    numbers: dict[str, int] = {}
    found: list[Gap] = []
    known: dict[int, tuple[Blank, ...]] = {}
    for document in documents:
        if not document.text.may_be_filled or not _matters(document.value):
            continue
        held = known.get(id(document.value))  # Files with the same bytes share their values.
        if held is None:
            held = known[id(document.value)] = () if _is_closed(document) else blanks(document)
        for blank in held:
            if _IDLE.intersection(blank.path):
                continue
            number = numbers.setdefault(blank.text, len(numbers) + 1)
            found.append(_gap(document, blank, number, schemas))
    return tuple(found)


def fill(documents: Sequence[Document], found: Iterable[Gap], choice: Callable[[Gap], Any]) -> list[Document]:
    """`documents` with what `choice` says of each gap."""
    values: dict[int, dict[Path, Any]] = {}
    for gap in found:
        values.setdefault(id(gap.document), {})[gap.blank.path] = choice(gap)
    return [without_sops(with_values(one, values.get(id(one), {}))) for one in documents]


def _gap(document: Document, blank: Blank, number: int, schemas: SchemaStore) -> Gap:
    start, value = _root(document.value, blank.path)
    path = blank.path[start:]
    return Gap(document, blank, path, number, _node_at(_schema(value, schemas), path), _holder(value, path))


def _is_closed(document: Document) -> bool:
    """Whether the part of an open text that holds a document is surely not what is open of it."""
    return isinstance(document.written, Stretch) and not may_hold(document.written.says)


def _matters(value: Any) -> bool:
    """Whether a mesh looks at what is in an object of this kind at all."""
    return isinstance(value, dict) and value.get("kind") != "CustomResourceDefinition"


def _root(value: Any, path: Path) -> tuple[int, Any]:
    """How many steps lead to the object that holds `path`, and the object: an item of a `List` is one."""
    if len(path) > 2 and path[0] == "items" and str(value.get("kind", "")).endswith("List"):
        return 2, _inner(_inner(value, "items"), path[1])
    return 0, value


def _schema(value: Any, schemas: SchemaStore) -> Node | None:
    if not isinstance(value, dict):
        return None
    group, _, version = str(value.get("apiVersion", "")).rpartition("/")
    return schemas.node(group, version, str(value.get("kind", "")))


def _node_at(node: Node | None, path: Path) -> Node | None:
    for step in path:
        if node is None:
            return None
        node = node.item if isinstance(step, int) else node.child(step)
    return node


def _holder(value: Any, path: Path) -> Any:
    """The nearest mapping around `path`."""
    holder = value
    for step in path:
        if isinstance(value, dict):
            holder = value
        value = _inner(value, step)
    return holder


def _inner(value: Any, step: Step) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None
