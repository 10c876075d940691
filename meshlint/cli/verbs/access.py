"""`meshlint access`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import Any

import click

from meshlint.cli.asking import asked, stdin_for
from meshlint.cli.declarations import COLOR, DEBUG, WHAT_IS_READ, WORLD, declared, format_among
from meshlint.cli.door import api
from meshlint.cli.exit_codes import ExitCode
from meshlint.cli.headers import Header
from meshlint.cli.output import to_stdout
from meshlint.cli.request import options_of
from meshlint.cli.shape import Choice, Option, ParamType, Verb
from meshlint.cli.terminal import wants_color, width_of
from meshlint.reports import ReportOptions
from meshlint.reports.access.report import ACCESS_FORMATS, write_access
from meshlint.values import regex

MESHES = ("istio", "ambient", "linkerd")
_ENDS = "The calls"
_REQUEST = "The request (what is not given is left open)"
_EXAMPLES = (
    ("meshlint access k8s/", "every edge that calls, routes and policies name"),
    ("meshlint access --to shop/cart", "who may call it, with what, and by which rule"),
    ("meshlint access --from shop/web", "what it may call"),
    ("meshlint access --from web --to cart:80 -X GET --path /items --why", "one edge, and what decides it"),
    ("meshlint access --from outside --to shop/cart", "exit code 0 if a stranger may, else 1"),
    ("meshlint access --to shop/cart --through", "who gets there from outside, through any number of calls"),
)
_CLAIM = regex(r"(?P<name>[^\[\]]+)(?P<steps>(?:\[[^\[\]]+\])*)")


class Claim(ParamType):
    """`NAME=VALUE`; a claim inside another is written `NAME[INNER]=VALUE`."""

    name = "NAME=VALUE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[tuple[str, ...], str]:
        """The way to the claim, and its value."""
        if isinstance(value, tuple):
            return value
        name, sign, text = str(value).partition("=")
        match = _CLAIM.fullmatch(name.strip())
        if not sign or match is None:
            self.fail(f'"{value}" must be written as NAME=VALUE, as in iss=https://issuer.', param, ctx)
        return (match["name"], *re.findall(r"\[([^\[\]]+)\]", match["steps"])), text


class Address(ParamType):
    """An IP address."""

    name = "ADDRESS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The address as it is written."""
        from ipaddress import ip_address

        try:
            ip_address(str(value))
        except ValueError:
            self.fail(f'"{value}" is no IP address.', param, ctx)
        return str(value)


def _end(*names: str, **about: Any) -> Any:
    return click.option(*names, cls=Option, section=_ENDS, **about)


def _part(*names: str, **about: Any) -> Any:
    return click.option(*names, cls=Option, section=_REQUEST, **about)


_CALLS = (
    _end("--to", metavar="NAME[:PORT]", help="Who is called: a workload or a Service, as NAMESPACE/NAME."),
    _end(
        "--from",
        "source",
        metavar="WHO",
        help="Who calls: a workload, NAMESPACE/*, gateway/NAME, a principal, or outside.",
    ),
    _end("--port", metavar="PORT", help="A port of the Service or of the container, by number or name."),
    _end(
        "--mesh",
        type=Choice(MESHES),
        help="The mesh of workloads of which the manifests do not say whether they are in one.",
    ),
    _end(
        "--through",
        is_flag=True,
        help="Count any number of calls: the chains to --to from outside, or from --from.",
    ),
    _end("--any", "any_call", is_flag=True, help="With --through, count calls that no manifest names, too."),
    _end("--why", is_flag=True, help="Name what decides each row, and what a denied caller would need."),
)
_ASKED = (
    _part("--method", "-X", metavar="METHOD", help="The method, in capitals as it is sent."),
    _part("--path", metavar="PATH", help="The path, with its query if there is one."),
    _part("--host", metavar="HOST", help="The host that the request names."),
    _part("--header", "-H", type=Header(), multiple=True, help="A header. May be repeated."),
    _part("--claim", type=Claim(), multiple=True, help="A claim of the token. May be repeated."),
    _part("--source-ip", type=Address(), help="The address that the connection comes from."),
    _part("--remote-ip", type=Address(), help="The client's address by X-Forwarded-For, if it differs."),
    _part("--destination-ip", type=Address(), help="The address of the pod."),
    _part("--sni", metavar="NAME", help="The server name of the TLS connection."),
    _part("--provider", type=Choice(("allow", "deny")), help="What an external authorization service says."),
    _part("--exact", is_flag=True, help="Headers, claims and the server name are sent only if given here."),
)


