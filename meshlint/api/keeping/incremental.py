"""What the rules said of a set, kept so that after an edit only those are asked that may say something else.

A rule is a pure function of what it reads. Each rule is first run by itself, and the kinds of objects that it
asks for are noted. After an edit a rule that has read no kind of which an object changed, came or went would
read the very same objects again, and say the same: what it said is kept. All others are run anew.

That holds while everything holds that is no object of a kind: the settings of the mesh, the schemas, the
problems of the files, and what lies side by side. Where one of these changes, and for sets that are looked at
in several ways (open values, versions, deployments), everything is run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from meshlint.api.judging.checking import material_of, outcome_of, worlds_of
from meshlint.api.keeping.watched import Reads, watched_worlds
from meshlint.api.reading.project import Project
from meshlint.checks.world import World
from meshlint.engine.examine import Policy
from meshlint.engine.outcome import Outcome
from meshlint.engine.plan import Plan
from meshlint.engine.raised import Raised
from meshlint.engine.rule import Rule
from meshlint.engine.run import CRASHED, Worlds, running, said, told
from meshlint.mesh.left_off import left_off
from meshlint.resources import ResourceSet
from meshlint.resources.collection import Kind
from meshlint.resources.versions import several_versions
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Said:
    """What one rule said, and what it read for that."""

    raised: Sequence[Raised]
    reads: Reads


@frozen(eq=False, repr=False)
class Known:
    """A set and what each rule said of it."""

    project: Project
    plan: Plan
    said: Mapping[str, Said]

    def after(self, project: Project, policy: Policy, plan: Plan | None = None) -> Outcome | None:
        """What `check_project` says of an edited project; None where everything has to be run for that.

        `plan` is a part of the plan, where not all of it is of interest.
        """
        asked = plan or self.plan
        changed = changed_kinds(self.project, project)
        if not _is_alike(self.project, project, changed):
            return None
        worlds, anywhere = worlds_of(project), min(project.texts, default="")
        found = (
            self._kept(rule, changed, worlds, anywhere)
            for rule in running(asked, material_of(project).presence)
        )
        raised = told(chain.from_iterable(found), worlds.collections)
        return outcome_of(project, asked, policy, raised)

    def _kept(
        self, rule: Rule, changed: frozenset[Kind], worlds: Worlds[World], anywhere: str
    ) -> Sequence[Raised]:
        known = self.said.get(rule.id)
        if known is None or known.reads.concern(changed):
            return said(self.plan, rule, worlds, anywhere)
        return known.raised

    def moved(self, project: Project) -> Known | None:
        """The same of an edited project, with the rules that an edit concerns run anew."""
        changed = changed_kinds(self.project, project)
        if not _is_alike(self.project, project, changed):
            return None
        kept = {id: one for id, one in self.said.items() if not one.reads.concern(changed)}
        return known_of(project, self.plan, kept)


def known_of(project: Project, plan: Plan, kept: Mapping[str, Said] | None = None) -> Known | None:
    """A set and what each rule says of it, each run by itself; None for sets looked at in several ways."""
    if not _is_plain(project, project.resources.kinds):
        return None
    found = dict(kept or {})
    for rule in running(plan, material_of(project).presence):
        if rule.id not in found:
            found[rule.id] = _noted(project, plan, rule)
    return Known(project, plan, found)


def _noted(project: Project, plan: Plan, rule: Rule) -> Said:
    worlds, reads = watched_worlds(project)
    raised = said(plan, rule, worlds, min(project.texts, default=""))
    of_all = [world for world in (worlds.taken, worlds.written) if world is not None]
    if any(one.rule.id == CRASHED for one in raised) or any(left_off(world.mesh) for world in of_all):
        reads.everything.append("what is told beside the findings")
    return Said(raised, reads)


def changed_kinds(before: Project, after: Project) -> frozenset[Kind]:
    """The kinds of which an object came, went or is another one."""
    pairs = (
        (before.admission.written, after.admission.written),
        (before.admission.taken, after.admission.taken),
    )
    return frozenset(chain.from_iterable(_differing(*pair) for pair in dict.fromkeys(pairs)))


def _differing(before: ResourceSet, after: ResourceSet) -> Iterable[Kind]:
    for kind in {*before.kinds, *after.kinds}:
        old, new = before.of(*kind), after.of(*kind)
        if len(old) != len(new) or any(one is not other for one, other in zip(old, new, strict=True)):
            yield kind


def _is_plain(project: Project, kinds: Iterable[Kind]) -> bool:
    """Whether a set is looked at in one way, as far as objects of these kinds go."""
    held = (one for kind in kinds for one in project.resources.of(*kind))
    return not (project.gaps or project.deployments or several_versions(held))


def _is_alike(before: Project, after: Project, changed: frozenset[Kind]) -> bool:
    """Whether all that a rule may read is the same, objects of the changed kinds apart."""
    one, other = before.resources, after.resources
    return (
        _is_plain(after, changed)
        and before.mesh.settings is after.mesh.settings
        and before.admission.schemas.is_like(after.admission.schemas)
        and before.problems == after.problems
        and one.collections == other.collections
        and one.kustomized == other.kustomized
        and len(one.foreign) == len(other.foreign)
        and all(old is new for old, new in zip(one.foreign, other.foreign, strict=True))
    )
