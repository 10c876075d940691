"""Which release is meant, and which ones serve a version of a kind?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from meshlint.resources.schema.store.catalogue import Entry, built_in

Number: TypeAlias = tuple[int, ...]
Releases: TypeAlias = Mapping[str, tuple[int, int]]
"""The releases that are meant, by project: `Istio`, `Linkerd`, `Gateway API`; the newest of one not in it."""

DEV: Final = "dev"
"""The development branch: what is newer than the newest release."""

AFTER_ALL: Final[Number] = (10**6,)


def number(release: str) -> Number:
    """A release for comparing: 1.9 is before 1.10, and the development branch after both."""
    return AFTER_ALL if release == DEV else tuple(int(part) for part in release.split("."))


def newest(project: str) -> tuple[int, int]:
    """The newest release of a project that meshlint knows."""
    major, minor = number(built_in().releases[project][-1])
    return major, minor


def meant(project: str, releases: Releases) -> str:
    """The release that counts as the meant one: one that is known, at most as new.

    What is older than all known ones counts as the oldest, and what is newer as the development branch, so
    that nothing is denied to a release which meshlint does not know yet.
    """
    known = built_in().releases[project]
    wanted = releases.get(project)
    if wanted is None:
        return known[-1]
    if wanted > newest(project):
        return DEV
    return next((release for release in reversed(known) if number(release) <= wanted), known[0])


def later(project: str, release: str) -> Iterator[str]:
    """The releases after one, the next first, the development branch last."""
    own = number(release)
    yield from (one for one in built_in().releases[project] if number(one) > own)
    if release != DEV:
        yield DEV


def earlier(project: str, release: str) -> Iterator[str]:
    """The releases before one, the one just before it first."""
    own = number(release)
    yield from (one for one in reversed(built_in().releases[project]) if number(one) < own)


def spans(kind: Entry, version: Entry) -> Iterator[tuple[str, str, str]]:
    """Who serves a version from which release to which; the owner of its kind comes first."""
    if "served" in version:
        yield from ((project, first, last) for project, first, last in version["served"])
    elif "project" in kind:
        yield kind["project"], built_in().releases[kind["project"]][0], DEV


def server(kind: Entry, version: Entry, releases: Releases) -> tuple[str, str] | None:
    """The project and its release that serve a version; None where those that are meant do not.

    Linkerd's charts bring definitions of the Gateway API too. They count where nobody said which release of
    the Gateway API itself is installed.
    """
    owner = kind.get("project")
    for project, first, last in spans(kind, version):
        if project != owner and owner in releases:
            continue
        release = meant(project, releases)
        if number(first) <= number(release) <= number(last):
            return project, release
    return None


def is_served(kind: Entry, version: Entry, releases: Releases) -> bool:
    """Whether the releases that are meant serve a version; Kubernetes' own are always served."""
    return "project" not in kind or server(kind, version, releases) is not None


def channel(kind: Entry, version: Entry, releases: Releases) -> str:
    """The channel of the Gateway API that serves a version in the release that is meant.

    What another project brings along, as Linkerd does with some kinds, is there whatever the channel.
    """
    serving = server(kind, version, releases)
    if "channel" not in version or (serving is not None and serving[0] != "Gateway API"):
        return "standard"
    first, last = version.get("standard", ("", ""))
    is_standard = serving and first and number(first) <= number(serving[1]) <= number(last)
    return "standard" if is_standard else str(version["channel"])


def told(project: str, release: str) -> str:
    """A release in words."""
    return f"the development branch of {project}" if release == DEV else f"{project} {release}"
