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
    fields: Mapping[str, Shape]
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
    return Shape(tuple(check for steps, check in pairs if not steps), inner, each, keys)


Tell: TypeAlias = Callable[[Steps, Any, Said], None]


def is_silent(shape: Shape, value: Any, scene: Scene) -> bool:
    """Whether no check of `shape` says anything of `value`: asked before a walk, which few values need.

    It spells no paths, and goes by what is written rather than by all that is declared.
    """
    for check in shape.checks:
        for _ in check(value, scene):
            return False
    if isinstance(value, dict):
        return _is_silent_of_map(shape, value, scene)
    each = shape.each
    if each is None or type(value) is not list:
        return True
    for inner in value:
        if inner is None:
            continue
        if not is_silent(each, inner, scene):
            return False
    return True


def _is_silent_of_map(shape: Shape, value: dict[Any, Any], scene: Scene) -> bool:
    fields, each, keys = shape.fields, shape.each, shape.keys
    for key, inner in value.items():
        for check in keys:
            for _ in check(key, scene):
                return False
        field = fields.get(key)
        if inner is None or (field is None and each is None):
            continue
        if field is not None and not is_silent(field, inner, scene):
            return False
        if each is not None and not is_silent(each, inner, scene):
            return False
    return True


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
        for name, field in shape.fields.items():
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
