"""All rules that travel with meshlint, read from one file that is made from `rules/`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from meshlint.data import data_directory
from meshlint.engine.rule import TEXTS, Rule, compact, rule_of, texts_of
from meshlint.values import frozen

CATALOGUE = "catalogue.json"


@frozen(eq=False, slots=False, repr=False)
class Catalogue:
    """The rules in the order of their ids, and what the letters of the ids stand for."""

    rules: tuple[Rule, ...]
    families: Mapping[str, str]

    @cached_property
    def _by_word(self) -> dict[str, Rule]:
        return {word: rule for rule in self.rules for word in (rule.id, rule.name)}

    @cached_property
    def _by_code(self) -> dict[str, tuple[Rule, ...]]:
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            for code in rule.replaces:
                found.setdefault(code, []).append(rule)
        return {code: tuple(rules) for code, rules in found.items()}

    def with_rules(self, rules: Iterable[Rule]) -> Catalogue:
        """With rules that a user wrote, each of a family of its own."""
        own = tuple(rules)
        if not own:
            return self
        families = {rule.family: "rules of your own" for rule in own}
        ordered = sorted((*self.rules, *own), key=lambda rule: rule.id)
        return Catalogue(tuple(ordered), {**self.families, **families})

    def find(self, word: str) -> Rule | None:
        """The rule with this id (in either case) or name."""
        return self._by_word.get(word) or self._by_word.get(word.upper())

    def replacing(self, code: str) -> tuple[Rule, ...]:
        """The rules that say what another tool says under `code`, such as `IST0101`."""
        return self._by_code.get(code, ())


def catalogue_text(families: Mapping[str, str], rules: Iterable[Mapping[str, Any]]) -> str:
    """The catalogue as text.

    Each rule has two lines that start with a comma, so that git can merge two branches that add rules: what
    runs need, and what is told.
    """
    lines = [compact({"families": families})]
    for data in sorted(rules, key=lambda data: str(data["id"])):
        needed = {key: data[key] for key in sorted(data) if key not in ("examples", *TEXTS)}
        lines += ("," + compact(needed), "," + texts_of(data))
    return "[" + "\n".join(lines) + "\n]\n"


def load_catalogue(path: Path | None = None) -> Catalogue:
    """The rules that travel with meshlint."""
    path = path or data_directory("rules") / CATALOGUE
    head, *lines, _, _ = path.read_bytes().decode().split("\n")
    families, *rules = json.loads("".join((head, *lines[::2], "]")))
    found = (rule_of(data, text[1:]) for data, text in zip(rules, lines[1::2], strict=True))
    return Catalogue(tuple(found), families["families"])
