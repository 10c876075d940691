"""`meshlint rules`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import click

from meshlint.cli.declarations import COLOR, DEBUG, declared, format_among
from meshlint.cli.door import api
from meshlint.cli.output import to_stdout
from meshlint.cli.shape import Choice, Option, Verb, Words, flattened, unknown_word
from meshlint.cli.terminal import wants_color
from meshlint.engine.rule import Profile, Rule, Severity
from meshlint.reports import ReportOptions
from meshlint.reports.rules.lists import LIST_FORMATS, write_rules

_FILTER = "Filters"
_EXAMPLES = (
    ("meshlint rules", "all rules"),
    ("meshlint rules --family MTLS,AUTHZ", "some families"),
    ("meshlint rules --profile default --mesh linkerd", "what runs on Linkerd if nothing is said"),
    ("meshlint rules --format json", "for programs"),
)


@click.command(cls=Verb, examples=_EXAMPLES)
@click.option(
    "--family", cls=Option, section=_FILTER, multiple=True, type=Words(), help="Rules whose id begins so."
)
@click.option(
    "--profile", cls=Option, section=_FILTER, type=Choice(Profile), help="Rules that run in this profile."
)
@click.option("--mesh", cls=Option, section=_FILTER, multiple=True, type=Words(), help="Rules for this mesh.")
@click.option(
    "--severity",
    cls=Option,
    section=_FILTER,
    type=Choice(map(str, Severity)),
    help="Rules at least this severe.",
)
@declared((format_among(LIST_FORMATS),))
@declared(COLOR, DEBUG)
def command(format_name: str, color: str, **wanted: Any) -> None:
    """List the rules: id, name, severity, the first profile that runs it, and what it finds."""
    rules = api().rules()
    families, meshes = flattened(wanted["family"]), flattened(wanted["mesh"])
    _check_words(families, {rule.family for rule in rules}, prefixes=[rule.id for rule in rules])
    _check_words(meshes, {mesh for rule in rules for mesh in rule.meshes})
    fitting = [rule for rule in rules if _fits(rule, families, meshes, wanted)]
    to_stdout(write_rules(fitting, format_name, ReportOptions(color=wants_color(color, sys.stdout))))


def _fits(rule: Rule, families: tuple[str, ...], meshes: tuple[str, ...], wanted: dict[str, Any]) -> bool:
    severity, profile = wanted["severity"], wanted["profile"]
    return (
        (not families or rule.id.startswith(tuple(family.upper() for family in families)))
        and (not meshes or bool({mesh.lower() for mesh in meshes} & set(rule.meshes)))
        and (severity is None or rule.severity >= Severity[severity.upper()])
        and (profile is None or rule.in_profile(Profile(profile)))
    )


def _check_words(words: Iterable[str], known: Iterable[str], prefixes: Iterable[str] = ()) -> None:
    known = sorted(known)
    lower = [word.lower() for word in known]
    starts = [prefix.lower() for prefix in prefixes]
    for word in words:
        if word.lower() not in lower and not any(start.startswith(word.lower()) for start in starts):
            raise click.UsageError(unknown_word(word, known))
