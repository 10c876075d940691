"""A stand-in for `meshlint.api` that answers what a test has put into it, and keeps what it was asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import field, frozen

from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.outcome import Outcome
from meshlint.engine.rule import Rule
from meshlint.engine.rule_file import RuleFile, load_rule_file
from meshlint.engine.usage import Mistake, UsageError, did_you_mean


class NothingFound(Exception):
    """As the api raises it."""

    hint = "Name a directory that holds some."
    groups = ()


@frozen
class CheckOptions:
    """Whatever was asked."""

    given: dict[str, Any] = field(factory=dict)

    def __init__(self, **given: Any) -> None:
        self.__attrs_init__(given)  # type: ignore[attr-defined]


class FakeApi:
    """Has the names of the api."""

    UsageError = UsageError
    NothingFound = NothingFound
    Request = CheckOptions

    def __init__(self, answer: Callable[[], Outcome]) -> None:
        self.answer = answer
        self.asked: list[tuple[tuple[str, ...], dict[str, Any]]] = []

    def check(self, paths: tuple[str, ...], options: Any, **_more: Any) -> Outcome:
        self.asked.append((paths, options.given))
        return self.answer()

    def gather(self, *_asked: Any, **_more: Any) -> None:
        return None

    def rules(self) -> tuple[Rule, ...]:
        return load_catalogue().rules

    def explain(self, name: str) -> RuleFile:
        catalogue = load_catalogue()
        rule = catalogue.find(name)
        if rule is None:
            hint = did_you_mean(name, [rule.id for rule in catalogue.rules])
            raise UsageError(Mistake(f'"{name}" is no rule', hint))
        return load_rule_file(rule)
