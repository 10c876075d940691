"""Lists: which kinds are served, and all objects of them, page by page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from meshlint.sources.cluster.model import Api, ApiError, ServedKind, Unread
from meshlint.values import frozen

PAGE = 500
_MOST_PAGES = 10_000
_ATTEMPTS = 3
_GONE = 410
NAMES_ONLY = frozenset({("", "Secret")})
NAMESPACES = {("", "ConfigMap"): ("istio-system", "linkerd")}
"""Where alone objects of a kind are read: the configuration of the meshes, and nobody else's."""


@frozen
class Listed:
    """All objects of a kind, as they were at a version of the cluster."""

    objects: tuple[dict[str, Any], ...]
    version: str


def served_kinds(
    api: Api, wanted: Collection[tuple[str, str]]
) -> tuple[tuple[ServedKind, ...], tuple[Unread, ...]]:
    """The wanted kinds that the server serves, each in the version that it prefers; raises `ApiError`."""
    found: list[ServedKind] = []
    unread: list[Unread] = []
    for group, version in _group_versions(api, {group for group, _ in wanted}):
        root = f"/apis/{group}/{version}" if group else f"/api/{version}"
        try:
            resources = _items(api.get(root, {}), "resources")
        except ApiError as error:
            unread.append(Unread(f"{group}/{version}", why(error)))
            continue
        known = {(one.group, one.kind) for one in found}
        found += [
            one for one in _kinds(group, version, resources) if (one.group, one.kind) in set(wanted) - known
        ]
    return tuple(found), tuple(unread)


def all_objects(api: Api, kind: ServedKind) -> Listed:
    """Every object of a kind; raises `ApiError`.

    A list whose rest has expired on the server is begun again, for pages of two versions of the cluster do
    not make one (Kubernetes: API concepts, 410 Gone).
    """
    for attempt in range(_ATTEMPTS):
        try:
            return _paged(api, kind)
        except ApiError as error:
            if error.status != _GONE or attempt + 1 == _ATTEMPTS:
                raise
    raise ApiError(_GONE, "the list expired again and again")


def _paged(api: Api, kind: ServedKind) -> Listed:
    objects: list[dict[str, Any]] = []
    query = {"limit": str(PAGE)}
    for _ in range(_MOST_PAGES):
        page = api.get(kind.path, query, metadata_only=kind.metadata_only)
        objects += [one for one in _items(page, "items") if isinstance(one, dict)]
        metadata = page.get("metadata") if isinstance(page, dict) else None
        meta = metadata if isinstance(metadata, dict) else {}
        if not meta.get("continue"):
            return Listed(tuple(objects), str(meta.get("resourceVersion", "")))
        query = {"limit": str(PAGE), "continue": str(meta["continue"])}
    raise ApiError(0, "the list has no end")


def _group_versions(api: Api, groups: Collection[str]) -> Iterator[tuple[str, str]]:
    """The groups with their versions, the preferred one first."""
    if "" in groups:
        yield "", "v1"
    for one in _items(api.get("/apis", {}), "groups"):
        name = one.get("name") if isinstance(one, dict) else None
        if name in groups:
            preferred = str(_mapping(one.get("preferredVersion")).get("version", ""))
            versions = [str(_mapping(each).get("version", "")) for each in _items(one, "versions")]
            for version in dict.fromkeys((preferred, *versions)):
                if version:
                    yield str(name), version


def _kinds(group: str, version: str, resources: list[Any]) -> Iterator[ServedKind]:
    for one in map(_mapping, resources):
        verbs, name, kind = one.get("verbs"), one.get("name"), one.get("kind")
        if isinstance(name, str) and isinstance(kind, str) and "/" not in name and "list" in (verbs or ()):
            names_only = (group, kind) in NAMES_ONLY
            for namespace in NAMESPACES.get((group, kind), ("",)):
                yield ServedKind(group, version, kind, name, names_only, namespace)


def _items(value: Any, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def why(error: ApiError) -> str:
    """The reason in a word or two."""
    return {401: "not logged in", 403: "forbidden", 404: "not served"}.get(error.status, str(error))
