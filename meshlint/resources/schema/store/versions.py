"""Who serves a group, version and kind?"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import frozen

from meshlint.resources.schema.store.catalogue import Entry, built_in, read_json
from meshlint.resources.schema.words.names import distance, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

KUBERNETES = ("", "apps", "batch", "extensions")


@frozen(repr=False)
class Served:
    """A version that the current releases serve.

    `best` is the version to prefer, `channel` the release channel that serves this one.
    """

    best: str
    channel: str = "standard"


@frozen(repr=False)
class Deprecated:
    """A version that is still served and is going away.

    `release` is the one that deprecated it ("" when unknown). `read_by` names meshes that read this version
    and no newer one, so that for them there is nothing to upgrade.
    """

    replacement: str
    release: str = ""
    read_by: tuple[str, ...] = ()


@frozen(repr=False)
class Removed:
    """A version or kind that `release` dropped, and what replaces it."""

    release: str
    replacement: str


@frozen(repr=False)
class UnknownVersion:
    """The kind is known and no release serves this version; `served` lists real ones, `nearest` the best."""

    served: tuple[str, ...]
    nearest: str


@frozen(repr=False)
class UnknownKind:
    """A mesh's group has no such kind; `nearest` is the one that was meant, `group` its home, "" if none."""

    nearest: str
    group: str


@frozen(repr=False)
class Foreign:
    """Not a mesh's API: nothing is known and nothing is to be said."""


Standing: TypeAlias = Served | Deprecated | Removed | UnknownVersion | UnknownKind | Foreign


def lookup(group: str, version: str, kind: str) -> Standing:
    """How a group, version and kind stand with the current releases of Istio, Linkerd and the Gateway API."""
    entry = built_in().version(group, version, kind)
    if entry is not None:
        return _served(group, version, kind, entry)
    removed = next(_told("removed", group, version, kind), None)
    if removed is not None:
        return Removed(removed["release"], removed["replacement"])
    if built_in().entry(group, kind):
        return _unknown_version(group, kind)
    return _unmodelled(group, version, kind) or _unknown_kind(group, kind)


def split_api_version(api_version: str) -> tuple[str, str]:
    """Group and version of an `apiVersion`; the group of the core API is empty."""
    group, slash, version = api_version.rpartition("/")
    return (group, version) if slash else ("", api_version)


def _served(group: str, version: str, kind: str, entry: Entry) -> Served | Deprecated:
    told = next(_told("deprecated", group, version, kind), None)
    if told is not None:
        return _deprecated(told)
    best = built_in().kinds[group, kind]["versions"][0]["name"]
    if entry.get("deprecated"):
        return Deprecated(f"{group}/{best}")
    return Served(best, entry.get("channel", "standard"))


def _deprecated(told: Entry) -> Deprecated:
    return Deprecated(told["replacement"], told.get("release", ""), tuple(told.get("read_by", ())))


def _unknown_version(group: str, kind: str) -> UnknownVersion:
    served = tuple(entry["name"] for entry in built_in().kinds[group, kind]["versions"])
    return UnknownVersion(served, served[0])


def _unmodelled(group: str, version: str, kind: str) -> Served | Deprecated | None:
    if next(_told("unmodelled", group, version, kind), None) is None:
        return None
    told = next(_told("deprecated", group, version, kind), None)
    return _deprecated(told) if told else Served(version)


def _unknown_kind(group: str, kind: str) -> UnknownKind | Foreign:
    groups = built_in().groups
    if group in KUBERNETES:
        return Foreign()
    if group not in groups:
        meant = next((known for known in groups if known not in KUBERNETES and _slip(group, known)), None)
        return UnknownKind(kind if kind in groups[meant] else "", meant) if meant else Foreign()
    if near := nearest(kind, groups[group]):
        return UnknownKind(near, group)
    homes = [other for other, kinds in groups.items() if kind in kinds and other not in KUBERNETES]
    home = max(homes, key=lambda other: _domain(other) == _domain(group), default="")
    return UnknownKind(kind if home else "", home)


def _domain(group: str) -> str:
    return group.partition(".")[2]


def _slip(group: str, known: str) -> bool:
    return abs(len(group) - len(known)) <= 2 and distance(group, known) <= (2 if len(known) > 14 else 1)


def _told(table: str, group: str, version: str, kind: str) -> Iterator[dict[str, Any]]:
    for row in _tables().get(table, {}).get(group, ()):
        if row.get("kind", kind) == kind and row.get("version", version) == version:
            yield row


@cache
def _tables() -> dict[str, dict[str, list[dict[str, Any]]]]:
    tables: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for table, rows in read_json("versions.json").items():
        for row in rows:
            tables.setdefault(table, {}).setdefault(row["group"], []).append(row)
    return tables
