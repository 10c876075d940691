"""`meshlint route`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from meshlint.cli.asking import asked, stdin_for
from meshlint.cli.declarations import COLOR, DEBUG, WHAT_IS_READ, WORLD, declared, format_among
from meshlint.cli.door import api
from meshlint.cli.exit_codes import ExitCode
from meshlint.cli.headers import Header
from meshlint.cli.output import to_stdout
from meshlint.cli.request import options_of
from meshlint.cli.shape import Choice, Option, Verb
from meshlint.cli.target import read_target
from meshlint.cli.terminal import wants_color, width_of
from meshlint.reports import ReportOptions
from meshlint.reports.route.report import ROUTE_FORMATS, write_route

_REQUEST = "The request"
_MANIFESTS = (".yaml", ".yml", ".json")
_EXAMPLES = (
    ("meshlint route k8s/ --from web reviews:9080/api", "where a call of the workload web ends up"),
    ("meshlint route --from shop/web reviews -H x-user:jason", "with a header, read from this directory"),
    ("meshlint route k8s/ --from web --all reviews", "every rule for reviews, and what reaches it"),
    ("meshlint route k8s/ --from gateway/edge https://shop.example.com/", "what comes in through a Gateway"),
)


def _about(*names: str, **about: Any) -> Any:
    return click.option(*names, cls=Option, section=_REQUEST, **about)


_ASKED = (
    _about("--from", "sender", metavar="CLIENT", help="Who sends it: a workload, or gateway/NAME."),
    _about("--method", "-X", default="GET", metavar="METHOD", help="The method.  [default: GET]"),
    _about("--header", "-H", type=Header(), multiple=True, help="A header. May be repeated."),
    _about(
        "--scheme",
        type=Choice(("http", "https", "tcp", "tls")),
        help="The scheme, unless TARGET is a URL; tcp and tls are connections that carry no requests.",
    ),
    _about("--sni", metavar="NAME", help="The server name of a TLS connection, if not the host."),
    _about("--address", metavar="IP", help="The address that is connected to, if routes ask for it."),
    _about(
        "--all",
        "all_rules",
        is_flag=True,
        help="List all rules for the host, in the order in which they are tried, with what reaches each.",
    ),
    _about(
        "--mesh",
        type=Choice(("istio", "ambient", "linkerd", "none")),
        help="The mesh that the client belongs to, where the manifests do not show it.",
    ),
)


@click.command(cls=Verb, examples=_EXAMPLES)
@click.argument("arguments", metavar="[PATH]... TARGET", nargs=-1)
@declared(_ASKED)
@declared((format_among(ROUTE_FORMATS),))
@declared(COLOR, WHAT_IS_READ, WORLD, DEBUG)
def command(arguments: tuple[str, ...], format_name: str, color: str, **given: Any) -> int:
    """Tell where a request goes: which route takes it, which pods get what share, and what is in force.

    TARGET, the last argument, is HOST[:PORT][/path] or a URL. Each PATH before it is a file, a directory, a
    glob, or - for standard input; the default is this directory. CLIENT is the name of a workload, with its
    namespace where several have it (shop/web), or gateway/NAME for what comes in from outside.

    The exit code is 1 if the request reaches nothing: no route or no pod takes it, and the mesh answers with
    an error.
    """
    read, target = _split(arguments)
    if given["sender"] is None:
        raise click.UsageError(
            "Missing option '--from': who sends the request? Name a workload or gateway/NAME."
        )
    request = _request(target, given)
    ask = api().route_table if given["all_rules"] else api().route
    answer = asked(lambda: ask(read, options_of(given), request, stdin=stdin_for(read)))
    if answer is None:
        return ExitCode.NOTHING_FOUND
    _refuse_path(target, answer)
    options = ReportOptions(color=wants_color(color, sys.stdout), width=width_of(sys.stdout))
    to_stdout(write_route(answer, format_name, options))
    return ExitCode.CLEAN if answer.reaches else ExitCode.FINDINGS


def _split(arguments: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The paths, and the target behind them."""
    if not arguments:
        raise click.UsageError(
            "Missing argument 'TARGET': what does the request call? Write HOST[:PORT][/path]."
        )
    *paths, target = arguments
    looks_like_path = target == "-" or target.startswith(("/", "./", "../", "~"))
    written = target.partition("?")[0]
    if looks_like_path or (Path(target).exists() and (written.endswith(("/", *_MANIFESTS)))):
        raise click.UsageError(f"Missing argument 'TARGET' after the paths: \"{target}\" is a path.")
    return tuple(paths) or (".",), target


def _refuse_path(target: str, answer: Any) -> None:
    """Say that the target is missing where the last argument is a path and no host of that name is known."""
    is_unknown = answer.sender.kind != "Gateway" and not answer.finds_rules
    if is_unknown and Path(target).exists():
        raise click.UsageError(
            f'"{target}" is a path, and no host of that name is in the manifests. TARGET comes last.'
        )


def _request(target: str, given: dict[str, Any]) -> Any:
    found = read_target(target)
    if found.scheme is not None and given["scheme"] not in (None, found.scheme):
        raise click.UsageError(f'--scheme {given["scheme"]} contradicts "{target}".')
    return api().RouteRequest(
        client=given["sender"],
        host=found.host,
        port=found.port,
        path=found.path,
        method=given["method"],
        headers=given["header"],
        scheme=found.scheme or given["scheme"],
        sni=given["sni"],
        address=given["address"],
        mesh=given["mesh"],
    )
