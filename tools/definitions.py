"""Reads a folder of CustomResourceDefinitions: the development branch, and each release beside it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml
from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

DEV: Final = "dev"
PROJECTS: Final = {"Gateway API": "gateway-api", "Istio": "istio", "Linkerd": "linkerd"}
"""The projects, those first that are believed first of a kind that several define, and their folders."""
CHANNELS: Final = ("experimental", "standard")


@frozen
class Source:
    """One version of one kind, as one definition of one release gives it."""

    project: str
    release: str
    channel: str
    group: str
    kind: str
    plural: str
    scope: str
    version: dict[str, Any]

    @property
    def key(self) -> tuple[str, str, str]:
        """Group, kind and version name."""
        return self.group, self.kind, self.version["name"]

    @property
    def is_served(self) -> bool:
        """Whether the API server takes objects of this version."""
        return bool(self.version["served"])


def sources(folder: Path) -> Iterator[Source]:
    """Every version of every definition: those of the development branch and those below `releases`."""
    for project, name in PROJECTS.items():
        yield from _of_release(project, DEV, folder / name)
        for path in sorted((folder / "releases" / name).glob("*")):
            yield from _of_release(project, release_of(path.name), path)


def release_of(name: str) -> str:
    """The release that a folder or file is named for: `v1.4.1`, `1.27.9.yaml` and `stable-2.14.10` alike."""
    match = re.search(r"(\d+\.\d+)", name)
    if match is None:
        raise ValueError(f"{name} is named for no release")
    return match[1]


def as_number(release: str) -> tuple[int, ...]:
    """A release for comparing: 1.9 is before 1.10, and the development branch after both."""
    return (10**6,) if release == DEV else tuple(int(part) for part in release.split("."))


def _of_release(project: str, release: str, path: Path) -> Iterator[Source]:
    channels = [channel for channel in CHANNELS if (path / channel).is_dir()]
    for channel, folder in [(one, path / one) for one in channels] or [("", path)]:
        for file in [folder] if folder.is_file() else sorted(folder.glob("*.yaml")):
            for crd in yaml.load_all(file.read_text(), Loader=yaml.CSafeLoader):
                if crd and crd.get("kind") == "CustomResourceDefinition":
                    yield from _versions(project, release, channel, crd["spec"])


def _versions(project: str, release: str, channel: str, spec: dict[str, Any]) -> Iterator[Source]:
    names = spec["names"]
    for version in spec["versions"]:
        yield Source(
            project, release, channel, spec["group"], names["kind"], names["plural"], spec["scope"], version
        )
