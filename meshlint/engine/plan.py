"""Which rules run, how severe their findings are, and with what parameters."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from meshlint.engine.catalogue import Catalogue
from meshlint.engine.parameters import parameter_values
from meshlint.engine.rule import Profile, Rule, Severity
from meshlint.engine.selectors import Selector, closest, selectors
from meshlint.values import evolve, field, frozen

OFF = "off"


@frozen(repr=False)
class Selection:
    """What the user asks for.

    Without `select`, the rules of `profile` run. `severity` re-grades, by the closest selector, to a
    severity's word or `off`; `parameters` gives values by rule (id or name) and parameter.
    """

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: Profile = Profile.DEFAULT
    severity: Mapping[str, str] = field(factory=dict)
    parameters: Mapping[str, Mapping[str, Any]] = field(factory=dict)


@frozen(eq=False, slots=False, repr=False)
class Plan:
    """The rules that run, with the severities and parameter values of this run."""

    rules: tuple[Rule, ...]
    catalogue: Catalogue
    values: Mapping[str, Mapping[str, Any]] = field(factory=dict)

    @cached_property
    def _by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    def rule(self, id: str) -> Rule | None:
        """The rule with this id, if it runs."""
        return self._by_id.get(id)

    def parameters(self, rule: Rule) -> Mapping[str, Any]:
        """The values of the rule's parameters: its defaults, and over them what the user set."""
        defaults = {parameter.name: parameter.default for parameter in rule.parameters}
        return {**defaults, **self.values.get(rule.id, {})}


def make_plan(catalogue: Catalogue, selection: Selection) -> Plan:
    """The plan for `selection`; raises `UsageError` for words and values that fit no rule."""
    chosen = _chosen(catalogue, selection)
    grades = selectors(selection.severity, catalogue)
    graded = (_graded(rule, grades, selection.severity) for rule in chosen)
    return Plan(
        tuple(rule for rule in graded if rule is not None),
        catalogue,
        parameter_values(catalogue, selection.parameters),
    )


def _chosen(catalogue: Catalogue, selection: Selection) -> list[Rule]:
    select = selectors(selection.select, catalogue)
    extend = selectors(selection.extend_select, catalogue)
    ignore = selectors(selection.ignore, catalogue)
    chosen = []
    if not (select or extend or ignore):
        return [rule for rule in catalogue.rules if rule.always or rule.in_profile(selection.profile)]
    for rule in catalogue.rules:
        base = closest(rule, select) if select else (0 if rule.in_profile(selection.profile) else -1)
        wanted = max(base, closest(rule, extend), 99 if rule.always else -1)
        if wanted >= 0 and wanted > closest(rule, ignore):
            chosen.append(rule)
    return chosen


def _graded(rule: Rule, grades: tuple[Selector, ...], words: Mapping[str, str]) -> Rule | None:
    naming = [grade for grade in grades if rule.id in grade.rules]
    if not naming:
        return rule
    word = words[max(naming, key=lambda grade: grade.closeness).word]
    if word == OFF:
        return None
    return evolve(rule, severity=Severity[word.upper()])
