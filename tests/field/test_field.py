"""Public reports by people who run meshes: what was wrong, found, and no longer found once it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve

from meshlint.api import AccessRequest, RouteRequest, UsageError
from meshlint.api.overviews.matrix import AccessQuestion, answered
from meshlint.engine.finding import Finding
from meshlint.reports import ReportOptions
from meshlint.reports.access.report import write_access
from meshlint.reports.route.report import write_route
from tests.field.row import WARNINGS, Call, Row, Told, Way, broken, findings, fixed, folders, project
from tests.field.rows_istio import ISTIO
from tests.field.rows_others import OTHERS
from tests.shared import needs_shared

pytestmark = needs_shared
ROWS = ISTIO | OTHERS
OPEN: dict[str, str] = {}
"""Reports of which something does not hold yet, and why."""
POSTURE = ("MTLS001", "MTLS105", "AUTHZ072")
"""Rules about what a set leaves undone as a whole: no report is about them."""


def _rows() -> Iterator[Any]:
    for folder, row in sorted(ROWS.items()):
        marks = [pytest.mark.xfail(reason=OPEN[folder], strict=True)] if folder in OPEN else []
        yield pytest.param(folder, row, id=folder, marks=marks)


def test_every_report_has_its_row() -> None:
    assert sorted(ROWS) == sorted(folders())


@pytest.mark.parametrize(("folder", "row"), list(_rows()))
def test_report(folder: str, row: Row) -> None:
    """What must be found is found, where it is; what must not be said is not; the answers hold."""
    problems = [*_unmet(folder, row), *_untrue(folder, row)]
    problems += [one for way in row.ways for one in _astray(folder, way)]
    problems += [one for call in row.calls for one in _misjudged(folder, call)]
    assert not problems, "\n".join(problems)


UNMENDED = {"37-https-backend-behind-gateway": "one-way TLS to pods under STRICT fails in truth (MTLS004)"}
"""Solutions that are no solution where everything in the files holds."""


def _solutions() -> Iterator[Any]:
    for folder in folders():
        marks = [pytest.mark.xfail(reason=UNMENDED[folder], strict=True)] if folder in UNMENDED else []
        if fixed(folder) != broken(folder):
            yield pytest.param(folder, id=folder, marks=marks)


@pytest.mark.parametrize("folder", list(_solutions()))
def test_solution(folder: str) -> None:
    """The solution of a report takes its finding away and brings no new one."""
    versions = tuple(ROWS[folder].versions.items())
    before = {(one.rule, str(one.object)) for one in _loud(findings(broken(folder), versions))}
    after = _loud(findings(fixed(folder), versions))
    new = [one for one in after if (one.rule, str(one.object)) not in before]
    still = [one for one in after for told in ROWS[folder].told if one.rule == told.rule]
    assert not [_shown(one) for one in (*new, *still)]


def _unmet(folder: str, row: Row) -> Iterator[str]:
    found = _loud(findings(broken(folder), tuple(row.versions.items())))
    for told in row.told:
        if not any(_is(told, one) for one in found):
            near = [_shown(one) for one in found if one.rule not in POSTURE]
            yield f"not found: {told} among {near}"


def _is(told: Told, one: Finding) -> bool:
    said = one.location.span.line in told.lines and told.words in one.message
    return one.rule == told.rule and said and told.hint in (one.hint or "")


def _untrue(folder: str, row: Row) -> Iterator[str]:
    """What is said although it is not so: of a row without a cause, nothing at all may be."""
    for one in _loud(findings(broken(folder), tuple(row.versions.items()))):
        if one.rule in row.silent or (not row.told and not row.silent and one.rule not in POSTURE):
            yield f"wrongly said: {_shown(one)}"


def _astray(folder: str, way: Way) -> Iterator[str]:
    scheme, _, rest = way.url.partition("://")
    authority, _, path = rest.partition("/")
    host, _, port = authority.partition(":")
    asked = RouteRequest(
        client=way.client,
        host=host,
        port=int(port) if port else None,
        path=f"/{path}",
        method=way.method,
        headers=way.headers,
        scheme=scheme,
    )
    answer = project(broken(folder)).route(asked)
    text = " ".join(" ".join(write_route(answer, "text", ReportOptions())).split())
    pods = {one.object for each in answer.destinations for one in each.pods or ()}
    if answer.outcome.value != way.outcome or way.status not in (None, _status(answer)):
        yield f"{way.url} is {answer.outcome.value}: {text}"
    if way.pods and pods != set(way.pods):
        yield f"{way.url} goes to {pods}"
    yield from (f"{way.url} does not say {one!r}: {text}" for one in way.says if one not in text)
    yield from (f"{way.url} says {one!r}: {text}" for one in way.never if one in text)


def _status(answer: Any) -> int | None:
    """The status that the client sees, its own or that of every share."""
    shares: set[int | None] = {one.status for one in answer.destinations}
    own: int | None = answer.status
    return own if own is not None or len(shares) != 1 else shares.pop()


def _misjudged(folder: str, call: Call) -> Iterator[str]:
    request = evolve(AccessRequest(""), **call.request)
    to, _, port = call.to.partition(":")
    if port:
        request = evolve(request, port=int(port))
    try:
        answer = answered(project(broken(folder)), AccessQuestion(to, call.source, request))
    except UsageError as error:
        yield f"{call.source} to {call.to}: {error}"
        return
    text = " ".join(" ".join(write_access(answer, "text", ReportOptions(), why=True)).split())
    decisions = [one.decision for one in answer.edges]
    if call.verdict and {one.verdict.value for one in decisions} != {call.verdict}:
        yield f"{call.source} to {call.to} is not {call.verdict}: {text}"
    if call.transport and {one.transport.value for one in decisions} != {call.transport}:
        yield f"{call.source} to {call.to} is not {call.transport}: {text}"
    if call.says not in text or (call.never and call.never in text):
        yield f"{call.source} to {call.to}: {text}"


def _loud(found: tuple[Finding, ...]) -> list[Finding]:
    return [one for one in found if one.severity >= WARNINGS]


def _shown(one: Finding) -> str:
    return f"{one.rule}:{one.location.span.line} {one.message}"
