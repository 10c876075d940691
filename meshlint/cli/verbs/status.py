"""`meshlint status`."""

from __future__ import annotations

import sys
from typing import Any

import click

from meshlint.cli.asking import asked, stdin_for
from meshlint.cli.declarations import COLOR, DEBUG, WHAT_IS_READ, WORLD, declared
from meshlint.cli.door import api
from meshlint.cli.exit_codes import ExitCode
from meshlint.cli.output import to_stdout
from meshlint.cli.request import options_of
from meshlint.cli.shape import Choice, Option, Verb
from meshlint.cli.terminal import wants_color, width_of
from meshlint.reports import ReportOptions
from meshlint.reports.status.report import STATUS_FORMATS, write_status

_EXAMPLES = (
    ("meshlint status k8s/", "which Gateways, listeners, routes and policies are accepted"),
    ("meshlint status --assume complete", "what is in no file does not exist"),
    ("meshlint status --format json | jq '.objects[].parents'", "for programs"),
)


@click.command(cls=Verb, examples=_EXAMPLES)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=str, allow_dash=True))
@click.option(
    "--format",
    "-o",
    "format_name",
    cls=Option,
    section="Report",
    type=Choice(STATUS_FORMATS),
    default="text",
    help="text (the default) or json.",
)
@declared(COLOR, WHAT_IS_READ, WORLD, DEBUG)
def command(paths: tuple[str, ...], format_name: str, color: str, **given: Any) -> int:
    """Tell what Istio, Linkerd and gateways' controllers write into the status of Gateway API objects.

    PATH is a file, a directory, a glob, or - for standard input; the default is this directory. Conditions
    that depend on what is in no file are Unknown, with what they depend on.

    The exit code is 1 if a condition is surely not met.
    """
    read = paths or (".",)
    answer = asked(lambda: api().status(read, options_of(given), stdin=stdin_for(read)))
    if answer is None:
        return ExitCode.NOTHING_FOUND
    options = ReportOptions(color=wants_color(color, sys.stdout), width=width_of(sys.stdout))
    to_stdout(write_status(answer, format_name, options))
    return ExitCode.CLEAN if answer.is_good else ExitCode.FINDINGS