@click.command(cls=Verb, examples=_EXAMPLES)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=str, allow_dash=True))
@declared(_CALLS, _ASKED)
@declared((format_among(ACCESS_FORMATS),))
@declared(COLOR, WHAT_IS_READ, WORLD, DEBUG)
def command(paths: tuple[str, ...], format_name: str, why: bool, color: str, **given: Any) -> int:
    """Tell who may call whom, exactly as the proxies would decide, and how the calls travel.

    PATH is a file, a directory, a glob, or - for standard input; the default is this directory.

    With --to and --from the exit code is 0 if the calls are surely let in, and 1 if they are denied or if
    that depends on something that is not given or not in the manifests. With --through one chain of calls
    is enough that are all let in for sure.
    """
    read = paths or (".",)
    question = _question(given)
    answer = asked(lambda: api().access(read, options_of(given), question, stdin=stdin_for(read)))
    if answer is None:
        return ExitCode.NOTHING_FOUND
    options = ReportOptions(color=wants_color(color, sys.stdout), width=width_of(sys.stdout))
    to_stdout(write_access(answer, format_name, options, why=why))
    is_open = answer.verdict is None or answer.verdict.value == "allow"
    return ExitCode.CLEAN if is_open else ExitCode.FINDINGS


def _question(given: dict[str, Any]) -> Any:
    """The question as the api asks it."""
    to, port = _with_port(given["to"], given["port"])
    if given["through"] and to is None:
        raise click.UsageError("--through needs a destination: name it with --to.")
    if given["any_call"] and not given["through"]:
        raise click.UsageError("--any goes with --through.")
    left_open = frozenset() if given["exact"] else frozenset({"headers", "claims", "metadata", "sni"})
    if given["sni"] is not None:
        left_open -= {"sni"}
    parts = ("method", "path", "host", "source_ip", "remote_ip", "destination_ip", "sni")
    request = api().AccessRequest(
        to or "",
        port=port,
        headers=_headers(given["header"]),
        claims=_claims(given["claim"]),
        provider_allows=None if given["provider"] is None else given["provider"] == "allow",
        left_open=left_open,
        **{part: given[part] for part in parts},
    )
    chains = {"through": given["through"], "any_call": given["any_call"]}
    return api().AccessQuestion(to, given["source"], request, given["mesh"] or "", **chains)


def _with_port(to: str | None, port: str | None) -> tuple[str | None, int | str | None]:
    name, colon, own = (to or "").rpartition(":")
    if colon:
        if port is not None and own != port:
            raise click.UsageError(f'--port {port} contradicts "{to}".')
        to, port = name, own
    return to, int(port) if port is not None and port.isdigit() else port


def _headers(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        found[name.lower()] = (*found.get(name.lower(), ()), value)
    return found


def _claims(pairs: Iterable[tuple[tuple[str, ...], str]]) -> dict[str, Any] | None:
    """The claims as a token holds them: what is given several times is a list."""
    found: dict[str, Any] = {}
    for steps, value in pairs:
        place = found
        for step in steps[:-1]:
            inner = place.setdefault(step, {})
            if not isinstance(inner, dict):
                raise click.UsageError(f'--claim gives "{step}" both a value and claims inside.')
            place = inner
        before = place.get(steps[-1])
        if before is None:
            place[steps[-1]] = value
        else:
            place[steps[-1]] = [*(before if isinstance(before, list) else [before]), value]
    return found or None
