"""The rules for a host for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.reports.route.answer import RouteTableAnswer, Row
from meshlint.reports.route.text import (
    context_lines,
    left_out_lines,
    percent,
    titled,
    undecided_lines,
    wrapped,
)
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import paint, printable

_MOST_NUMBERS = 8


def route_table_text(answer: RouteTableAnswer, options: ReportOptions) -> Iterator[str]:
    """The lines of the table: every rule in the order in which they are tried, with what is left to it."""
    request = answer.request
    title = f"Rules for {request.host}:{request.port}, in order"
    yield paint("strong", printable(title), color=options.color)
    yield from context_lines(answer, options)
    if answer.pattern not in (None, answer.host) and answer.rows:
        yield from wrapped(f"as written for {answer.pattern}", options)
    objects = {row.rule.number: row.rule.object for row in answer.rows}
    for row in answer.rows:
        yield ""
        yield from _row(row, objects, options)
    if answer.otherwise is not None:
        yield from titled("Anything else" if answer.rows else "Outcome", options)
        yield from wrapped(answer.otherwise, options)
    if answer.hint:
        yield from wrapped(answer.hint, options)
    yield from left_out_lines(answer.left_out, options)
    yield from undecided_lines(answer.undecided, options)


def _row(row: Row, objects: dict[int, str], options: ReportOptions) -> Iterator[str]:
    rule = row.rule
    name = f' "{rule.name}"' if rule.name else ""
    place = f", {rule.path}{name}" if rule.path else " itself"
    number = f"{rule.number:>3}  "
    hang = " " * len(number)
    yield from wrapped(f"{rule.object}{place}", options, number, hang)
    yield from wrapped(str(rule.location), options, hang)
    yield from wrapped(f"takes {rule.match}", options, hang)
    for host, part in row.goes_to:
        yield from wrapped(f"{percent(part)} to {host}", options, hang)
    if row.answers:
        yield from wrapped(f"answers with {row.answers}", options, hang)
    yield from wrapped(_reach(row, objects), options, hang)


def _reach(row: Row, objects: dict[int, str]) -> str:
    if row.taken_by:
        return f"never reached: {_listed(row.taken_by)} take{_s(row.taken_by)} all of it"
    if row.reach == "none":
        return "never reached: no request meets its demands"
    if row.reach == "whole":
        return "reached by all of it"
    if row.reach == "unknown":
        return "not known what the rules before it leave"
    left = f"reached by what {_listed(row.shadowed_by)} leave{_s(row.shadowed_by)}"
    others = dict.fromkeys(objects[number] for number in row.rivals)
    return left + (f" ({', '.join(others)} among them)" if others else "")


def _listed(numbers: Sequence[int]) -> str:
    if len(numbers) > _MOST_NUMBERS:
        return f"{len(numbers)} rules before it"
    words = [str(number) for number in numbers]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _s(numbers: Sequence[int]) -> str:
    return "s" if len(numbers) == 1 else ""
