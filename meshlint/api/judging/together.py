"""One outcome of several: what is told of deployments that are alternatives to each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from meshlint.engine.finding import Finding, Location
from meshlint.engine.outcome import Outcome
from meshlint.engine.rule import ENGINE_CHECK
from meshlint.engine.suppression.acceptance import merged
from meshlint.sources.helm import NOT_INSTALLED
from meshlint.values import evolve

if TYPE_CHECKING:
    from meshlint.api.reading.project import Project
    from meshlint.assembly.deployments import Deployment

Identity = tuple[str, Location, tuple[str, ...]]
_FEW = 3
_WITHOUT_HELM = " (meshlint renders charts with the helm on your PATH)"
_UNLESS = "unless it is run with --load-restrictor LoadRestrictionsNone"


def together(project: Project, outcomes: Sequence[Outcome]) -> Outcome:
    """What is told of the variants of `project`, each finding once.

    A finding in the files of a deployment is told with the deployments that it holds for, unless it holds for
    all that use the file. One in a file of no deployment is told if it holds whichever stands beside it.
    """
    found: dict[Identity, dict[int, Finding]] = {}
    worded: dict[Identity, Identity] = {}
    for number, outcome in enumerate(outcomes):
        for finding in outcome.findings:
            # What stands around a field may differ, and its path with that: the words tell.
            words = (finding.rule, finding.location, (finding.message,))
            name = worded.setdefault(words, _identity(finding))
            found.setdefault(name, {}).setdefault(number, finding)
    engine = {rule.id for rule in outcomes[0].rules if rule.check == ENGINE_CHECK}
    told = [_told(project, one, of_engine=identity[0] in engine) for identity, one in found.items()]
    first = outcomes[0]
    suppressed = {_identity(one): one for outcome in outcomes for one in outcome.suppressed}
    return evolve(
        first,
        findings=tuple(sorted((one for one in told if one is not None), key=lambda one: one.sort_key)),
        suppressed=tuple(suppressed.values()),
        accepted=merged(one for outcome in outcomes for one in outcome.accepted),
        summary=evolve(
            first.summary,
            suppressed=len(suppressed),
            unresolved=max(outcome.summary.unresolved for outcome in outcomes),
            objects=max(outcome.summary.objects for outcome in outcomes),
        ),
    )


def _told(project: Project, found: dict[int, Finding], *, of_engine: bool) -> Finding | None:
    finding = found[min(found)]
    users = [
        {one.name for one in variant.deployments if finding.location.file in one.files}
        for variant in project.variants
    ]
    concerned = [number for number, names in enumerate(users) if names] or list(range(len(users)))
    if set(concerned) <= found.keys():
        return finding
    names = sorted({name for number in found for name in users[number]})
    if not names or of_engine:
        return None
    return evolve(finding, message=f"{finding.message} (in {_listed(names)})")


def _listed(names: Sequence[str]) -> str:
    shown = list(names[:_FEW]) + ([f"{len(names) - _FEW} more"] if len(names) > _FEW else [])
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def deployment_notes(project: Project) -> Iterable[str]:
    """What the summary says of deployments: how many there are, what was not built and what was not read."""
    made = [one for one in project.deployments if one.failure is None]
    if made:
        counted = [f"{one.name} ({len(one.documents)} objects)" for one in made]
        yield f"Deployments: {_listed(counted)}"
    yield from _unrendered(project.deployments)
    for one in project.deployments:
        if one.failure is not None and not one.is_release:
            yield f"{one.name} is not built, so its files are judged as they are: {one.failure}"
        if one.missing:
            yield f"{one.name} also takes {_listed(one.missing)}, which is not read"
        if one.outside:
            yield f"{one.name} takes {_listed(one.outside)}, which kustomize refuses {_UNLESS}"


def _unrendered(deployments: Iterable[Deployment]) -> Iterable[str]:
    """The charts of which nothing is made, those for the same reason together."""
    reasons: dict[str, list[str]] = {}
    for one in deployments:
        if one.failure is not None and one.is_release:
            reasons.setdefault(one.failure, []).append(one.name)
    for why, names in reasons.items():
        several = "they create" if len(names) > 1 else "it creates"
        are = "are" if len(names) > 1 else "is"
        what_to_do = _WITHOUT_HELM if why == NOT_INSTALLED else ""
        yield f"{_listed(names)} {are} not rendered, so what {several} is not known: {why}{what_to_do}"


def _identity(finding: Finding) -> Identity:
    return finding.rule, finding.location, finding.path
