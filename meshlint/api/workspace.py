"""A directory whose files are being edited: what editors and servers ask again and again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from attrs import evolve, field, frozen

from meshlint.api.checking import check_project, plan_of
from meshlint.api.project import Project, collect, read_sources
from meshlint.api.request import Asked, Request, understood
from meshlint.engine.outcome import Outcome
from meshlint.engine.plan import Plan
from meshlint.mesh.graph.links import Link, links
from meshlint.sources import display_path


@frozen(eq=False, slots=False, repr=False)
class Workspace:
    """The files below a directory, those that are open as their editors have them; edits make another one.

    `opened` are the texts of open files by their display paths.
    """

    asked: Asked
    project: Project
    opened: Mapping[str, str] = field(factory=dict)

    @classmethod
    def at(cls, root: Path, request: Request | None = None) -> Workspace:
        """What is below `root`, nothing opened; raises `UsageError` for a configuration without sense."""
        asked = understood(evolve(request or Request(), directory=root), (".",))
        sources = collect(asked.paths, asked.sources)
        return cls(asked, read_sources(sources, asked.options.reading))

    @property
    def root(self) -> Path:
        """The directory that display paths count from."""
        return self.asked.request.directory

    def path_of(self, file: Path) -> str:
        """The display path of a file."""
        return display_path(str(file), str(self.root))

    def edited(self, texts: Mapping[str, str | None]) -> Workspace:
        """With these texts for these files, by display path; one that None closes is as it is on disk."""
        opened = {**self.opened, **texts}
        kept = {path: text for path, text in opened.items() if text is not None}
        closed = {path: self._on_disk(path) for path, text in texts.items() if text is None}
        changed = {**{path: text for path, text in texts.items() if text is not None}, **closed}
        return evolve(self, project=self.project.edited(changed), opened=kept)

    def _on_disk(self, path: str) -> str | None:
        try:
            return (self.root / path).read_text("utf-8", "surrogateescape")
        except OSError:
            return None

    def reloaded(self) -> Workspace:
        """With what is on disk now, save what is open."""
        sources = collect(self.asked.paths, self.asked.sources)
        project = read_sources(sources, self.asked.options.reading, self.project)
        return evolve(self, project=project.edited(self.opened) if self.opened else project)

    @cached_property
    def plan(self) -> Plan:
        """The rules that run."""
        return plan_of(self.asked.options)

    @cached_property
    def outcome(self) -> Outcome:
        """What the rules say of it."""
        return check_project(self.project, self.plan, self.asked.options.policy)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The names in it whose meaning is in it, too."""
        return tuple(links(self.project.mesh))
