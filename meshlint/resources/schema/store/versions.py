"""Who serves a group, version and kind?"""

from __future__ import annotations

from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from meshlint.resources.schema.store.catalogue import Entry, built_in, read_json
from meshlint.resources.schema.store.releases import (
    DEV,
    Releases,
    channel,
    is_served,
    later,
    meant,
    number,
    spans,
    told,
)
from meshlint.resources.schema.words.names import are_near, nearest
from meshlint.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

NEWEST: Final[Releases] = MappingProxyType({})
KUBERNETES = ("", "apps", "batch", "extensions")
_MOST_KEPT = 1024
"""Kinds that nobody knows of which what was meant is remembered: each is compared with all known groups."""


@frozen(repr=False)
class Served:
    """A version that the meant releases serve.

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
class Later:
    """A version or kind that the meant release, `own`, does not know yet: `release` brings it."""

    release: str
    own: str


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


Standing: TypeAlias = Served | Deprecated | Removed | Later | UnknownVersion | UnknownKind | Foreign


def lookup(group: str, version: str, kind: str, releases: Releases = NEWEST) -> Standing:
    """How a group, version and kind stand with the meant releases of Istio, Linkerd and the Gateway API."""
    entry, row = built_in().entry(group, kind), built_in().version(group, version, kind)
    if entry is not None and row is not None and is_served(entry, row, releases):
        since = _since(group, version, kind, releases)
        return since or _served(entry, row, releases)
    removed = next(_told("removed", group, version, kind), None)
    if removed is not None and _is_newer(removed["release"], releases):
        return Foreign()
    if entry is not None and row is not None:
        return _not_served(entry, row, releases, removed)
    if removed is not None:
        return Removed(removed["release"], removed["replacement"])
    if entry is not None:
        return _unknown_version(entry, releases)
    return _unmodelled(group, version, kind) or _unknown_kind(group, kind)


def split_api_version(api_version: str) -> tuple[str, str]:
    """Group and version of an `apiVersion`; the group of the core API is empty."""
    group, slash, version = api_version.rpartition("/")
    return (group, version) if slash else ("", api_version)


def _served(entry: Entry, row: Entry, releases: Releases) -> Served | Deprecated:
    group, version = entry["group"], row["name"]
    best = next(one["name"] for one in entry["versions"] if is_served(entry, one, releases))
    told_of = next(_told("deprecated", group, version, entry["kind"]), None)
    since = (told_of or {}).get("release") or row.get("deprecated", "")
    if (told_of or since) and not _is_newer(since, releases):
        return _deprecated(told_of) if told_of else Deprecated(f"{group}/{best}", since)
    return Served(best, channel(entry, row, releases))


def _deprecated(row: Entry) -> Deprecated:
    return Deprecated(row["replacement"], row.get("release", ""), tuple(row.get("read_by", ())))


def _since(group: str, version: str, kind: str, releases: Releases) -> Later | None:
    """What is known of releases that are older than all whose definitions travel with meshlint."""
    for row in _told("since", group, version, kind):
        if _is_newer(row["release"], releases):
            return Later(row["release"], _own(row["release"], releases))
    return None


def _is_newer(release: str, releases: Releases) -> bool:
    """Whether a release is after the one that is meant; of one that nobody stated nothing is."""
    project, _, name = release.rpartition(" ")
    stated = releases.get(project)
    return stated is not None and number(name) > stated


def _own(release: str, releases: Releases) -> str:
    project = release.rpartition(" ")[0]
    return told(project, ".".join(map(str, releases[project])))


def _not_served(
    entry: Entry, row: Entry, releases: Releases, removed: Entry | None
) -> Removed | Later | UnknownVersion:
    """A version that other releases serve: later ones, or those before the one that removed it."""
    project, first, last = next(spans(entry, row))
    own = meant(project, releases)
    if number(own) < number(first):
        return Later(told(project, first), told(project, own))
    if removed is not None:
        return Removed(removed["release"], removed["replacement"])
    gone = next(later(project, last), DEV)
    best = next((one["name"] for one in entry["versions"] if is_served(entry, one, releases)), "")
    return Removed(told(project, gone), f"{entry['group']}/{best}" if best else "a kind that replaces it")


def _unknown_version(entry: Entry, releases: Releases) -> UnknownVersion:
    served = tuple(row["name"] for row in entry["versions"] if is_served(entry, row, releases))
    served = served or tuple(row["name"] for row in entry["versions"])
    return UnknownVersion(served, served[0])


def _unmodelled(group: str, version: str, kind: str) -> Served | Deprecated | UnknownVersion | None:
    known = next(_told("unmodelled", group, version, kind), None)
    if known is None:
        return None
    served = tuple(known["versions"])
    if version not in served:
        return UnknownVersion(served, served[0])
    row = next(_told("deprecated", group, version, kind), None)
    return _deprecated(row) if row else Served(version)


@lru_cache(_MOST_KEPT)
def _unknown_kind(group: str, kind: str) -> UnknownKind | Foreign:
    """Compares the names with all that are known, and is asked anew of every mesh that is tried."""
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
    return are_near(group, known, 2 if len(known) > 14 else 1)


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
