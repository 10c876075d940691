"""Do the values of patches fit Envoy's own messages? Read as Istio reads them, from JSON.

The fields of the messages are in `schemas/envoy.json`, which `tools/build_envoy_types.py` writes from the
packages that istiod imports. Istio: pkg/config/xds; the rules of JSON: golang/protobuf, jsonpb.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from meshlint.resources.schema.forms.formats import go_duration
from meshlint.resources.schema.store.catalogue import read_json
from meshlint.resources.schema.words.names import nearest
from meshlint.resources.schema.words.writing import quoted
from meshlint.values import frozen, regex

ROOTS: Final = {
    "CLUSTER": "envoy.config.cluster.v3.Cluster",
    "LISTENER": "envoy.config.listener.v3.Listener",
    "ROUTE_CONFIGURATION": "envoy.config.route.v3.RouteConfiguration",
    "FILTER_CHAIN": "envoy.config.listener.v3.FilterChain",
    "HTTP_FILTER": "envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter",
    "NETWORK_FILTER": "envoy.config.listener.v3.Filter",
    "VIRTUAL_HOST": "envoy.config.route.v3.VirtualHost",
    "HTTP_ROUTE": "envoy.config.route.v3.Route",
    "EXTENSION_CONFIG": "envoy.config.core.v3.TypedExtensionConfig",
    "BOOTSTRAP": "envoy.config.bootstrap.v3.Bootstrap",
    "LISTENER_FILTER": "envoy.config.listener.v3.ListenerFilter",
}
ANY, STRUCTS = "google.protobuf.Any", ("google.protobuf.Struct", "google.protobuf.Value")
WRAPPED: Final = {
    "google.protobuf.BoolValue": "bool",
    "google.protobuf.BytesValue": "bytes",
    "google.protobuf.DoubleValue": "double",
    "google.protobuf.FloatValue": "float",
    "google.protobuf.Int32Value": "int32",
    "google.protobuf.Int64Value": "int64",
    "google.protobuf.StringValue": "string",
    "google.protobuf.UInt32Value": "uint32",
    "google.protobuf.UInt64Value": "uint64",
}
BITS: Final = {
    "int32": (-(2**31), 2**31),
    "int64": (-(2**63), 2**63),
    "uint32": (0, 2**32),
    "uint64": (0, 2**64),
}
WHOLE: Final = regex(r"-?[0-9]+")
WHAT: Final = {"bool": "true or false", "string": "text", "bytes": "text in base64"}


@frozen(repr=False)
class PatchFault:
    """What does not fit in a value, at a path from its root."""

    at: tuple[str | int, ...]
    words: str
    hint: str = ""
    on_key: bool = False
    refuses: bool = True


def patched(target: str, value: dict[str, Any]) -> Iterator[PatchFault]:
    """What istiod says of the value of a patch: the first that refuses it, else all that it warns of."""
    root = ROOTS.get(target)
    if root is None:
        yield PatchFault((), f"applies to {target}, whose values Istio does not know")
        return
    found = list(_message(root, value, ()))
    refusal = next((fault for fault in found if fault.refuses), None)
    if refusal is not None:
        yield refusal
        return
    yield from found
    yield from _untyped(root, value, ())


@cache
def _types() -> dict[str, dict[str, Any]]:
    types: dict[str, dict[str, Any]] = read_json("envoy.json")
    return types


def _fields(message: str) -> dict[str, str]:
    fields: dict[str, str] = _types()["messages"].get(message, {})
    return fields


def _snake(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def _field_of(message: str, key: str) -> tuple[str, str] | None:
    """Name and kind of the field that a key stands for, which may be written in camel case as well."""
    fields = _fields(message)
    name = key if key in fields else _snake(key)
    return (name, fields[name]) if name in fields else None


def _message(message: str, value: Any, at: tuple[str | int, ...]) -> Iterator[PatchFault]:
    if value is None:
        return
    if message == ANY:
        yield from _any(value, at)
    elif message in WRAPPED:
        yield from _scalar(WRAPPED[message], value, at)
    elif message == "google.protobuf.Duration":
        if not isinstance(value, str) or go_duration(value) is None:
            yield _unfit(at, value, "a duration such as 10s")
    elif message in STRUCTS or message.startswith("google.protobuf."):
        if message == STRUCTS[0] and not isinstance(value, dict):
            yield _unfit(at, value, "a mapping")
    elif not isinstance(value, dict):
        yield _unfit(at, value, "a mapping")
    else:
        for key, inner in value.items():
            yield from _field(message, key, inner, (*at, key))


def _field(message: str, key: str, value: Any, at: tuple[str | int, ...]) -> Iterator[PatchFault]:
    found = _field_of(message, key)
    if found is None:
        near = nearest(key, _fields(message))
        hint = f"Did you mean {quoted(near)}?" if near else ""
        words = f"patches {quoted(key)}, which is no field of {message.rpartition('.')[2]}, so it is dropped"
        yield PatchFault(at, words, hint, on_key=True, refuses=False)
        return
    kind = found[1]
    if value is None:
        return
    if kind.startswith("[]"):
        if not isinstance(value, list):
            yield _unfit(at, value, "a list")
            return
        for index, inner in enumerate(value):
            yield from _single(kind[2:], inner, (*at, index))
    elif kind.startswith("map:"):
        if not isinstance(value, dict):
            yield _unfit(at, value, "a mapping")
            return
        for name, inner in value.items():
            yield from _single(kind[4:], inner, (*at, name))
    else:
        yield from _single(kind, value, at)


def _single(kind: str, value: Any, at: tuple[str | int, ...]) -> Iterator[PatchFault]:
    if kind in _types()["messages"] or kind.startswith("google.protobuf."):
        yield from _message(kind, value, at)
    elif kind.startswith("enum:"):
        known: list[str] = _types()["enums"].get(kind[5:], [])
        if isinstance(value, str) and known and value not in known:
            near = nearest(value, known)
            yield PatchFault(
                at,
                f"has {quoted(value)} in a patch, which Envoy does not know",
                f"Did you mean {quoted(near)}?" if near else "",
            )
        elif not isinstance(value, str | int) and value is not None:
            yield _unfit(at, value, "a name")
    else:
        yield from _scalar(kind, value, at)


def _scalar(kind: str, value: Any, at: tuple[str | int, ...]) -> Iterator[PatchFault]:
    if value is None:
        return
    if kind in BITS:
        low, high = BITS[kind]
        number = _whole(value)
        if number is None or not low <= number < high:
            yield _unfit(at, value, "a whole number")
    elif kind in ("double", "float"):
        number_like = isinstance(value, int | float) and not isinstance(value, bool)
        if not number_like and not (isinstance(value, str) and _is_float(value)):
            yield _unfit(at, value, "a number")
    elif kind == "bool":
        if not isinstance(value, bool):
            yield _unfit(at, value, WHAT[kind])
    elif not isinstance(value, str):
        yield _unfit(at, value, WHAT.get(kind, "text"))


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and WHOLE.fullmatch(value) and len(value) < 25 else None


def _is_float(value: str) -> bool:
    if value in ("NaN", "Infinity", "-Infinity"):
        return True
    return re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", value) is not None


def _unfit(at: tuple[str | int, ...], value: Any, what: str) -> PatchFault:
    return PatchFault(at, f"has {quoted(value)} in a patch where {what} belongs")


def _any(value: Any, at: tuple[str | int, ...]) -> Iterator[PatchFault]:
    if not isinstance(value, dict):
        yield _unfit(at, value, "a mapping")
        return
    url = value.get("@type")
    if not isinstance(url, str):
        hint = "Name the type: type.googleapis.com/ and the message."
        yield PatchFault(at, "has a typed value without '@type' in a patch", hint, on_key=True)
        return
    name = url.rpartition("/")[2]
    if name not in _types()["messages"] and not name.startswith("google.protobuf."):
        hint = "Use the type of Envoy's API v3." if ".v2" in name or ".config.filter." in name else ""
        yield PatchFault((*at, "@type"), f"names the type {quoted(name)}, which Envoy does not have", hint)
        return
    if name.startswith("google.protobuf."):
        if "value" not in value:
            yield PatchFault(at, "has a typed value without 'value' in a patch", on_key=True)
        return
    for key, inner in value.items():
        if key != "@type":
            yield from _field(name, key, inner, (*at, key))


def _untyped(message: str, value: Any, at: tuple[str | int, ...]) -> Iterator[PatchFault]:
    """Extensions that are named and not typed, in messages that stand one in another."""
    if not isinstance(value, dict):
        return
    fields = _fields(message)
    given = {found[0] for key in value if value[key] is not None and (found := _field_of(message, key))}
    if "typed_config" in fields and not given & {"typed_config", "config_discovery"}:
        name = quoted(value.get("name", ""))
        words = f"patches in the extension {name} without typed_config, so Envoy may refuse it"
        hint = "Add typed_config with its '@type'."
        yield PatchFault(at, words, hint, on_key=True, refuses=False)
    for key, inner in value.items():
        found = _field_of(message, key)
        if (
            found is not None
            and found[1] in _types()["messages"]
            and not found[1].startswith("google.protobuf.")
        ):
            yield from _untyped(found[1], inner, (*at, key))
