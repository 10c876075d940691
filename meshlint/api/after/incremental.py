"""What the rules said of a set, kept so that after an edit only those are asked that may say something else.

A rule is a pure function of what it reads. Each rule is first run by itself, and the kinds of objects that it
asks for are noted. After an edit a rule that has read no kind of which an object changed, came or went would
read the very same objects again, and say the same: what it said is kept. A rule that judges each object of
the edited kind alone is asked about what came, and keeps what it said of the others; so is one that looks at
what is near, about that. All others are run anew.

That holds while everything holds that is no object of a kind: the settings of the mesh, the schemas, the
problems of the files, and what lies side by side. Where one of these changes, and for sets that are looked at
in several ways (open values, versions, deployments), everything is run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain

from meshlint.api.after.edit import Edit
from meshlint.api.after.watched import watched_worlds
from meshlint.api.judging.checking import check_project, findings_of, material_of, outcome_of
from meshlint.api.reading.joined import added
from meshlint.api.reading.project import Project
from meshlint.engine.examine import Material, Policy, suppresses
from meshlint.engine.finding import Finding
from meshlint.engine.outcome import Outcome
from meshlint.engine.plan import Plan
from meshlint.engine.presence import Presence
from meshlint.engine.raised import Raised
from meshlint.engine.rule import Rule
from meshlint.engine.run import CRASHED, running, said, told
from meshlint.mesh.left_off import left_off
from meshlint.mesh.questions.unresolved import unresolved
from meshlint.mesh.settings.settings import declared_meshes
from meshlint.resources.versions import several_versions
from meshlint.resources.watched import Reads
from meshlint.values import evolve, frozen


@frozen(eq=False, repr=False)
class Said:
    """What one rule said, and what it read for that.

    It `is_noted` where more is told of it than it said, so that it has to be asked each time.
    """

    raised: Sequence[Raised]
    reads: Reads
    is_noted: bool = False


@frozen(eq=False, slots=False, repr=False)
class Known:
    """A set and what each rule said of it."""

    project: Project
    plan: Plan
    said: Mapping[str, Said]
    presence: Presence

    def after(self, project: Project, policy: Policy, plan: Plan | None = None) -> Outcome | None:
        """What `check_project` says of an edited project; None where everything has to be run for that.

        `plan` is a part of the plan, where not all of it is of interest.
        """
        raised = self.raised_after(project, plan)
        if raised is None:
            return None
        honouring, leaving = self._honouring(project, policy), self._leaving_after(project)
        return outcome_of(project, plan or self.plan, honouring, raised, leaving)

    def findings_after(
        self, project: Project, policy: Policy, plan: Plan | None = None
    ) -> tuple[Finding, ...] | None:
        """The findings of `after`, without what is told beside them."""
        raised = self.raised_after(project, plan)
        if raised is None:
            return None
        return findings_of(project, plan or self.plan, self._honouring(project, policy), raised)

    def _honouring(self, project: Project, policy: Policy) -> Policy:
        """The policy, without a look at what suppresses findings where nothing does."""
        known = self.project.texts
        new = added(project.texts, known)
        if new is None:
            new = {name: text for name, text in project.texts.items() if known.get(name) is not text}
        may_be_accepted = policy.ignores or self._suppresses or suppresses(new.values())
        return policy if may_be_accepted else evolve(policy, honour_ignores=False)

    def _leaving_after(self, project: Project) -> int | None:
        """How many names are unresolved in an edited project, where the edit does not concern that."""
        count, reads = self._leaving
        return None if Edit(self.project, project).concerns(reads) else count

    @cached_property
    def _leaving(self) -> tuple[int, Reads]:
        worlds, reads = watched_worlds(self.project)
        return unresolved(worlds.taken.mesh), reads

    @cached_property
    def _first(self) -> tuple[str, ...]:
        """The first of the files, if there are any."""
        return tuple(sorted(self.project.texts)[:1])

    @cached_property
    def _suppresses(self) -> bool:
        return suppresses(self.project.texts.values())

    def raised_after(self, project: Project, plan: Plan | None = None) -> Sequence[Raised] | None:
        """What the rules say of an edited project; None where everything has to be run for that."""
        edit = Edit(self.project, project)
        if not _is_alike(edit):
            return None
        new = added(project.texts, self.project.texts)
        anywhere = min(project.texts, default="") if new is None else min((*self._first, *new), default="")
        found = (
            self._kept(rule, edit, anywhere)
            for rule in running(plan or self.plan, self._presence_after(project))
        )
        return told(chain.from_iterable(found), project.mesh.resources.collections)

    def _presence_after(self, project: Project) -> Presence:
        """What is present in an edited project: texts are not read again if none is gone."""
        new = added(project.texts, self.project.texts)
        if new is None:
            return material_of(project).presence
        meshes = declared_meshes(project.mesh.settings) | self.presence.meshes
        return Material(project.resources, new, meshes).presence

    def _kept(self, rule: Rule, edit: Edit, anywhere: str) -> Sequence[Raised]:
        known = self.said.get(rule.id)
        if known is None or known.is_noted:
            return said(self.plan, rule, edit.worlds, anywhere)
        if not edit.concerns(known.reads):
            return known.raised
        asked = edit.asked(rule)
        if asked is not None:
            mended = edit.mended(asked, known.raised, said(self.plan, rule, asked.worlds, anywhere))
            if mended is not None:
                return mended
        return said(self.plan, rule, edit.worlds, anywhere)

    def moved(self, project: Project) -> Known | None:
        """The same of an edited project, with the rules that an edit concerns run anew."""
        edit = Edit(self.project, project)
        if not _is_alike(edit):
            return None
        kept = {id: one for id, one in self.said.items() if not (one.is_noted or edit.concerns(one.reads))}
        return known_of(project, self.plan, kept)


def known_of(project: Project, plan: Plan, kept: Mapping[str, Said] | None = None) -> Known | None:
    """A set and what each rule says of it, each run by itself; None for sets looked at in several ways."""
    if project.gaps or project.deployments or several_versions(project.resources.resources):
        return None
    found = dict(kept or {})
    presence = material_of(project).presence
    for rule in running(plan, presence):
        if rule.id not in found:
            found[rule.id] = _noted(project, plan, rule)
    return Known(project, plan, found, presence)


def looked_at(
    project: Project, plan: Plan, policy: Policy, known: Known | None = None
) -> tuple[Outcome, Known | None]:
    """What `check_project` says, and what is known by which the next edit is told, if it can be.

    It is told by what is `known` of an earlier set where that suffices. While a file is broken, its objects
    are gone; they come back as they were, so that what was known before is kept.
    """
    found = None if known is None else known.after(project, policy)
    if found is None and (known is None or project.problems == known.project.problems):
        known = known_of(project, plan)
        found = None if known is None else known.after(project, policy)
    return found or check_project(project, plan, policy), known


def _noted(project: Project, plan: Plan, rule: Rule) -> Said:
    worlds, reads = watched_worlds(project)
    raised = said(plan, rule, worlds, min(project.texts, default=""))
    of_all = [world for world in (worlds.taken, worlds.written) if world is not None]
    is_noted = any(one.rule.id == CRASHED for one in raised) or any(left_off(one.mesh) for one in of_all)
    return Said(raised, reads, is_noted)


def _is_alike(edit: Edit) -> bool:
    """Whether all that a rule may read is the same, the objects that went and came apart."""
    before, after = edit.before, edit.after
    one, other = before.resources, after.resources
    return (
        not (after.gaps or after.deployments or edit.repeats)
        and before.mesh.settings is after.mesh.settings
        and before.admission.schemas.is_like(after.admission.schemas)
        and before.problems == after.problems
        and one.collections == other.collections
        and one.kustomized == other.kustomized
        and len(one.foreign) == len(other.foreign)
        and all(old is new for old, new in zip(one.foreign, other.foreign, strict=True))
    )
