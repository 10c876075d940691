"""Schemas from CustomResourceDefinitions that the user gives."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from meshlint.resources.schema.cel import MISSING, cel_is_installed
from meshlint.resources.schema.shape.node import Node, make_node
from meshlint.resources.schema.shape.objects import object_schema
from meshlint.resources.schema.shape.structural import JsonSchema
from meshlint.resources.schema.store.cel_rules import known_rules
from meshlint.resources.schema.store.store import SchemaStore
from meshlint.values import evolve

Key = tuple[str, str, str]


def load_crds(values: Iterable[Any]) -> SchemaStore:
    """The built-in schemas, and over them those of the definitions among `values`, plain YAML values.

    A given version wins over the built-in one of the same name; a version that a definition does not serve is
    left out. What is no definition, or none that can be read, is named in the store's notes, as is that CEL
    rules are not checked where the library is missing.
    """
    given: dict[Key, Node] = {}
    scopes: dict[tuple[str, str], bool] = {}
    notes: list[str] = []
    for value in values:
        if not isinstance(value, Mapping) or value.get("kind") != "CustomResourceDefinition":
            continue
        try:
            given.update(_nodes(value["spec"]))
            kind = (value["spec"]["group"], value["spec"]["names"]["kind"])
            scopes[kind] = value["spec"].get("scope") != "Cluster"
        except (KeyError, TypeError, AttributeError, ValueError):
            notes.append(
                f"The definition {_name(value)} cannot be read: it is not as apiextensions.k8s.io/v1 has it"
            )
    if not cel_is_installed() and any(_has_rules(node.schema) for node in given.values()):
        notes.append(MISSING)
    return SchemaStore(given, scopes, tuple(notes))


def with_definitions(
    store: SchemaStore, values: Iterable[Any], kinds: Collection[tuple[str, str]]
) -> SchemaStore:
    """`store` with what the definitions of a set say of those of its `kinds` that belong to a mesh.

    A definition that lies in the set is what its cluster serves, so it wins over all releases; one that was
    given beside the set wins over it. Of versions that are defined in several ways, and of definitions that
    cannot be read, such as patches, nothing is taken.
    """
    found: dict[Key, list[JsonSchema]] = {}
    scopes: dict[tuple[str, str], bool] = {}
    for value in values:
        try:
            spec = value["spec"]
            if (spec["group"], spec["names"]["kind"]) not in kinds:
                continue
            for key, schema in _schemas(spec):
                if schema not in found.setdefault(key, []):
                    found[key].append(schema)
            scopes[spec["group"], spec["names"]["kind"]] = spec.get("scope") != "Cluster"
        except (KeyError, TypeError, AttributeError, ValueError):
            continue
    own = {key: make_node(those[0], {}) for key, those in found.items() if len(those) == 1}
    return evolve(store, given={**own, **store.given}, scopes={**scopes, **store.scopes})


def _nodes(spec: Mapping[str, Any]) -> Iterator[tuple[Key, Node]]:
    return ((key, make_node(schema, {})) for key, schema in _schemas(spec))


def _schemas(spec: Mapping[str, Any]) -> Iterator[tuple[Key, JsonSchema]]:
    group, kind = spec["group"], spec["names"]["kind"]
    for version in spec["versions"]:
        if version.get("served", True):
            yield (group, version["name"], kind), object_schema(version, group, kind, known_rules)


def _name(value: Mapping[str, Any]) -> str:
    metadata = value.get("metadata")
    return str(metadata.get("name")) if isinstance(metadata, Mapping) else "without a name"


def _has_rules(schema: Any) -> bool:
    if isinstance(schema, dict):
        return "x-kubernetes-validations" in schema or any(map(_has_rules, schema.values()))
    return isinstance(schema, list) and any(map(_has_rules, schema))
