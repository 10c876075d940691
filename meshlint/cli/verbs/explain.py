"""`meshlint explain`."""

from __future__ import annotations

import sys
from typing import Any

import click

from meshlint.cli.declarations import COLOR, DEBUG, declared, format_among
from meshlint.cli.door import api
from meshlint.cli.output import to_stdout
from meshlint.cli.shape import Verb
from meshlint.cli.terminal import wants_color, width_of
from meshlint.reports import ReportOptions
from meshlint.reports.rules.lists import write_rules
from meshlint.reports.rules.page import PAGE_FORMATS, write_page

_EXAMPLES = (
    ("meshlint explain MTLS001", "by id"),
    ("meshlint explain subset-undefined", "by name"),
    ("meshlint explain MTLS", "the rules of a family"),
)


def _known(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    words = [word for rule in api().rules() for word in (rule.id, rule.name)]
    return [word for word in words if word.lower().startswith(incomplete.lower())]


@click.command(cls=Verb, examples=_EXAMPLES)
@click.argument("rule", shell_complete=_known)
@declared((format_among(PAGE_FORMATS),))
@declared(COLOR, DEBUG)
def command(rule: str, format_name: str, color: str) -> None:
    """Tell what RULE finds, why it matters, how to mend it, and show examples.

    RULE is an id or a name; for the beginning of an id, the rules that begin so are listed.
    """
    options = ReportOptions(color=wants_color(color, sys.stdout), width=width_of(sys.stdout))
    family = _family(rule)
    if family:
        to_stdout(write_rules(family, format_name, options))
        return
    try:
        page = api().explain(rule, api().Request())
    except api().UsageError as error:
        raise click.UsageError(str(error)) from error
    to_stdout(write_page(page, format_name, options))


def _family(word: str) -> list[Any]:
    """The rules whose ids begin with `word`, unless it names one rule."""
    rules = api().rules()
    if any(word.upper() == rule.id or word == rule.name for rule in rules):
        return []
    return [rule for rule in rules if rule.id.startswith(word.upper())]
