"""One version of one kind through the releases: who serves it when, and what its schema is then."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import frozen

from meshlint.resources.schema.shape.objects import object_schema
from meshlint.resources.schema.shape.structural import add
from tools.changes import changes
from tools.channels import mark_experimental
from tools.definitions import DEV, PROJECTS, as_number
from tools.rule_table import express, settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tools.definitions import Source

Releases = dict[str, list[str]]
Schema = dict[str, Any]


def releases_of(sources: Iterable[Source]) -> Releases:
    """The releases of each project, the oldest first, without the development branch."""
    found: dict[str, set[str]] = {}
    for source in sources:
        found.setdefault(source.project, set()).add(source.release)
    return {project: sorted(found.get(project, set()) - {DEV}, key=as_number) for project in PROJECTS}


@frozen(slots=False)
class History:
    """One version of one kind: the sources of each release that serves it, by project and release."""

    by_release: Mapping[tuple[str, str], list[Source]]
    releases: Releases
    overlays: Path

    @property
    def any(self) -> Source:
        """What the release that is built in says: its names and its scope."""
        return self.by_release[self.base][0]

    @cached_property
    def base(self) -> tuple[str, str]:
        """The project and release whose schema is written in full: the newest that serves the version."""
        newest = ((project, self.releases[project][-1]) for project in PROJECTS if self.releases[project])
        served = next((each for each in newest if each in self.by_release), None)
        return served or max(self.by_release, key=lambda each: (each[1] != DEV, as_number(each[1])))

    @property
    def order(self) -> list[tuple[str, str]]:
        """All releases, the built-in one first, each of a project before its older ones."""
        projects = list(PROJECTS)
        rest = sorted(
            (each for each in self.by_release if each != self.base),
            key=lambda each: (projects.index(each[0]), [-part for part in as_number(each[1])]),
        )
        return [self.base, *rest]

    def schema(self, release: tuple[str, str]) -> Schema:
        """The schema of one release; fields of the experimental channel alone are marked."""
        first, *others = self.by_release[release]
        schema = object_schema(first.version, first.group, first.kind, express)
        settle(schema)
        _lay_over(schema, first, self.overlays)
        for other in others:
            mark_experimental(schema, object_schema(other.version, first.group, first.kind, express))
        return schema

    def variants(self) -> dict[str, Any]:
        """Which variant of the schema each release has, and how each comes of an earlier one."""
        known: list[tuple[Schema, dict[str, Any]]] = []
        numbers: dict[str, dict[str, int]] = {}
        for project, release in self.order:
            schema = self.schema((project, release))
            number = next((index for index, (other, _) in enumerate(known) if other == schema), len(known))
            if number == len(known):
                of = 0 if release == DEV else max(0, number - 1)
                known.append((schema, {"of": of, "patch": changes(known[of][0], schema) if known else {}}))
            numbers.setdefault(project, {})[release] = number
        return {"releases": numbers, "variants": [made for _, made in known[1:]]}

    def spans(self) -> list[list[str]]:
        """Who serves it from which release to which; empty where its owner always did.

        A group that no release of its project defines is one of an extension, about which nothing is known.
        """
        found = []
        for project in PROJECTS:
            served = [release for name, release in self.by_release if name == project]
            if served:
                served.sort(key=as_number)
                found.append([project, served[0], served[-1]])
                self._hold_together(project, served)
        return found

    def _hold_together(self, project: str, served: list[str]) -> None:
        known = [*self.releases[project], DEV]
        between = known[known.index(served[0]) : known.index(served[-1]) + 1]
        if [release for release in between if release != DEV] != [r for r in served if r != DEV]:
            raise ValueError(f"{self.any.key} is served by {project} in {served}, which is not one span")


def _lay_over(schema: Schema, source: Source, overlays: Path) -> None:
    """Add in place what `overlays.json` knows beyond the definitions, such as what a webhook refuses."""
    for row in json.loads(overlays.read_text()):
        if (row["group"], row["kind"]) == (source.group, source.kind):
            node = schema
            for step in row["path"]:
                node = node.get("properties", {}).get(step, {})
            if node:
                add(node, row["adds"])
