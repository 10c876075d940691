"""The way of a request for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from fractions import Fraction

from meshlint.reports.options import ReportOptions
from meshlint.reports.route_answer import (
    Destination,
    Outcome,
    PassedOver,
    RouteAnswer,
    Rule,
    Transport,
)
from meshlint.reports.style import cells, paint, printable

_WIDTH = 110
_MOST_PASSED = 12
_LAYERS = {
    "tls": "the proxy sees a TLS connection and its server name, but no requests",
    "tcp": "the proxy sees bytes, but no requests",
}
_INDENT = "  "
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
    yield from head_lines(answer, options)
    yield from _rule(answer, options)
    yield from _passed(answer.passed_over, options)
    yield from _goes(answer, options)
    yield from _in_force(answer, options)
    yield from undecided_lines(answer.undecided, options)


def head_lines(answer: RouteAnswer, options: ReportOptions) -> Iterator[str]:
    """The request, and whose it is."""
    request, sender = answer.request, answer.sender
    method = f"{request.method} " if request.sees_requests else ""
    yield paint("strong", printable(f"{method}{request.url}"), color=options.color)
    entrance = answer.entrance
    if entrance is not None:
        where = f" at {entrance.location}" if entrance.location is not None else ""
        yield from _wrapped(f"into {entrance.object}, {entrance.text}{where}", options)
    elif sender.kind == "Gateway":
        yield from _wrapped(f"into {sender}", options)
    else:
        yield from _wrapped(f"from {sender}, {_PROXIES[sender.mesh]}", options)
    if answer.sidecar is not None:
        yield from _wrapped(f"within {answer.sidecar[0]} at {answer.sidecar[1]}", options)
    if answer.layer != "http":
        yield from _wrapped(_LAYERS[answer.layer], options)
    for name, value in request.headers:
        yield from _wrapped(f"{name}: {value}", options)


def _rule(answer: RouteAnswer, options: ReportOptions) -> Iterator[str]:
    rule = answer.rule
    if rule is None:
        return
    yield from _title("Taken by", options)
    if not rule.path:
        yield from _wrapped(f"{rule.object} itself, for which there is no route", options)
        yield from _wrapped(str(rule.location), options)
        return
    name = f' "{rule.name}"' if rule.name else ""
    yield from _wrapped(f"{rule.object}, {rule.path}{name}", options)
    outer = f", delegated at {rule.outer}" if rule.outer is not None else ""
    yield from _wrapped(f"{rule.location}{outer}", options)
    yield from _wrapped(f"takes {rule.match}", options)


def _passed(passed: tuple[PassedOver, ...], options: ReportOptions) -> Iterator[str]:
    if not passed:
        return
    yield from _title("Tried before it", options)
    shown = passed if len(passed) <= _MOST_PASSED else passed[-_MOST_PASSED:]
    if len(shown) < len(passed):
        yield from _wrapped(f"{len(passed) - len(shown)} others, then", options)
    for one in shown:
        yield from _wrapped(f"{_short(one.rule)}: {one.rule.match}", options)
        yield from _wrapped(f"it misses the {one.misses}", options, _INDENT * 3)


def _short(rule: Rule) -> str:
    return f"{rule.location} {rule.path}"


def _goes(answer: RouteAnswer, options: ReportOptions) -> Iterator[str]:
    yield from _title("Goes to" if answer.destinations else "Outcome", options)
    if not answer.destinations:
        yield from _wrapped(_ending(answer), options)
        if answer.hint:
            yield from _wrapped(answer.hint, options)
        return
    labels = [percent(one.share) for one in answer.destinations]
    width = max(map(cells, labels))
    for label, one in zip(labels, answer.destinations, strict=True):
        port = "" if one.port is None else f":{one.port}"
        subset = "" if one.subset is None else f", subset {one.subset}"
        yield from _wrapped(f"{label:>{width}}  {one.host}{port}{subset}", options)
        for line in _details(one):
            yield from _wrapped(line, options, _INDENT + " " * (width + 2))


def _ending(answer: RouteAnswer) -> str:
    if answer.outcome is Outcome.ANSWERED:
        return f"status {answer.status}: {answer.reason}"
    word = "lost" if answer.outcome is Outcome.LOST else "passes through"
    return f"{word}: {answer.reason}"


def _details(one: Destination) -> Iterator[str]:
    if one.status is not None:
        yield f"fails with status {one.status}: {one.problem}"
        return
    if one.pods:
        yield "pods of " + ", ".join(each.object for each in one.pods)
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
    yield from _title("In force", options)
    width = max(cells(one.kind) for one in answer.in_force)
    for one in answer.in_force:
        where = f" ({one.location})" if one.location is not None else ""
        hang = _INDENT + " " * (width + 2)
        yield from _wrapped(f"{one.kind:<{width}}  {one.text}{where}", options, _INDENT, hang)


def undecided_lines(undecided: Iterable[str], options: ReportOptions) -> Iterator[str]:
    """What the answer depends on and files do not tell."""
    undecided = tuple(undecided)
    if undecided:
        yield from _title("Not certain", options)
        for one in undecided:
            yield from _wrapped(f"- {one}", options, _INDENT, _INDENT * 2)


def percent(part: Fraction) -> str:
    """A share as a percentage, with the exact fraction where the percentage is rounded."""
    exact = part * 100
    if exact.denominator == 1:
        return f"{exact.numerator} %"
    return f"{float(exact):.1f} % ({part})"


def _title(title: str, options: ReportOptions) -> Iterator[str]:
    yield ""
    yield paint("frame", title, color=options.color)


def _wrapped(
    text: str, options: ReportOptions, first: str = _INDENT, rest: str | None = None
) -> Iterator[str]:
    lines = textwrap.wrap(
        printable(text),
        max(min(_WIDTH, options.width), 40),
        initial_indent=first,
        subsequent_indent=first + _INDENT if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    yield from lines
