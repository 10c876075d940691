"""From what was read to the findings that are told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from meshlint.documents import FileText
from meshlint.engine.finding import Finding
from meshlint.engine.grouping import grouped
from meshlint.engine.plan import Plan
from meshlint.engine.policy import Policy as Policy
from meshlint.engine.presence import WORKLOAD, Presence, presence
from meshlint.engine.raised import Raised
from meshlint.engine.run import Asking, Worlds, numbered, run
from meshlint.jobs import jobs_for
from meshlint.resources import ResourceSet
from meshlint.resources.kubernetes.workload import WORKLOAD_KINDS
from meshlint.values import field, frozen

if TYPE_CHECKING:
    from meshlint.engine.certain import Doubts
    from meshlint.engine.suppression import Acceptance

World = TypeVar("World")

_OBJECTS_OF_A_PROCESS = 5000
"""For how many objects a process more pays: it answers again much of what others have answered."""

_SUPPRESSING = ("meshlint", "analyze-suppress", "ignore-validations")
"""Words of which one stands in every text that suppresses something."""


@frozen(eq=False, repr=False)
class Material:
    """What was read: the objects, and the text of each file by its path; `meshes` are those that the settings
    speak of.
    """

    resources: ResourceSet
    texts: Mapping[str, FileText] = field(factory=dict)
    meshes: frozenset[str] = frozenset()

    @property
    def presence(self) -> Presence:
        """The kinds and the meshes in it."""
        present = self.resources.kinds.keys()
        kinds = frozenset(kind for _group, kind in present)
        if not present.isdisjoint(WORKLOAD_KINDS):
            kinds |= {WORKLOAD}
        return presence(kinds, (text.content for text in self.texts.values()), self.meshes)


@frozen(repr=False)
class Examined:
    """The findings that are told, in the order of the text, those that were suppressed, and by what."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...] = ()
    accepted: tuple[Acceptance, ...] = ()


def examine(
    plan: Plan,
    worlds: Worlds[World],
    material: Material,
    policy: Policy,
    doubts: Doubts[World] | None = None,
    files: Collection[str] | None = None,
) -> Examined:
    """What the rules of `plan` find in `worlds`, made of `material`, less what `doubts` refute.

    Only what is found in `files` counts, if they are given.
    """
    asking = _asking(plan, worlds, material, policy.jobs)
    anywhere = min(material.texts, default="")
    found: Sequence[Raised] = run(plan, worlds, anywhere, material.presence, asking)
    if files is not None:
        found = [raised for raised in found if raised.finding.location.file in files]
    if doubts is not None:
        from meshlint.engine.certain import certain

        found = certain(found, doubts, plan, material.presence)
    return judged(found, plan, material, policy)


def _asking(plan: Plan, worlds: Worlds[World], material: Material, jobs: int | None) -> Asking | None:
    """How the rules are asked: by several processes where that is wanted, pays and can be done."""
    number = jobs_for(jobs, len(material.resources.resources), _OBJECTS_OF_A_PROCESS)
    if number == 1:
        return None
    from meshlint.engine.parted import found_by_all, known_of

    worlds.prepare()
    known = known_of(material.resources, plan.rules)
    return lambda rules, found: found_by_all(rules, found, known, worlds.left, number)


def judged(found: Sequence[Raised], plan: Plan, material: Material, policy: Policy) -> Examined:
    """What of `found` is told: less what is suppressed, and what reads alike as one."""
    kept, suppressed, accepted = _parted(found, plan, material, policy)
    told = grouped((raised.finding for raised in kept), policy.group_after)
    return Examined(told, tuple(raised.finding for raised in suppressed), accepted)


def _parted(
    found: Sequence[Raised], plan: Plan, material: Material, policy: Policy
) -> tuple[Sequence[Raised], Sequence[Raised], tuple[Acceptance, ...]]:
    """What is left of `found`, remarks on suppressions included, what is suppressed, and by what."""
    if not policy.honour_ignores or not (policy.ignores or suppresses(material.texts.values())):
        return found, (), ()
    from meshlint.engine.suppression import apply, gather

    notes = gather(
        material.texts,
        material.resources,
        plan.catalogue,
        policy.ignores,
        policy.directory,
        whole=policy.whole,
    )
    verdict = apply(found, notes, plan, policy.today)
    return (*verdict.kept, *numbered(verdict.remarks)), verdict.suppressed, verdict.acceptances


def suppresses(texts: Iterable[FileText]) -> bool:
    """Whether one of some texts may accept a finding."""
    return any(word in text.content for text in texts for word in _SUPPRESSING)
