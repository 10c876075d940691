"""ConfigMaps and Secrets that a kustomization generates, and the hash that their names end in."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from yaml.nodes import MappingNode, Node, ScalarNode

from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.kustomize.fields import check_key
from meshlint.assembly.kustomize.piece import Piece
from meshlint.assembly.nodes import child, drop, entries, items, mapping, put, scalar, text_of

Load = Callable[[str], bytes]
_HASH: Final = str.maketrans("013ae", "ghkmt")
_LINE: Final = 70


def generated(kind: str, entry: Node, defaults: Node | None, load: Load) -> Piece:
    """The object of one generator; `defaults` are the options for all, `load` reads a file."""
    name = child(entry, "name")
    if not text_of(name) or name is None:
        raise CannotBuild("a generator has no name")
    root = mapping(entry)
    _set(root, "apiVersion", scalar("v1", entry))
    _set(root, "kind", scalar(kind, entry))
    metadata = mapping(entry)
    _set(metadata, "name", scalar(text_of(name), name))
    namespace = child(entry, "namespace")
    if namespace is not None and text_of(namespace):
        _set(metadata, "namespace", scalar(text_of(namespace), namespace))
    options = child(entry, "options")
    for part in ("labels", "annotations"):
        _set_all(metadata, part, child(defaults, part), child(options, part))
    _set(root, "metadata", metadata)
    _fill(root, kind, entry, load)
    for source in (options, defaults):
        if text_of(child(source, "immutable")) == "true":
            _set(root, "immutable", scalar("true", entry, None))
    keeps = any(text_of(child(one, "disableNameSuffixHash")) == "true" for one in (options, defaults))
    behavior = text_of(child(entry, "behavior")) or "create"
    return Piece(root, needs_hash=not keeps, behavior=behavior)


def hashed_name(piece: Piece) -> str:
    """The name with the hash of what the object holds; kustomize leaves the name out of the hash."""
    root, kind = piece.root, piece.id.gvk.kind
    parts: dict[str, Any] = {"kind": kind, "name": "", "data": _plain(child(root, "data"))}
    if kind == "Secret":
        parts["type"] = text_of(child(root, "type"))
    extra = "stringData" if kind == "Secret" else "binaryData"
    if isinstance(child(root, extra), MappingNode):
        parts[extra] = _plain(child(root, extra))
    encoded = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        encoded = encoded.replace(character, f"\\u{ord(character):04x}")
    digest = hashlib.sha256(encoded.encode()).hexdigest()[:10].translate(_HASH)
    return f"{piece.id.name}-{digest}"


def merge_generated(old: Piece, new: Piece) -> None:
    """Let `old` become `new`: with the old name and what the old one has besides, data only if it merges."""
    metadata = new.metadata()
    for part in ("labels", "annotations"):
        _lay_under(metadata, part, child(old.root, "metadata", part))
    for key in ("name", "namespace"):
        drop(metadata, key)
        value = child(old.root, "metadata", key)
        if value is not None:
            _set(metadata, key, value)
    if new.behavior == "merge":
        for part in ("data", "binaryData"):
            _lay_under(new.root, part, child(old.root, part))
    old.root = new.root
    old.needs_hash = old.needs_hash and new.needs_hash


def _lay_under(holder: MappingNode, part: str, below: Node | None) -> None:
    """Give the mapping `part` of `holder` the entries of `below` that it does not have itself."""
    if below is None:
        return
    target = child(holder, part)
    if not isinstance(target, MappingNode):
        target = mapping(below)
        _set(holder, part, target)
    for name, key, value in entries(below):
        if child(target, name) is None:
            put(target, key, value)


def _plain(node: Node | None) -> Any:
    if not isinstance(node, MappingNode):
        return text_of(node)
    return {name: text_of(value) for name, _, value in entries(node)}


def _fill(root: MappingNode, kind: str, entry: Node, load: Load) -> None:
    secret = kind == "Secret"
    if secret:
        written = child(entry, "type")
        _set(root, "type", scalar(text_of(written) or "Opaque", written or entry))
    seen: set[str] = set()
    for key, data, at in sorted(_pairs(entry, load), key=lambda pair: pair[0]):
        check_key(key)
        if key in seen:
            raise CannotBuild(f'a generator has the key "{key}" twice')
        seen.add(key)
        _put_data(root, key, data, at, secret=secret)


def _put_data(root: MappingNode, key: str, data: bytes, at: Node, *, secret: bool) -> None:
    part, value = "data", ""
    try:
        value = data.decode()
    except UnicodeDecodeError:
        part = "data" if secret else "binaryData"
        secret = True
    if secret:
        encoded = base64.b64encode(data).decode()
        lines = [encoded[start : start + _LINE] for start in range(0, len(encoded), _LINE)]
        value = "\n".join(lines) + ("\n" if len(lines) > 1 else "")
    target = child(root, part)
    if not isinstance(target, MappingNode):
        target = mapping(at)
        _set(root, part, target)
    put(target, scalar(key, at), scalar(value, at))


def _pairs(entry: Node, load: Load) -> Iterator[tuple[str, bytes, Node]]:
    for at in [*items(child(entry, "envs")), *_one(child(entry, "env"))]:
        yield from ((key, value.encode(), at) for key, value in _lines(load(text_of(at))))
    for at in items(child(entry, "files")):
        key, equals, path = text_of(at).partition("=")
        yield (key if equals else key.rpartition("/")[2]), load(path if equals else key), at
    for at in items(child(entry, "literals")):
        key, equals, value = text_of(at).partition("=")
        if not equals or not key:
            raise CannotBuild(f'the literal "{text_of(at)}" is no key=value')
        yield key, _unquoted(value).encode(), at


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _one(node: Node | None) -> list[Node]:
    return [node] if isinstance(node, ScalarNode) and node.value else []


def _lines(data: bytes) -> Iterator[tuple[str, str]]:
    for line in data.decode("utf-8-sig").splitlines():
        text = line.lstrip()
        key, equals, value = text.partition("=")
        if text and not text.startswith("#"):
            if not equals:
                raise CannotBuild(f'"{key}" takes its value from the environment')
            yield key, value


def _set(node: MappingNode, key: str, value: Node) -> None:
    put(node, scalar(key, value), value)


def _set_all(metadata: MappingNode, part: str, *sources: Node | None) -> None:
    for source in sources:
        for _, key, value in entries(source):
            target = child(metadata, part)
            if not isinstance(target, MappingNode):
                target = mapping(key)
                _set(metadata, part, target)
            check_key(text_of(key))
            put(target, scalar(text_of(key), key), scalar(text_of(value), value))
