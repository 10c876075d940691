"""What istiod's webhook checks in a kind, declared by path, and the walk of a value along it.

A path names fields with dots between; `[]` stands for each entry of a list, `*` for each value of a map and
`(key)` for each of its keys. What is declared under a path is a check, several, or a whole declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any, Final, TypeAlias

from meshlint.admission.istio.vocabulary.said import Check, Declared, Said, Scene, Steps
from meshlint.values import frozen

EACH: Final = ("[]", "*")
KEY: Final = "(key)"


@frozen(repr=False)
class Shape:
    """The checks of one place, and the shapes of what is within it."""

    checks: tuple[Check, ...]
    fields: tuple[tuple[str, Shape], ...]
    each: Shape | None
    keys: tuple[Check, ...]


def shape(declared: Declared) -> Shape:
    """The tree of what is declared."""
    return _tree(list(_flat((), declared)))


def _flat(before: tuple[str, ...], declared: Declared) -> Iterator[tuple[tuple[str, ...], Check]]:
    for path, what in declared.items():
        steps = (*before, *(step for step in path.replace("[]", ".[]").split(".") if step))
        if isinstance(what, Mapping):
            yield from _flat(steps, what)
        else:
            yield from ((steps, check) for check in (what if isinstance(what, tuple) else (what,)))


def _tree(pairs: list[tuple[tuple[str, ...], Check]]) -> Shape:
    heads = dict.fromkeys(steps[0] for steps, _ in pairs if steps)
    inner = {
        head: _tree([(steps[1:], check) for steps, check in pairs if steps and steps[0] == head])
        for head in heads
    }
    each = next((inner.pop(step) for step in EACH if step in inner), None)
    keys = inner.pop(KEY).checks if KEY in inner else ()
    return Shape(tuple(check for steps, check in pairs if not steps), tuple(inner.items()), each, keys)


Tell: TypeAlias = Callable[[Steps, Any, Said], None]


def walk(shape: Shape, value: Any, scene: Scene, tell: Tell, path: Steps = ()) -> None:
    """Calls `tell` with all that the checks of `shape` say of `value`: the path, the value there, the words.

    A null is what the webhook takes it for: nothing.
    """
    for check in shape.checks:
        for said in check(value, scene):
            tell(path, value, said)
    if isinstance(value, dict):
        for check, key in product(shape.keys, value) if shape.keys else ():
            for said in check(key, scene):
                tell((*path, key), key, said)
        get = value.get
        for name, field in shape.fields:
            inner = get(name)
            if inner is not None:
                walk(field, inner, scene, tell, (*path, name))
    if shape.each is not None:
        _walk_each(shape.each, value, scene, tell, path)


def _walk_each(shape: Shape, value: Any, scene: Scene, tell: Tell, path: Steps) -> None:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if type(value) is list else ()
    for step, inner in entries:
        if inner is not None:
            walk(shape, inner, scene, tell, (*path, step))
