"""How it is told which examples of a user's own rules hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from meshlint.engine.rule import Rule
from meshlint.engine.rule_file import RuleFile


class Trial(Protocol):
    """An example that has been run."""

    @property
    def rule(self) -> Rule:
        """The rule that it is of."""

    @property
    def title(self) -> str:
        """What it shows."""

    @property
    def wrong(self) -> tuple[str, ...]:
        """What is not as it says."""


def trial_lines(rules: Iterable[RuleFile], trials: Iterable[Trial]) -> Iterator[str]:
    """A line for each example, with what is wrong below it; rules without examples are named."""
    ran = failed = 0
    for one in trials:
        ran, failed = ran + 1, failed + bool(one.wrong)
        yield f"{'FAIL' if one.wrong else 'ok  '} {one.rule.id} {one.rule.name}: {one.title}"
        yield from (f"     {line}" for line in one.wrong)
    for file in rules:
        if not file.examples:
            yield f"none {file.rule.id} {file.rule.name} has no examples ({file.rule.source})"
    yield f"{ran} examples, {failed} failed"
