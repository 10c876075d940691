"""Watches: the objects of a cluster, kept up to date until somebody says stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

from meshlint.sources.cluster.listing import all_objects, why
from meshlint.sources.cluster.model import Api, ApiError, Name, ServedKind, Unread
from meshlint.sources.cluster.objects import is_made_by_another, manifest, named
from meshlint.values import define, field

_WATCH_SECONDS = 240
_GONE = 410
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
_SHORT = 5.0


@define(eq=False)
class Kept:
    """The objects of all kinds, with a number that grows with each change. For several threads."""

    changes: int = 0
    _objects: dict[Name, dict[str, Any]] = field(factory=dict)
    _unread: dict[str, Unread] = field(factory=dict)
    _lock: threading.Lock = field(factory=threading.Lock)

    def now(self) -> tuple[int, dict[Name, dict[str, Any]], tuple[Unread, ...]]:
        """How often it changed, the objects, and what cannot be read."""
        with self._lock:
            return self.changes, dict(self._objects), tuple(self._unread.values())

    def put(self, name: Name, value: dict[str, Any] | None) -> None:
        """An object, or None where it is gone."""
        with self._lock:
            if self._objects.get(name) != value:
                self.changes += 1
                if value is None:
                    self._objects.pop(name, None)
                else:
                    self._objects[name] = value

    def replace(self, kind: ServedKind, objects: Mapping[Name, dict[str, Any]]) -> None:
        """All objects of a kind."""
        with self._lock:
            before = {n: v for n, v in self._objects.items() if _is_of(kind, n)}
            self._unread.pop(kind.title, None)
            if before != objects:
                self.changes += 1
                for name in before:
                    del self._objects[name]
                self._objects.update(objects)

    def cannot(self, kind: ServedKind, reason: str) -> None:
        """Say that a kind cannot be read; its objects from before stay."""
        with self._lock:
            self._unread[kind.title] = Unread(kind.title, reason)


def _is_of(kind: ServedKind, name: Name) -> bool:
    return name[:2] == (kind.group, kind.kind) and kind.namespace in ("", name[2])


def listed_into(kept: Kept, api: Api, kind: ServedKind) -> str:
    """List a kind into `kept`; the version of the list, or an empty text where it cannot be read."""
    try:
        listed = all_objects(api, kind)
    except ApiError as error:
        kept.cannot(kind, why(error))
        return ""
    objects = {}
    for value in listed.objects:
        name = named(kind, value)
        if name is not None and not is_made_by_another(value):
            objects[name] = manifest(kind, value)
    kept.replace(kind, objects)
    return listed.version


def follow(kept: Kept, api: Api, kind: ServedKind, stop: threading.Event) -> None:
    """List a kind and follow its changes until `stop`; what breaks is begun again, each time a bit later."""
    wait = _FIRST_WAIT
    version = ""
    while not stop.is_set():
        if not version:
            version = listed_into(kept, api, kind)
        if version:
            version, worked = _followed(kept, api, kind, version, stop)
            wait = _FIRST_WAIT if worked else min(wait * 2, _LONGEST_WAIT)
        else:
            wait = min(wait * 2, _LONGEST_WAIT)
        if not version or wait > _FIRST_WAIT:
            stop.wait(wait)


def _followed(
    kept: Kept, api: Api, kind: ServedKind, version: str, stop: threading.Event
) -> tuple[str, bool]:
    """Where to go on, an empty text for a new list, and whether it was worth asking: a watch that ends at
    once without a word, as some proxies have it, is not begun again at once.
    """
    query = {
        "resourceVersion": version,
        "allowWatchBookmarks": "true",
        "timeoutSeconds": str(_WATCH_SECONDS),
    }
    heard, began = False, time.monotonic()
    try:
        for event in api.watch(kind.path, query, metadata_only=kind.metadata_only):
            if stop.is_set():
                return version, heard
            version = _taken(kept, kind, event, version)
            heard = True
    except ApiError as error:
        return ("" if error.status == _GONE else version), heard
    return version, heard or time.monotonic() - began > _SHORT


def _taken(kept: Kept, kind: ServedKind, event: Any, version: str) -> str:
    """Take an event; the version that it leads to. Raises `ApiError` for one that tells an error."""
    if not isinstance(event, dict) or not isinstance(event.get("object"), dict):
        return version
    value, what = event["object"], event.get("type")
    if what == "ERROR":
        code = value.get("code")
        raise ApiError(code if isinstance(code, int) else 0, "the watch ended")
    metadata = value.get("metadata")
    newer = metadata.get("resourceVersion") if isinstance(metadata, dict) else None
    name = named(kind, value)
    if name is not None and what in ("ADDED", "MODIFIED", "DELETED"):
        gone = what == "DELETED" or is_made_by_another(value)
        kept.put(name, None if gone else manifest(kind, value))
    return newer if isinstance(newer, str) and newer else version
