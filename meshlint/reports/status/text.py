"""What controllers write into status, as a table for a terminal, and below it why conditions are not met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.reports.shared.columns import columns
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import paint
from meshlint.reports.status.answer import ObjectStatus, StatusAnswer, StatusCondition

_HEADER = ("NAMESPACE", "OBJECT", "AT", "ACCEPTED", "RESOLVED REFS", "PROGRAMMED", "ROUTES")
_SHOWN = ("Accepted", "ResolvedRefs", "Programmed")
_PLAIN = frozenset(_SHOWN)
_FIRST_CONDITION = 3
Row = tuple[str, ...]


def status_text(answer: StatusAnswer, options: ReportOptions) -> Iterator[str]:
    """The lines of the report."""
    if not answer.objects:
        yield "No object in these manifests gets a status from Istio, Linkerd or a gateway's controller."
        return
    rows = [row for one in answer.objects for row in _rows(one)]
    for lines in columns(_HEADER, rows, options.width, color=options.color, role=_role):
        yield from lines
    reasons = [line for one in answer.objects for line in _reasons(one, options)]
    if reasons:
        yield ""
        yield from reasons


def _rows(one: ObjectStatus) -> Iterator[Row]:
    """A line for the object itself, and one for each listener, parent or ancestor."""
    label = f"{one.kind}/{one.name}"
    parts: list[tuple[str, tuple[StatusCondition, ...], str]] = []
    if one.conditions:
        parts.append(("", one.conditions, ""))
    for listener in one.listeners:
        more = f"-{listener.attached_routes + listener.may_attach}" if listener.may_attach else ""
        parts.append((f"listener {listener.name}", listener.conditions, f"{listener.attached_routes}{more}"))
    parts += [
        (_at(each.label, each.controller), each.conditions, "") for each in (*one.parents, *one.ancestors)
    ]
    for number, (place, conditions, routes) in enumerate(parts):
        cells = tuple(_cell(conditions, kind) for kind in _SHOWN)
        first = number == 0
        yield (one.namespace if first else "", label if first else "", place, *cells, routes)


def _at(label: str, controller: str | None) -> str:
    """A parent; Linkerd is named, since a route may be told of by both meshes."""
    return f"{label} (Linkerd)" if controller is not None and controller.startswith("linkerd.io/") else label


def _cell(conditions: Iterable[StatusCondition], kind: str) -> str:
    found = next((one for one in conditions if one.type == kind), None)
    if found is None:
        return ""
    if found.reason in _PLAIN and found.status != "Unknown":
        return found.status
    mark = f"{found.reason}?" if found.status == "Unknown" else found.reason
    return f"{found.status} {mark}"


def _role(number: int, text: str) -> str:
    if not _FIRST_CONDITION <= number < _FIRST_CONDITION + len(_SHOWN):
        return ""
    if text.startswith("Unknown"):
        return "warning"
    return "error" if text.startswith("False") else ""


def _reasons(one: ObjectStatus, options: ReportOptions) -> Iterator[str]:
    """What keeps the conditions of an object from being met, each cause once."""
    if one.refused:
        yield paint("strong", f"{one.kind} {_full_name(one)}: refused", color=options.color)
        yield f"  {one.location}: the cluster does not take it: {one.refused}"
    parts = [
        ("", one.conditions),
        *((f" listener {each.name}", each.conditions) for each in one.listeners),
        *((f" at {each.label}", each.conditions) for each in (*one.parents, *one.ancestors)),
    ]
    name = _full_name(one)
    for place, conditions in parts:
        told: set[str] = set()
        for condition in conditions:
            if (condition.is_bad or condition.status == "Unknown") and condition.message not in told:
                told.add(condition.message)
                yield from _reason(f"{one.kind} {name}{place}", condition, options)


def _full_name(one: ObjectStatus) -> str:
    return f"{one.namespace}/{one.name}" if one.namespace else one.name


def _reason(label: str, condition: StatusCondition, options: ReportOptions) -> Iterator[str]:
    head = f"{label}: {condition.type} {condition.status}, {condition.reason}"
    yield paint("strong", head, color=options.color)
    words = f"depends: {condition.message}" if condition.status == "Unknown" else condition.message
    at = "" if condition.location is None else f"{condition.location}: "
    yield f"  {at}{words}"
