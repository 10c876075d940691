"""The door of this room: what is wrong with an object by the schema of its kind and version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from meshlint.resources.schema.shape.effective import effective
from meshlint.resources.schema.sound import is_sound
from meshlint.resources.schema.store.store import BUILT_IN
from meshlint.resources.schema.walk import walk

if TYPE_CHECKING:
    from meshlint.resources.schema.store.store import SchemaStore
    from meshlint.resources.schema.violation import Violation

WORKLOADS: Final = frozenset({"DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"})


def validate(
    group: str, version: str, kind: str, value: Any, store: SchemaStore = BUILT_IN
) -> list[Violation]:
    """What breaks the schema of this kind and version, in the order in which it is written.

    Empty for a kind or version that is not known (`versions.lookup` speaks of those) and for a
    strategic-merge patch, which is no object. `value` is the whole object as plain values; nothing in it can
    make this raise.
    """
    node = store.node(group, version, kind)
    if node is None or is_patch(kind, value):
        return []
    faults = [] if is_sound(node, value) else walk(node, value)
    is_ours = store.releases and (group, version, kind) not in store.given
    notes = _newer_than_known(group, kind, value, store) if is_ours else []
    if not faults:
        return notes
    from meshlint.resources.schema.explain import Scene
    from meshlint.resources.schema.history import History, through_releases

    scene = Scene(group, version, kind, value, node, store)
    history = History((group, version, kind), value, store)
    found = [violation for fault in faults for violation in through_releases(history, scene, fault)]
    if not notes:
        return found
    unknown = {note.path for note in notes}
    left = [
        one for one in found if not any(one.path[:depth] in unknown for depth in range(len(one.path) + 1))
    ]
    return [*notes, *left]


def _newer_than_known(group: str, kind: str, value: Any, store: SchemaStore) -> list[Violation]:
    """Fields that came after a release whose definitions are not built in: it judges nothing in them."""
    from meshlint.resources.schema.deprecations import newer_notes

    rows = newer_notes(group, kind, store.releases)
    if not rows:
        return []
    from meshlint.resources.schema.history import noted

    return list(noted(rows, value, store.releases))


def is_patch(kind: str, value: Any) -> bool:
    """Whether `value` only changes an object that stands elsewhere.

    It says so with a directive, or it is a workload that has neither a selector nor a container.
    """
    if not isinstance(value, dict):
        return False
    if "$patch" in value:
        return True
    spec = value.get("spec") if kind in WORKLOADS else None
    if not isinstance(spec, dict) or "selector" in spec:
        return False
    template = spec.get("template")
    pod = template.get("spec") if isinstance(template, dict) else None
    return not (isinstance(pod, dict) and "containers" in pod)


def stored(group: str, version: str, kind: str, value: Any, store: SchemaStore = BUILT_IN) -> Any:
    """`value` as the cluster stores it: nulls pruned, defaults in; itself when its kind is not known."""
    node = store.node(group, version, kind)
    return value if node is None else effective(node, value)
