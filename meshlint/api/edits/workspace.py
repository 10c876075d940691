"""A directory whose files are being edited: what editors and servers ask again and again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from meshlint.api.after.edit import Edit
from meshlint.api.after.incremental import Known, looked_at
from meshlint.api.edits.editing import on_the_ground, texts_after
from meshlint.api.judging.checking import plan_of
from meshlint.api.reading.project import Project, collect, read_sources
from meshlint.api.requests.request import Asked, Request, understood
from meshlint.engine.finding import Finding
from meshlint.engine.grouping import grouped
from meshlint.engine.outcome import Outcome
from meshlint.engine.plan import Plan
from meshlint.fixes import Change, changes_of
from meshlint.mesh.graph.links import Link, links
from meshlint.sources import display_path
from meshlint.values import evolve, frozen


@frozen(eq=False, slots=False, repr=False)
class Workspace:
    """The files below a directory, those that are open as their editors have them; edits make another one.

    `opened` are the display paths of open files, whose texts the project has. `known` is what the rules said
    of it before the last edits, by which most of them need not be asked again.
    """

    asked: Asked
    project: Project
    opened: frozenset[str] = frozenset()
    known: Known | None = None

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
        closed = {path for path, text in texts.items() if text is None}
        changed = {path: self._on_disk(path) if path in closed else text for path, text in texts.items()}
        opened, known = (self.opened | set(texts)) - closed, self._latest
        project = self.project.edited(changed, None if known is None else known.project)
        return evolve(self, project=project, opened=opened, known=known)

    def _on_disk(self, path: str) -> str | None:
        try:
            return (self.root / path).read_text("utf-8", "surrogateescape")
        except OSError:
            return None

    def reloaded(self) -> Workspace:
        """With what is on disk now, save what is open."""
        sources = collect(self.asked.paths, self.asked.sources)
        held = {one.path: one for one in self.project.sources.files if one.path in self.opened}
        files = {**{one.path: one for one in sources.files}, **held}
        now = evolve(sources, files=tuple(files[path] for path in sorted(files)))
        known = self._latest
        beside = self.project if known is None else known.project
        project = read_sources(now, self.asked.options.reading, beside)
        return evolve(self, project=project, known=known)

    def settled(self) -> Workspace:
        """The same, with what its rules say held ready for the next edit, if several kinds differ."""
        known = self._latest
        if known is None or len(Edit(known.project, self.project).kinds) < 2:
            return self
        return evolve(self, known=known.moved(self.project) or known)

    @property
    def _latest(self) -> Known | None:
        """What is known of the set, or as long as nobody has looked at it, of an earlier one."""
        return self._looked_at[1] if "_looked_at" in vars(self) else self.known

    @cached_property
    def plan(self) -> Plan:
        """The rules that run."""
        return plan_of(self.asked.options)

    @cached_property
    def outcome(self) -> Outcome:
        """What the rules say of it."""
        found = self._ungrouped
        return evolve(found, findings=grouped(found.findings, self.asked.options.policy.group_after))

    @property
    def each(self) -> tuple[Finding, ...]:
        """The findings, floods of them one by one."""
        return self._ungrouped.findings

    @property
    def _ungrouped(self) -> Outcome:
        return self._looked_at[0]

    @cached_property
    def _looked_at(self) -> tuple[Outcome, Known | None]:
        """What the rules say, and what the next edit is held against."""
        policy = evolve(self.asked.options.policy, group_after=0)
        return looked_at(self.project, self.plan, policy, self.known)

    def changes_of(self, finding: Finding) -> tuple[Change, ...]:
        """The characters that mend a finding; none where it has no fix that can be made exactly."""
        sources = self.project.sources
        fix = on_the_ground(finding.fix, sources) if finding.fix is not None else None
        changes = changes_of(fix) if fix is not None else None
        if fix is None or not changes or texts_after(sources, changes, [fix]) is None:
            return ()
        return changes

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The names in it whose meaning is in it, too."""
        return tuple(links(self.project.mesh))
