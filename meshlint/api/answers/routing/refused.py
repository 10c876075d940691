"""The way of a request, and the refused objects that would have changed it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from meshlint.api.answers.refusals import Judged, mattering
from meshlint.api.answers.routing.parts import location
from meshlint.api.answers.routing.request import RouteRequest
from meshlint.api.answers.routing.way import route
from meshlint.engine.usage import UsageError
from meshlint.mesh import Mesh
from meshlint.reports.route.answer import LeftOut, RouteAnswer
from meshlint.values import evolve

if TYPE_CHECKING:
    from meshlint.api.answers.left_open import Open


def route_told(project: Judged, asked: RouteRequest) -> RouteAnswer:
    """The way of a request, with what is refused and would have mattered among what is left out."""
    answer = route(project.mesh, asked)
    return evolve(answer, left_out=(*answer.left_out, *_refused(project, asked, answer)))


def with_open_values(project: Open, asked: RouteRequest, answer: RouteAnswer) -> RouteAnswer:
    """The answer, and that it is not certain where a value that is filled in later takes another way."""
    if not project.gaps:
        return answer
    from meshlint.api.answers.left_open import answers, open_texts

    words = [(word, "") for word in (asked.host, asked.path, asked.method) if word]
    now = _way(answer)
    if all(_way(other) == now for other in answers(project, lambda mesh: route(mesh, asked), words)):
        return answer
    return evolve(answer, undecided=(*answer.undecided, f"{open_texts(project)} decides the way"))


def _way(answer: RouteAnswer) -> tuple[object, ...]:
    """What the way comes to, whatever the objects on it are called."""
    places = tuple((one.host, one.port, one.subset, one.share) for one in answer.destinations)
    return answer.outcome, answer.status, places


def _refused(project: Judged, asked: RouteRequest, answer: RouteAnswer) -> Iterator[LeftOut]:
    now = _bare(answer)

    def ask(other: Mesh) -> RouteAnswer:
        try:
            return _bare(route(other, asked))
        except UsageError:
            return now

    for verdict, _ in mattering(project, ask, now):
        reason = f"it would change the way, but it is refused: {verdict.why}"
        yield LeftOut(str(verdict.resource), "", reason, location(verdict.resource.field))


def _bare(answer: RouteAnswer) -> RouteAnswer:
    """An answer without what is told beside the way."""
    return evolve(answer, left_out=(), undecided=(), passed_over=())
