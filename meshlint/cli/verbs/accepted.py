"""`meshlint accepted`."""

from __future__ import annotations

import sys
from typing import Any

import click

from meshlint.cli.asking import asked, stdin_for
from meshlint.cli.declarations import COLOR, DEBUG, WHAT_IS_READ, WORLD, declared, format_among
from meshlint.cli.door import api
from meshlint.cli.exit_codes import ExitCode
from meshlint.cli.output import to_stdout
from meshlint.cli.request import options_of
from meshlint.cli.shape import Option, Verb
from meshlint.cli.terminal import wants_color, width_of
from meshlint.reports import ReportOptions
from meshlint.reports.findings.acceptances import ACCEPTANCE_FORMATS, write_acceptances

_EXAMPLES = (
    ("meshlint accepted", "all that is accepted below this directory"),
    ("meshlint accepted --select ALL", "also by rules that do not run by default"),
    ("meshlint accepted --format markdown", "for a page that people read"),
)
_AUDIT = "What is told"


@click.command(cls=Verb, examples=_EXAMPLES)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=str, allow_dash=True))
@click.option(
    "--select",
    cls=Option,
    section=_AUDIT,
    multiple=True,
    type=str,
    metavar="RULE,...",
    help="Run these rules: what accepts findings of others is told as not looked at.",
)
@declared(WHAT_IS_READ, WORLD)
@declared((format_among(ACCEPTANCE_FORMATS),))
@declared(COLOR, DEBUG)
def command(
    paths: tuple[str, ...], format_name: str, color: str, select: tuple[str, ...], **given: Any
) -> int:
    """List what is accepted in comments, annotations, the configuration and the baseline.

    Each line says where it is accepted, why and until when, and how many findings there would be without it.
    """
    read = paths or (".",)
    words = tuple(part.strip() for word in select for part in word.split(",") if part.strip())
    request = options_of({**given, "select": (words,)})
    found = asked(lambda: api().accepted(read, request, stdin=stdin_for(read)))
    if found is None:
        return ExitCode.NOTHING_FOUND
    options = ReportOptions(color=wants_color(color, sys.stdout), width=width_of(sys.stdout))
    to_stdout(write_acceptances(found, format_name, options))
    return ExitCode.CLEAN
