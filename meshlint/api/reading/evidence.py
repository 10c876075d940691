"""What an earlier revision shows of a set: what was there then and is there no more was taken away."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.api.reading.project import Project
from meshlint.sources import Reason
from meshlint.values import evolve

_HOLDS_NOTHING = frozenset(
    {Reason.NO_OBJECT, Reason.IGNORED, Reason.KUSTOMIZE_PATCH, Reason.KUSTOMIZE_RENDERED}
)
"""Reasons to pass a file over that hide no object from view."""


def since(project: Project, before: Project) -> Project:
    """`project`, which takes for missing what only `before`, the same set in an earlier revision, had.

    Of a set alone one cannot tell whether it holds all that is referred to. Where something can be read no
    longer, what it held may be there still, so that nothing follows.
    """
    if set(_hidden(project)) - set(_hidden(before)):
        return project
    if not project.variants:
        return project if before.variants else _beside(project, before)
    known = {_deployed(one): one for one in before.variants}
    variants = tuple(_beside(one, known.get(_deployed(one))) for one in project.variants)
    return evolve(_beside(project, known.get(_deployed(project.variants[0]))), variants=variants)


def _beside(project: Project, before: Project | None) -> Project:
    if before is None:
        return project
    mesh = project.mesh
    return evolve(
        project,
        options=evolve(project.options, earlier=before.mesh),
        mesh=mesh.beside(mesh.resources, mesh.settings, before.mesh),
    )


def _deployed(project: Project) -> tuple[str, ...]:
    """The deployments that a project is made of."""
    return tuple(sorted(one.name for one in project.deployments))


def _hidden(project: Project) -> Iterator[str]:
    """The files and deployments of which something is not in view."""
    yield from (one.path for one in project.passed_over if one.reason not in _HOLDS_NOTHING)
    yield from (one.file for one in project.problems)
    yield from (one.name for one in project.deployments if one.failure is not None or one.missing)
