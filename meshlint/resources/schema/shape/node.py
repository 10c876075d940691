"""A schema made ready for walking: each node is read once, when a value first stands there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from meshlint.resources.schema.forms.expressions import Expression, compiled
from meshlint.resources.schema.shape.groups import Group, groups_of
from meshlint.resources.schema.shape.limits import LIMITS
from meshlint.resources.schema.shape.structural import JsonSchema
from meshlint.values import define, field

PLAIN_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "null": (type(None),),
    "number": (int, float),
    "object": (dict,),
    "string": (str,),
}
SCALAR: Final = frozenset(LIMITS) | {"enum", "const", "pattern", "format"}
Definitions: TypeAlias = Mapping[str, JsonSchema]


@define(eq=False)
class Node:
    """One node of a schema. `schema` has no `$ref` at its root.

    `plain` are the types that values plainly of the right type have. Where such a value has nothing more to
    keep to, it is `plainly_sound`.
    """

    schema: JsonSchema
    definitions: Definitions
    types: tuple[str, ...] = ()
    plain: frozenset[type] = frozenset()
    nullable: bool = False
    required: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(factory=dict)
    properties: Mapping[str, JsonSchema] = field(factory=dict)
    additional: JsonSchema | bool = True
    limits: Mapping[str, Any] = field(factory=dict)
    pattern: Expression | None = None
    groups: tuple[Group, ...] = ()
    opaque: tuple[JsonSchema, ...] = ()
    checks: tuple[Mapping[str, Any], ...] = ()
    cel: tuple[Mapping[str, Any], ...] = ()
    plainly_sound: bool = False
    children: dict[str, Node] = field(factory=dict)
    """The nodes of properties that stood somewhere already; ask `child` for any."""
    tests: Any = None
    """What tells whether a value is plainly sound here, once somebody has asked (`sound`)."""
    _rest: Node | None = None
    _item: Node | None = None
    _names: Node | None = None

    def child(self, name: str) -> Node | None:
        """The node of a property, or of what any further key holds; None where nothing is said of it."""
        known = self.children.get(name)
        if known is not None:
            return known
        schema = self.properties.get(name)
        if schema is None:
            return self._further
        known = self.children[name] = make_node(schema, self.definitions)
        return known

    @property
    def _further(self) -> Node | None:
        if self._rest is None and isinstance(self.additional, dict):
            self._rest = make_node(self.additional, self.definitions)
        return self._rest

    @property
    def item(self) -> Node | None:
        """The node of every item of a list."""
        if self._item is None and "items" in self.schema:
            self._item = make_node(self.schema["items"], self.definitions)
        return self._item

    @property
    def names(self) -> Node | None:
        """The node of every key of a mapping."""
        if self._names is None and "propertyNames" in self.schema:
            self._names = make_node(self.schema["propertyNames"], self.definitions)
        return self._names

    @property
    def closed(self) -> bool:
        """Whether a key that has no property here is pruned."""
        return self.additional is False


def make_node(schema: JsonSchema, definitions: Definitions) -> Node:
    """The node of `schema`, whose `$ref`s lead into `definitions`."""
    schema = resolve(schema, definitions)
    types = schema.get("type", ())
    types = (types,) if isinstance(types, str) else tuple(types)
    properties = schema.get("properties", {})
    groups, opaque = groups_of(schema)
    return Node(
        schema=schema,
        definitions=definitions,
        types=types,
        plain=frozenset(plain for name in types for plain in PLAIN_TYPES.get(name, ())),
        nullable="null" in types or not types,
        required=tuple(schema.get("required", ())),
        defaults=defaults_of(properties, definitions),
        properties=properties,
        additional=schema.get("additionalProperties", True),
        limits={key: schema[key] for key in SCALAR if key in schema},
        pattern=compiled(schema["pattern"]) if "pattern" in schema else None,
        groups=groups,
        opaque=opaque,
        checks=tuple(schema.get("x-meshlint-check", ())),
        cel=tuple(schema.get("x-kubernetes-validations", ())),
        plainly_sound=not (schema.keys() - {"type", "default", "x-meshlint-channel"}),
    )


def resolve(schema: JsonSchema, definitions: Definitions) -> JsonSchema:
    """`schema`, or the definition that it refers to."""
    reference = schema.get("$ref")
    return definitions[reference.rpartition("/")[2]] if isinstance(reference, str) else schema


def defaults_of(properties: Mapping[str, JsonSchema], definitions: Definitions) -> dict[str, Any]:
    """The defaults of the properties that have one."""
    resolved = {name: resolve(schema, definitions) for name, schema in properties.items()}
    return {name: schema["default"] for name, schema in resolved.items() if "default" in schema}
