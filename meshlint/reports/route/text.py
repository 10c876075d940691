"""The way of a request for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from fractions import Fraction

from meshlint.reports.route.answer import (
    Destination,
    LeftOut,
    Outcome,
    PassedOver,
    RouteAnswer,
    RouteTableAnswer,
    Rule,
    Transport,
)
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import cells, paint, printable
from meshlint.values import evolve

_WIDTH = 110
_MOST_PASSED = 12
_LAYERS = {
    "tls": "the proxy sees a TLS connection and its server name, but no requests",
    "tcp": "the proxy sees bytes, but no requests",
}
INDENT = "  "
_MUTUAL = "mTLS"
_UNKNOWN = "not known whether encrypted"
_PROXIES = {
    "istio": "through Istio's proxy",
    "linkerd": "through Linkerd's proxy",
    "ambient": "through ztunnel",
    "none": "without a proxy",
}


def route_text(answer: RouteAnswer, options: ReportOptions) -> Iterator[str]:
    """The lines of the answer: the request, the rule that takes it, where it goes, and what else holds."""
    yield from _head(answer, options)
    yield from _rule(answer, options)
    yield from _passed(answer.passed_over, options)
    yield from _goes(answer, options)
    yield from _in_force(answer, options)
    yield from left_out_lines(answer.left_out, options)
    yield from undecided_lines(answer.undecided, options)
    yield from _onward(answer, options)


def _onward(answer: RouteAnswer, options: ReportOptions) -> Iterator[str]:
    """The ways on from gateways that destinations are, each told like the first part of the way."""
    for one in answer.destinations:
        if one.onward is not None:
            yield from titled(f"Then, from {one.host}", options)
            yield from _rest(one.onward, options)


def _rest(answer: RouteAnswer, options: ReportOptions) -> Iterator[str]:
    narrow = evolve(options, width=options.width - len(INDENT))
    for line in route_text(answer, narrow):
        yield f"{INDENT}{line}".rstrip()


def _head(answer: RouteAnswer, options: ReportOptions) -> Iterator[str]:
    request = answer.request
    method = f"{request.method} " if request.sees_requests else ""
    yield paint("strong", printable(f"{method}{request.url}"), color=options.color)
    yield from context_lines(answer, options)
    if request.seen_path is not None:
        yield from wrapped(f"the proxy takes the path for {request.seen_path}", options)
    for name, value in request.headers:
        yield from wrapped(f"{name}: {value}", options)


def context_lines(answer: RouteAnswer | RouteTableAnswer, options: ReportOptions) -> Iterator[str]:
    """Whose traffic it is, where it comes in, and what its proxy sees."""
    sender, entrance = answer.sender, answer.entrance
    if entrance is not None:
        where = f" at {entrance.location}" if entrance.location is not None else ""
        yield from wrapped(f"into {entrance.object}, {entrance.text}{where}", options)
    elif sender.kind == "Gateway":
        yield from wrapped(f"into {sender}", options)
    else:
        yield from wrapped(f"from {sender}, {_PROXIES[sender.mesh]}", options)
    if answer.waypoint is not None:
        yield from wrapped(f"at {answer.waypoint}, whose routes these are", options)
    if answer.sidecar is not None:
        yield from wrapped(f"within {answer.sidecar[0]} at {answer.sidecar[1]}", options)
    if answer.layer != "http":
        yield from wrapped(_LAYERS[answer.layer], options)


def _rule(answer: RouteAnswer, options: ReportOptions) -> Iterator[str]:
    rule = answer.rule
    if rule is None:
        return
    yield from titled("Taken by", options)
    if not rule.path:
        yield from wrapped(f"{rule.object} itself, for which there is no route", options)
        yield from wrapped(str(rule.location), options)
        return
    name = f' "{rule.name}"' if rule.name else ""
    yield from wrapped(f"{rule.object}, {rule.path}{name}", options)
    outer = f", delegated at {rule.outer}" if rule.outer is not None else ""
    yield from wrapped(f"{rule.location}{outer}", options)
    yield from wrapped(f"takes {rule.match}", options)


def _passed(passed: tuple[PassedOver, ...], options: ReportOptions) -> Iterator[str]:
    if not passed:
        return
    yield from titled("Tried before it", options)
    shown = passed if len(passed) <= _MOST_PASSED else passed[-_MOST_PASSED:]
    if len(shown) < len(passed):
        yield from wrapped(f"{len(passed) - len(shown)} others, then", options)
    for one in shown:
        yield from wrapped(f"{_short(one.rule)}: {one.rule.match}", options)
        yield from wrapped(f"it misses the {one.misses}", options, INDENT * 3)


def _short(rule: Rule) -> str:
    return f"{rule.location} {rule.path}"


def _goes(answer: RouteAnswer, options: ReportOptions) -> Iterator[str]:
    yield from titled("Goes to" if answer.destinations else "Outcome", options)
    if not answer.destinations:
        yield from wrapped(_ending(answer), options)
        if answer.hint:
            yield from wrapped(answer.hint, options)
        return
    labels = [percent(one.share) for one in answer.destinations]
    width = max(map(cells, labels))
    for label, one in zip(labels, answer.destinations, strict=True):
        port = "" if one.port is None else f":{one.port}"
        subset = "" if one.subset is None else f", subset {one.subset}"
        yield from wrapped(f"{label:>{width}}  {one.host}{port}{subset}", options)
        for line in _details(one):
            yield from wrapped(line, options, INDENT + " " * (width + 2))
    if not answer.reaches:
        yield from wrapped(f"nothing is reached: {answer.failure}", options)


def _ending(answer: RouteAnswer) -> str:
    if answer.outcome is Outcome.ANSWERED:
        return f"status {answer.status}: {answer.reason}"
    word = "lost" if answer.outcome is Outcome.LOST else "passes through"
    return f"{word}: {answer.reason}"


def _details(one: Destination) -> Iterator[str]:
    if one.status is not None:
        yield f"fails with status {one.status}: {one.problem}"
        return
    if one.called_port is not None:
        yield f"at the address that was called, port {one.called_port}, as nothing resolves the host"
    if one.pods:
        yield "pods of " + ", ".join(dict.fromkeys(each.object for each in one.pods))
    if one.transport is not None and one.transport.text == "differs" and one.pods:
        for each in one.pods:
            yield f"{each.object}: {_how(each.transport)}"
    elif one.transport is not None:
        yield _how(one.transport)
    for policy in one.policies:
        yield f"{policy.name} at {policy.location}"


def _how(transport: Transport) -> str:
    places = ", ".join(f"{name} at {where}" for name, where in transport.deciding)
    text = _UNKNOWN if transport.text == "depends" else transport.text
    why = "" if transport.text == _MUTUAL else f": {transport.reason}"
    return f"{text}{why}" + (f" ({places})" if places else "")


def _in_force(answer: RouteAnswer, options: ReportOptions) -> Iterator[str]:
    if not answer.in_force:
        return
    yield from titled("In force", options)
    width = max(cells(one.kind) for one in answer.in_force)
    for one in answer.in_force:
        where = f" ({one.location})" if one.location is not None else ""
        hang = INDENT + " " * (width + 2)
        yield from wrapped(f"{one.kind:<{width}}  {one.text}{where}", options, INDENT, hang)


def left_out_lines(left_out: tuple[LeftOut, ...], options: ReportOptions) -> Iterator[str]:
    """What is written for the host and does not count for this client."""
    if not left_out:
        return
    yield from titled("Not for this client", options)
    for one in left_out[:_MOST_PASSED]:
        path = f", {one.path}" if one.path else ""
        yield from wrapped(f"{one.object}{path} at {one.location}: {one.reason}", options)
    if len(left_out) > _MOST_PASSED:
        yield from wrapped(f"and {len(left_out) - _MOST_PASSED} others", options)


def undecided_lines(undecided: Iterable[str], options: ReportOptions) -> Iterator[str]:
    """What the answer depends on and files do not tell."""
    undecided = tuple(undecided)
    if undecided:
        yield from titled("Not certain", options)
        for one in undecided:
            yield from wrapped(f"- {one}", options, INDENT, INDENT * 2)


def percent(part: Fraction) -> str:
    """A share as a percentage, with the exact fraction where the percentage is rounded."""
    exact = part * 100
    if exact.denominator == 1:
        return f"{exact.numerator} %"
    return f"{float(exact):.1f} % ({part})"


def titled(title: str, options: ReportOptions) -> Iterator[str]:
    """The heading of a section, with an empty line before it."""
    yield ""
    yield paint("frame", title, color=options.color)


def wrapped(text: str, options: ReportOptions, first: str = INDENT, rest: str | None = None) -> Iterator[str]:
    """The lines of a text that fit the screen; what follows the first line hangs further in."""
    lines = textwrap.wrap(
        printable(text),
        max(min(_WIDTH, options.width), 40),
        initial_indent=first,
        subsequent_indent=first + INDENT if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    yield from lines
