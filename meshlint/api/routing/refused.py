"""The way of a request, and the refused objects that would have changed it."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from meshlint.admission.admission import Admission
from meshlint.api.refusals import mattering
from meshlint.api.routing.parts import location
from meshlint.api.routing.request import RouteRequest
from meshlint.api.routing.way import route
from meshlint.engine.usage import UsageError
from meshlint.mesh import Mesh
from meshlint.reports.route.answer import LeftOut, RouteAnswer


def route_told(admission: Admission, mesh: Mesh, asked: RouteRequest) -> RouteAnswer:
    """The way of a request, with what is refused and would have mattered among what is left out."""
    answer = route(mesh, asked)
    return evolve(answer, left_out=(*answer.left_out, *_refused(admission, mesh, asked, answer)))


def _refused(admission: Admission, mesh: Mesh, asked: RouteRequest, answer: RouteAnswer) -> Iterator[LeftOut]:
    now = _bare(answer)

    def ask(other: Mesh) -> RouteAnswer:
        try:
            return _bare(route(other, asked))
        except UsageError:
            return now

    for verdict, _ in mattering(admission, mesh, ask, now):
        reason = f"it would change the way, but it is refused: {verdict.why}"
        yield LeftOut(str(verdict.resource), "", reason, location(verdict.resource.field))


def _bare(answer: RouteAnswer) -> RouteAnswer:
    """An answer without what is told beside the way."""
    return evolve(answer, left_out=(), undecided=(), passed_over=())
