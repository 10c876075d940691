"""From an input set to its findings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from meshlint.api.judging.options import CheckOptions as CheckOptions
from meshlint.api.judging.options import options_of as options_of
from meshlint.api.judging.options import policy_of_today
from meshlint.api.judging.worlds import worlds_of
from meshlint.api.reading.project import Project, read_texts
from meshlint.engine.catalogue import Catalogue, load_catalogue
from meshlint.engine.examine import Examined, Material, Policy, examine, judged
from meshlint.engine.finding import Finding
from meshlint.engine.outcome import Outcome
from meshlint.engine.plan import Plan, make_plan
from meshlint.engine.raised import Raised
from meshlint.mesh import Mesh
from meshlint.mesh.left_off import left_off
from meshlint.mesh.questions.unresolved import unresolved
from meshlint.mesh.settings.settings import declared_meshes
from meshlint.values import evolve

if TYPE_CHECKING:
    from meshlint.api.judging.unknowns import Unknowns


_MOST_OBJECTS = 6000
"""How many objects are looked at again where some are written several times; beyond, all versions count."""


def plan_of(options: CheckOptions) -> Plan:
    """The rules that run, those that the user wrote among them; raises `UsageError` as `make_plan` does."""
    return make_plan(load_catalogue().with_rules(options.custom), options.selection)


def check_project(project: Project, plan: Plan, policy: Policy | None = None) -> Outcome:
    """What the rules of `plan` say of `project`."""
    asked = policy or policy_of_today()
    if not project.deployments:
        return _check_versions(project, plan, asked)
    from meshlint.api.judging.together import deployment_notes, together

    outcomes = [_check_versions(variant, plan, asked) for variant in project.variants or (project,)]
    outcome = together(project, outcomes) if project.variants else outcomes[0]
    notes = (*outcome.summary.notes, *deployment_notes(project))
    return evolve(outcome, summary=evolve(outcome.summary, notes=notes))


def _check_versions(project: Project, plan: Plan, policy: Policy) -> Outcome:
    """What holds of a project in which objects may be written several times, by what is meant from where."""
    from meshlint.resources.versions import views

    objects = project.resources.resources
    found = views(objects, most=_MOST_OBJECTS // max(1, len(objects)))
    if not found:
        return _check(project, plan, policy)
    from meshlint.api.judging.versions import by_view
    from meshlint.engine.grouping import grouped

    each = evolve(policy, group_after=0)
    seen = [(view, _check(project.seen_from(view), plan, each, view.homes)) for view in found]
    outcome = by_view(_check(project, plan, each), seen)
    return evolve(outcome, findings=grouped(outcome.findings, policy.group_after))


def _check(project: Project, plan: Plan, policy: Policy, files: Collection[str] | None = None) -> Outcome:
    opened, doubts = _opened(project)
    examined = examine(plan, worlds_of(opened), material_of(opened), policy, doubts, files)
    return _outcome(project, opened.mesh, plan, examined)


def outcome_of(
    project: Project, plan: Plan, policy: Policy, found: Sequence[Raised], leaving: int | None = None
) -> Outcome:
    """The outcome of what the rules of `plan` said of a project that leaves nothing open.

    `leaving` is how many names are `unresolved`, where that is known.
    """
    examined = judged(found, plan, material_of(project), policy)
    return _outcome(project, project.mesh, plan, examined, leaving)


def findings_of(project: Project, plan: Plan, policy: Policy, found: Sequence[Raised]) -> tuple[Finding, ...]:
    """The findings of `outcome_of` alone."""
    return _sure(project, judged(found, plan, material_of(project), policy))


def material_of(project: Project) -> Material:
    """What was read, as the engine looks at it."""
    return Material(project.resources, project.texts, declared_meshes(project.mesh.settings))


def _outcome(
    project: Project, mesh: Mesh, plan: Plan, examined: Examined, leaving: int | None = None
) -> Outcome:
    return Outcome(
        findings=_sure(project, examined),
        rules=plan.rules,
        summary=evolve(
            project.summary,
            suppressed=len(examined.suppressed),
            unresolved=unresolved(mesh) if leaving is None else leaving,
            notes=(*project.summary.notes, *_left_off(mesh)),
        ),
        texts=project.texts,
        suppressed=examined.suppressed,
        accepted=examined.accepted,
    )


def _left_off(mesh: Mesh) -> Iterator[str]:
    """What the rules would have compared, and did not for the time that it takes."""
    for what in left_off(mesh):
        yield f"Too much to compare, so that a finding may be missing: {what}"


def _sure(project: Project, examined: Examined) -> tuple[Finding, ...]:
    return tuple(one for one in examined.findings if not _is_unsure(project, one))


def _is_unsure(project: Project, finding: Finding) -> bool:
    """Whether a finding is about what may be otherwise in the end.

    That is a document that a conflict runs through, and an object on which something works that is not read.
    """
    if finding.rule.startswith("HYGIENE"):
        return False
    line, name = finding.location.span.line, finding.object
    torn = project.torn.get(finding.location.file, ())
    if any(first <= line <= last for first, last in torn):
        return True
    changed = {one for deployment in project.deployments for one in deployment.changed}
    return name is not None and any(
        (name.kind, place, name.name) in changed for place in {name.namespace, ""} if changed
    )


def _opened(project: Project) -> tuple[Project, Unknowns | None]:
    """The project to look at, and what else may come of what the files leave to be filled in."""
    if not project.gaps:
        return project, None
    from meshlint.api.judging.unknowns import Unknowns
    from meshlint.resources.filling import first_choice

    shown = project.filled(first_choice)
    return shown, Unknowns(project, shown, worlds_of)


def check_texts(
    texts: Mapping[str, str], options: CheckOptions | None = None, catalogue: Catalogue | None = None
) -> Outcome:
    """What the rules say of texts by file name."""
    options = options or CheckOptions()
    known = (catalogue or load_catalogue()).with_rules(options.custom)
    plan = make_plan(known, options.selection)
    return check_project(read_texts(texts, options.reading), plan, options.policy)
