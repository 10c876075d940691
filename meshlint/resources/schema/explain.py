"""Puts a fault into words: what is written, what comes of it, and what was probably meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from meshlint.resources.schema.fault import Fault
from meshlint.resources.schema.forms.expressions import compiled
from meshlint.resources.schema.forms.patterns import in_words
from meshlint.resources.schema.shape.node import Node
from meshlint.resources.schema.store.store import SchemaStore
from meshlint.resources.schema.suggest import Suggestion, for_unknown_field
from meshlint.resources.schema.violation import Path, Reason, Violation
from meshlint.resources.schema.words.names import nearest
from meshlint.resources.schema.words.writing import expected, kind_of, listed, near, quoted
from meshlint.resources.view_class import view

REFUSED: Final = "so it is refused"


@view
class Scene:
    """The object in which a fault was found, and where its schema comes from."""

    group: str
    version: str
    kind: str
    value: Any
    node: Node
    store: SchemaStore

    def under(self, node: Node) -> Scene:
        """The same object as another schema sees it."""
        return Scene(self.group, self.version, self.kind, self.value, node, self.store)

    def node_at(self, path: Path) -> Node | None:
        """The schema node of a path."""
        node: Node | None = self.node
        for step in path:
            if node is None:
                return None
            node = node.item if isinstance(step, int) else node.child(step)
        return node


Words = tuple[str, Suggestion]


def explain(scene: Scene, fault: Fault) -> Violation:
    """The violation that a fault of the object is."""
    message, suggestion = WRITERS[fault.reason](scene, fault)
    return Violation(
        fault.path,
        fault.reason,
        message,
        fault.on_key,
        suggestion.text,
        suggestion.replacement,
        fault.related,
        suggestion.places,
    )


def _field(fault: Fault) -> str:
    names = [step for step in fault.path if isinstance(step, str)]
    if not names:
        return "the object"
    if "key" in fault.detail:
        return f"a key of {names[-2]}" if len(names) > 1 else "a key"
    return f"an item of {names[-1]}" if isinstance(fault.path[-1], int) else names[-1]


def _unknown_field(scene: Scene, fault: Fault) -> Words:
    name = str(fault.path[-1])
    where = near(fault.path[:-1]) or scene.kind
    suggestion = for_unknown_field(
        scene.store, (scene.group, scene.version, scene.kind), scene.node, fault.path
    )
    effect = suggestion.effect or "so it is dropped or refused"
    return f"{quoted(name)} is not a field of {where}, {effect}", suggestion


def _wrong_type(scene: Scene, fault: Fault) -> Words:
    value = fault.detail["value"]
    node = scene.node_at(fault.path)
    types = node.types if node else ()
    what = "" if isinstance(value, dict | list) or value is None else f"{quoted(value)} is "
    message = f"{what}{kind_of(value)} where {_field(fault)} takes {expected(types)}, {REFUSED}"
    return message[0].upper() + message[1:] if not what else message, _retyped(value, types, node)


def _retyped(value: Any, types: tuple[str, ...], node: Node | None) -> Suggestion:
    if isinstance(value, str) and {"integer", "number"} & set(types) and value.strip().lstrip("-").isdigit():
        return Suggestion(f"Write {value.strip()} without quotes.", value.strip())
    if (
        isinstance(value, str)
        and "boolean" in types
        and value.lower() in ("true", "false", "yes", "no", "on", "off")
    ):
        meant = "true" if value.lower() in ("true", "yes", "on") else "false"
        return Suggestion(f"Write {meant} without quotes.", meant)
    if isinstance(value, bool | int | float) and "string" in types:
        return Suggestion(f'Put it in quotes: "{quoted(value)}".', f'"{quoted(value)}"')
    if "array" in types and value is not None:
        return Suggestion("Make it a list: put a dash before each item.")
    if "object" in types and isinstance(value, list) and len(value) == 1:
        return Suggestion("It is one mapping, not a list: take the dash away.")
    if (
        "object" in types
        and node is not None
        and len(node.properties) == 1
        and not isinstance(value, list | dict)
    ):
        return Suggestion(f"Write it below {quoted(next(iter(node.properties)))}.")
    return Suggestion()


def _missing_field(scene: Scene, fault: Fault) -> Words:
    names = fault.detail["names"]
    if fault.detail.get("empty"):
        return f"{quoted(names[0])} is required and has no value, {REFUSED}", Suggestion()
    verb = "is" if len(names) == 1 else "are"
    where = near(fault.path) or f"a {scene.kind}"
    return f"{listed(names, 'and')} {verb} required in {where} and missing, {REFUSED}", Suggestion()


def _bad_enum(scene: Scene, fault: Fault) -> Words:
    del scene
    value, allowed = fault.detail["value"], fault.detail["allowed"]
    words = [one for one in allowed if isinstance(one, str)]
    meant = nearest(value, words) if isinstance(value, str) else None
    message = f"{quoted(value)} is no value of {_field(fault)}, {REFUSED}"
    return message, Suggestion.meant(meant) if meant else Suggestion(f"It takes {listed(allowed)}.")


def _pattern(scene: Scene, fault: Fault) -> Words:
    del scene
    value, pattern = fault.detail["value"], fault.detail["pattern"]
    tidy = value.strip().lower()
    form = compiled(pattern)
    meant = tidy if tidy != value and form is not None and form.search(tidy) else None
    suggestion = Suggestion.meant(meant) if meant else Suggestion(in_words(pattern))
    return f"{quoted(value)} has not the form of {_field(fault)}, {REFUSED}", suggestion


BOUNDS: Final = {
    "exclusiveMaximum": "is not under {}, the bound of {}",
    "exclusiveMinimum": "is not over {}, the bound of {}",
    "maxItems": "has more than the {} items that {} may have",
    "maxLength": "is longer than the {} characters that {} may have",
    "maxProperties": "has more than the {} keys that {} may have",
    "maximum": "is over {}, the most that {} may be",
    "minItems": "has fewer than the {} items that {} needs",
    "minLength": "is shorter than the {} characters that {} needs",
    "minProperties": "has fewer than the {} keys that {} needs",
    "minimum": "is under {}, the least that {} may be",
    "multipleOf": "is no multiple of {}, which {} must be",
}


def _bounds(scene: Scene, fault: Fault) -> Words:
    del scene
    limit, bound = fault.detail["limit"], fault.detail["bound"]
    value = fault.detail["value"]
    subject = quoted(value) if not isinstance(value, list | dict) else kind_of(value).capitalize()
    if limit == "uniqueItems":
        return f"{_field(fault).capitalize()} has an item twice, {REFUSED}", Suggestion("Remove one of them.")
    if limit.endswith("Length") and bound in (0, 1):
        must = "empty" if bound == 0 else "more than empty"
        return f"{subject} is given where {_field(fault)} must be {must}, {REFUSED}", Suggestion()
    return f"{subject} {BOUNDS[limit].format(bound, _field(fault))}, {REFUSED}", Suggestion()


def _exclusive(scene: Scene, fault: Fault) -> Words:
    del scene
    names = fault.detail["names"]
    are = "are both set" if len(names) == 2 else "are all set"
    message = f"{listed(names, 'and')} {are} and exclude each other, {REFUSED}"
    return message, Suggestion(f"Keep one of {listed(names, 'and')}.")


def _none_of_group(scene: Scene, fault: Fault) -> Words:
    where = near(fault.path) or scene.kind
    allowed = fault.detail["allowed"]
    return f"{where} needs one of {listed(allowed)} and has none, {REFUSED}", Suggestion()


def _format(scene: Scene, fault: Fault) -> Words:
    del scene
    names = {
        "byte": "base64",
        "date-time": "a date and time",
        "int32": "a 32-bit number",
        "int64": "a 64-bit number",
    }
    name = fault.detail["format"]
    what = names.get(name, f"a {name}")
    return (
        f"{quoted(fault.detail['value'])} is not {what}, as {_field(fault)} must be, {REFUSED}",
        Suggestion(),
    )


def _constraint(scene: Scene, fault: Fault) -> Words:
    message = fault.detail["message"]
    if not message:
        where = near(fault.path) or scene.kind
        return f"{where} fits none of the combinations that its schema allows, {REFUSED}", Suggestion()
    return message, Suggestion(fault.detail.get("suggestion", ""))


WRITERS: Final[Mapping[Reason, Callable[[Scene, Fault], Words]]] = {
    Reason.UNKNOWN_FIELD: _unknown_field,
    Reason.WRONG_TYPE: _wrong_type,
    Reason.MISSING_FIELD: _missing_field,
    Reason.BAD_ENUM: _bad_enum,
    Reason.PATTERN: _pattern,
    Reason.BOUNDS: _bounds,
    Reason.EXCLUSIVE: _exclusive,
    Reason.NONE_OF_GROUP: _none_of_group,
    Reason.FORMAT: _format,
    Reason.CONSTRAINT: _constraint,
}
