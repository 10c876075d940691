"""The upstream definitions as the API server reads them: the oracle of the differential tests.

Written apart from meshlint's own reading on purpose: a structural schema with unknown fields forbidden,
pruned nulls, defaults, the list types, and the CEL rules through a CEL library.
"""

from __future__ import annotations

import copy
import functools
import ipaddress
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import re2
import yaml
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from tests.schema.rules_in_cel import rule_holds
from tests.shared import SHARED

Schema = dict[str, Any]


DEV = "dev"
OWNERS = ("gateway-api/experimental", "gateway-api/standard", "istio", "linkerd")


class Definition(NamedTuple):
    """One version of one kind as one definition of one release gives it."""

    owner: str
    release: str
    group: str
    kind: str
    version: str
    schema: Schema
    status_apart: bool
    served: bool

    def __str__(self) -> str:
        return f"{self.owner}@{self.release}:{self.group}/{self.version}/{self.kind}"

    @property
    def key(self) -> tuple[str, str, str]:
        return self.group, self.version, self.kind


def shape(definition: Definition) -> str:
    """What a definition asks for, its words aside: releases of one shape judge alike."""
    return json.dumps([_bare(definition.schema), definition.status_apart], sort_keys=True)


def _bare(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_bare(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    is_text = isinstance(schema.get("description"), str)
    return {name: _bare(one) for name, one in schema.items() if not (is_text and name == "description")}


def releases(owner: str) -> list[str]:
    """The releases whose definitions are there, the oldest first; the development branch is not one."""
    names = (SHARED / "crds" / "releases" / owner.partition("/")[0]).glob("*")
    found = {".".join(re.findall(r"\d+", path.name)[:2]) for path in names}
    return sorted(found, key=lambda release: [int(part) for part in release.split(".")])


@functools.cache
def definitions_of(owner: str, release: str) -> tuple[Definition, ...]:
    """What one project's definitions of one release say."""
    found = []
    for file in _files(owner, release):
        for crd in yaml.load_all(file.read_text(), Loader=yaml.CSafeLoader):
            if not crd or crd["kind"] != "CustomResourceDefinition":
                continue
            spec = crd["spec"]
            for version in spec["versions"]:
                found.append(
                    Definition(
                        owner,
                        release,
                        spec["group"],
                        spec["names"]["kind"],
                        version["name"],
                        version["schema"]["openAPIV3Schema"],
                        "status" in (version.get("subresources") or {}),
                        version["served"],
                    )
                )
    return tuple(found)


def _files(owner: str, release: str) -> list[Path]:
    project, _, channel = owner.partition("/")
    if release == DEV:
        return sorted((SHARED / "crds" / owner).glob("*.yaml"))
    numbers = release.split(".")
    for path in (SHARED / "crds" / "releases" / project).glob("*"):
        if re.findall(r"\d+", path.name)[:2] == numbers:
            return [path] if path.is_file() else sorted((path / channel).glob("*.yaml"))
    return []


@functools.cache
def definitions() -> tuple[Definition, ...]:
    """The definitions of the newest releases, and those of extensions, of which there are no releases."""
    newest = [one for owner in OWNERS for one in definitions_of(owner, releases(owner)[-1])]
    groups = {one.group for one in newest}
    branch = [one for owner in OWNERS for one in definitions_of(owner, DEV) if one.group not in groups]
    return (*newest, *branch)


def accepts(definition: Definition, value: Any) -> bool:
    """Whether the API server takes `value` with unknown fields forbidden."""
    if not isinstance(value, dict):
        return False
    body = copy.deepcopy(value)
    if definition.status_apart:
        body.pop("status", None)
    head = {key: body.pop(key, None) for key in ("apiVersion", "kind", "metadata")}
    if head["apiVersion"] != f"{definition.group}/{definition.version}" or head["kind"] != definition.kind:
        return False
    if head["metadata"] is not None and not isinstance(head["metadata"], dict):
        return False
    return fits(body_schema(str(definition)), body)


def fits(schema: Schema, body: Any) -> bool:
    """Whether a value is sound at a node: known, of the right form, and with all rules kept."""
    if _unknown(schema, body):
        return False
    body = _default(schema, _prune(schema, body))
    return _structural(_Node(schema)).is_valid(body) and _lists(schema, body) and _rules(schema, body)


@functools.cache
def body_schema(name: str) -> Schema:
    """The schema of a definition, by what it is called, without what every object has."""
    owner, _, rest = name.partition("@")
    release = rest.partition(":")[0]
    schema = next(one for one in definitions_of(owner, release) if str(one) == name).schema
    head = ("apiVersion", "kind", "metadata")
    fields = {key: part for key, part in schema.get("properties", {}).items() if key not in head}
    needed = [key for key in schema.get("required", ()) if key not in head]
    return {**schema, "properties": fields, "required": needed}


class _Node:
    """A node of a definition, told apart from others by being itself."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Node) and other.schema is self.schema

    def __hash__(self) -> int:
        return id(self.schema)


@functools.cache
def _structural(node: _Node) -> Any:
    validator = extend(
        Draft202012Validator,
        {  # type: ignore[no-untyped-call]
            "pattern": _pattern
        },
    )
    return validator(_as_json_schema(node.schema), format_checker=_formats())


def _pattern(_v: Any, pattern: str, value: Any, _s: Any) -> Iterator[ValidationError]:
    if isinstance(value, str) and not re2.search(pattern, value):
        yield ValidationError(f"{value!r} does not match")


def _as_json_schema(node: Any) -> Any:
    if isinstance(node, list):
        return [_as_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    if node.get("x-kubernetes-int-or-string"):
        rest = {key: value for key, value in node.items() if key not in ("type", "anyOf")}
        return {**_as_json_schema_keys(rest), "type": ["integer", "string"]}
    return _as_json_schema_keys(node)


def _as_json_schema_keys(node: Schema) -> Schema:
    result: Schema = {}
    for key, value in node.items():
        if key.startswith("x-") or key in (
            "description",
            "default",
            "nullable",
            "example",
            "title",
            "externalDocs",
        ):
            continue
        if key == "properties":
            result[key] = {name: _as_json_schema(part) for name, part in value.items()}
        elif key == "enum" and node.get("nullable"):
            result[key] = [*value, None]
        elif key in ("items", "not", "oneOf", "anyOf", "allOf") or (
            key == "additionalProperties" and isinstance(value, dict)
        ):
            result[key] = _as_json_schema(value)
        elif key != "additionalProperties":
            result[key] = value
    if node.get("nullable") and isinstance(result.get("type"), str):
        result["type"] = [result["type"], "null"]
    return result


@functools.cache
def _formats() -> FormatChecker:
    checker = FormatChecker(formats=())

    def number(low: int, high: int) -> Any:
        return lambda value: (
            isinstance(value, bool) or not isinstance(value, int | float) or low <= value < high
        )

    def text(holds: Any) -> Any:
        return lambda value: not isinstance(value, str) or bool(holds(value))

    base64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})")
    go = re.compile(r"[-+]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)")
    worded = re.compile(r"\d+\s*[A-Za-zµ]+")
    checker.checks("int32")(number(-(2**31), 2**31))
    checker.checks("int64")(number(-(2**63), 2**63))
    checker.checks("byte")(text(base64.fullmatch))
    checker.checks("duration")(text(lambda v: go.fullmatch(v) or worded.fullmatch(v)))
    checker.checks("ipv4", ValueError)(text(ipaddress.IPv4Address))
    checker.checks("ipv6", ValueError)(text(ipaddress.IPv6Address))
    return checker


def _open(schema: Schema) -> bool:
    return bool(schema.get("x-kubernetes-preserve-unknown-fields") or schema.get("additionalProperties"))


def _child(schema: Schema, key: str) -> Schema | None:
    properties = schema.get("properties", {})
    if key in properties:
        return properties[key]  # type: ignore[no-any-return]
    extra = schema.get("additionalProperties")
    return extra if isinstance(extra, dict) else None


def _unknown(schema: Schema, value: Any) -> bool:
    if isinstance(value, dict):
        if schema.get("type", "object") != "object":
            return False
        for key, inner in value.items():
            child = _child(schema, key)
            if child is None:
                if not _open(schema):
                    return True
            elif _unknown(child, inner):
                return True
    elif isinstance(value, list) and "items" in schema:
        return any(_unknown(schema["items"], item) for item in value)
    return False


def _prune(schema: Schema, value: Any) -> Any:
    if isinstance(value, dict):
        result = {}
        for key, inner in value.items():
            child = _child(schema, key)
            if child is not None and inner is None and not child.get("nullable"):
                continue
            result[key] = inner if child is None else _prune(child, inner)
        return result
    if isinstance(value, list) and "items" in schema:
        return [_prune(schema["items"], item) for item in value]
    return value


def _default(schema: Schema, value: Any) -> Any:
    if isinstance(value, dict):
        for key, child in schema.get("properties", {}).items():
            if "default" in child and key not in value:
                value[key] = copy.deepcopy(child["default"])
        for key in value:
            child = _child(schema, key)
            if child is not None:
                value[key] = _default(child, value[key])
    elif isinstance(value, list) and "items" in schema:
        return [_default(schema["items"], item) for item in value]
    return value


def _lists(schema: Schema, value: Any) -> bool:
    if isinstance(value, dict):
        return all(_lists(child, value[key]) for key in value if (child := _child(schema, key)) is not None)
    if isinstance(value, list) and "items" in schema:
        kind = schema.get("x-kubernetes-list-type")
        keys = schema.get("x-kubernetes-list-map-keys", ())
        names = [repr(item if kind == "set" else [item.get(key) for key in keys]) for item in value]
        if kind in ("set", "map") and len(set(names)) != len(names):
            return False
        return all(_lists(schema["items"], item) for item in value)
    return True


def _rules(schema: Schema, value: Any) -> bool:
    return _kept(_Node(schema), json.dumps(value)) if isinstance(value, dict | list) else _own(schema, value)


@functools.lru_cache(200_000)
def _kept(node: _Node, text: str) -> bool:
    """Whether the rules of a node and of all below it hold; CEL is slow, and parts of objects come again."""
    schema, value = node.schema, json.loads(text)
    if not _own(schema, value):
        return False
    if isinstance(value, dict):
        return all(_rules(child, value[key]) for key in value if (child := _child(schema, key)) is not None)
    return "items" not in schema or all(_rules(schema["items"], item) for item in value)


def _own(schema: Schema, value: Any) -> bool:
    rules = (rule["rule"] for rule in schema.get("x-kubernetes-validations", ()))
    return all(rule_holds(rule, schema, value) for rule in rules if "oldSelf" not in rule)


@functools.cache
def believed() -> dict[tuple[str, str, str], Definition]:
    """The definition that counts for each group, version and kind, where several give one.

    The owner of a group defines its kinds, and the experimental channel of the Gateway API is the wider one.
    """
    found: dict[tuple[str, str, str], Definition] = {}
    for definition in sorted(definitions(), key=lambda one: OWNERS.index(one.owner)):
        found.setdefault(definition.key, definition)
    return found
