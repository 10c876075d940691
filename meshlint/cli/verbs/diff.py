"""`meshlint diff`."""

from __future__ import annotations

import sys
from typing import Any

import click

from meshlint.cli.asking import asked, stdin_for
from meshlint.cli.declarations import COLOR, DEBUG, RULES, WHAT_IS_READ, WORLD, declared, format_among
from meshlint.cli.door import api
from meshlint.cli.exit_codes import ExitCode
from meshlint.cli.output import to_stdout
from meshlint.cli.request import options_of
from meshlint.cli.shape import Choice, Option, Verb
from meshlint.cli.terminal import wants_color, width_of
from meshlint.engine.rule import Severity
from meshlint.reports import ReportOptions
from meshlint.reports.differences.report import DIFFERENCE_FORMATS, write_difference
from meshlint.reports.differences.verdict import CHANGES, fails

_EXAMPLES = (
    ("meshlint diff main", "what the working tree does, beside the branch main"),
    ("meshlint diff origin/main... HEAD", "what the commits of a branch do since it left main"),
    ("meshlint diff HEAD~1 --path k8s/prod", "of one directory alone"),
    ("meshlint diff rendered/before rendered/after", "two directories, such as what helm or kustomize wrote"),
    ("meshlint diff main --format markdown", "a comment for a pull request"),
    ("meshlint diff main --fail-on access-widened", "fail where anybody is newly let in"),
)
_LEVELS = {str(severity): severity for severity in Severity}


@click.command(cls=Verb, examples=_EXAMPLES)
@click.argument("base", metavar="BASE")
@click.argument("head", metavar="[HEAD]", required=False)
@click.option(
    "--path",
    "paths",
    cls=Option,
    section="What is read",
    metavar="PATH",
    multiple=True,
    help="Of revisions, read these files and directories alone. May be repeated.",
)
@click.option(
    "--fail-on",
    cls=Option,
    section="Report",
    multiple=True,
    type=Choice((*_LEVELS, *CHANGES, "never")),
    help="End with 1 for new findings of this level and above, or for changes of this kind. May be repeated."
    "  [default: warning]",
)
@declared((format_among(DIFFERENCE_FORMATS),))
@declared(COLOR, WHAT_IS_READ, RULES, WORLD, DEBUG)
def command(
    base: str,
    head: str | None,
    paths: tuple[str, ...],
    fail_on: tuple[str, ...],
    format_name: str,
    color: str,
    **given: Any,
) -> int:
    """Tell what a change does: new findings, who may call whom, where requests go, and what it costs.

    BASE and HEAD are git revisions; without HEAD it is the working tree. They may also be two directories or
    files, such as two rendered sets.

    Calls and ways are compared as access and route decide on them, for all requests at once. The exit code is
    1 if anything that --fail-on names is new.
    """
    compared = api().Compared(base, head, paths or (".",))
    found = asked(lambda: api().diff(compared, options_of(given), stdin=stdin_for((base, head or ""))))
    if found is None:
        return ExitCode.NOTHING_FOUND
    options = ReportOptions(color=wants_color(color, sys.stdout), width=width_of(sys.stdout))
    to_stdout(write_difference(found, format_name, options))
    return ExitCode.FINDINGS if fails(found, fail_on or ("warning",)) else ExitCode.CLEAN
