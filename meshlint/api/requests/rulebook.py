"""The rules that there are: those that travel with meshlint, and those that a user wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.api.requests.request import Request, configuration
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.rule import Rule
from meshlint.engine.usage import Mistake, UsageError, did_you_mean

if TYPE_CHECKING:
    from meshlint.api.judging.trying import Tried
    from meshlint.engine.rule_file import RuleFile


def rules(request: Request | None = None) -> tuple[Rule, ...]:
    """Every rule, in the order of the ids; with a request those that its configuration adds, too."""
    return load_catalogue().with_rules(one.rule for one in custom_rules(request)).rules


def custom_rules(request: Request | None) -> tuple[RuleFile, ...]:
    """The rules of a user's own that the configuration of the request names; raises `UsageError`."""
    return configuration(request, (".",)).custom if request is not None else ()


def try_rules(request: Request | None = None) -> tuple[Tried, ...]:
    """Each example of a user's own rules, and what is not as it says; raises `UsageError`."""
    from meshlint.api.judging.trying import tried

    return tried(custom_rules(request or Request()))


def explain(word: str, request: Request | None = None) -> RuleFile:
    """All that is written about the rule of that id or name; raises `UsageError` if there is none."""
    catalogue = load_catalogue()
    rule = catalogue.find(word)
    if rule is None:
        custom = custom_rules(request)
        catalogue = catalogue.with_rules(one.rule for one in custom)
        found = next((one for one in custom if one.rule is catalogue.find(word)), None)
        if found is not None:
            return found
    if rule is None:
        known = [name for one in catalogue.rules for name in (one.id, one.name)]
        hint = did_you_mean(word, known) or "`meshlint rules` lists all rules."
        raise UsageError(Mistake(f'"{word}" is no rule', hint))
    from meshlint.engine.rule_file import load_rule_file

    return load_rule_file(rule)
