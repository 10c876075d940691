"""`meshlint rules`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import click

from meshlint.cli.declarations import COLOR, CONFIG, DEBUG, declared, format_among
from meshlint.cli.door import api
from meshlint.cli.exit_codes import ExitCode
from meshlint.cli.output import to_stdout
from meshlint.cli.request import flattened
from meshlint.cli.shape import Choice, Option, Verb, Words, unknown_word
from meshlint.cli.terminal import tell_error, tell_hint, wants_color
from meshlint.engine.rule import Profile, Rule, Severity
from meshlint.reports import ReportOptions
from meshlint.reports.rules.lists import LIST_FORMATS, write_rules
from meshlint.reports.rules.trials import trial_lines

_FILTER = "Filters"
_EXAMPLES = (
    ("meshlint rules", "all rules"),
    ("meshlint rules --family MTLS,AUTHZ", "some families"),
    ("meshlint rules --profile default --mesh linkerd", "what runs on Linkerd if nothing is said"),
    ("meshlint rules --format json", "for programs"),
    ("meshlint rules --test", "run the examples of your own rules"),
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
@click.option(
    "--test", cls=Option, section="Rules of your own", is_flag=True, help="Run the examples in their files."
)
@declared((format_among(LIST_FORMATS),))
@declared(COLOR, CONFIG, DEBUG)
def command(format_name: str, color: str, **wanted: Any) -> int:
    """List the rules: id, name, severity, the first profile that runs it, and what it finds.

    The configuration adds rules of your own to them.
    """
    if wanted["test"]:
        return _test(wanted)
    rules = _rules(wanted)
    families, meshes = flattened(wanted["family"]), flattened(wanted["mesh"])
    _check_words(families, {rule.family for rule in rules}, prefixes=[rule.id for rule in rules])
    _check_words(meshes, {mesh for rule in rules for mesh in rule.meshes})
    fitting = [rule for rule in rules if _fits(rule, families, meshes, wanted)]
    to_stdout(write_rules(fitting, format_name, ReportOptions(color=wants_color(color, sys.stdout))))
    return ExitCode.CLEAN


def _request(wanted: dict[str, Any]) -> Any:
    return api().Request(config=wanted["config"], no_config=wanted["no_config"])


def _rules(wanted: dict[str, Any]) -> tuple[Rule, ...]:
    """All rules; where the configuration makes no sense, which is told, those that travel with meshlint."""
    try:
        return tuple(api().rules(_request(wanted)))
    except api().UsageError as error:
        tell_error(str(error))
        tell_hint("Rules of your own are not in this list.")
        return tuple(api().rules())


def _test(wanted: dict[str, Any]) -> int:
    """Run the examples of a user's own rules, and say which of them do not hold."""
    try:
        rules, tried = api().custom_rules(_request(wanted)), api().try_rules(_request(wanted))
    except api().UsageError as error:
        raise click.UsageError(str(error)) from error
    if not rules:
        tell_error("the configuration names no rules of your own")
        tell_hint("Name their files in meshlint.yaml under rules: files:.")
        return ExitCode.NOTHING_FOUND
    to_stdout(trial_lines(rules, tried))
    return ExitCode.FINDINGS if any(one.wrong for one in tried) else ExitCode.CLEAN


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
