"""The YAML file of one rule, with the examples that are its tests, its documentation and its explanation."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from meshlint.data import data_directory
from meshlint.engine.rule import ENGINE_CHECK, Rule, rule_of, texts_of
from meshlint.values import field, frozen, regex

ONLY_FILE = "example.yaml"
"""What the file of an example is called that consists of one text."""

_TOGETHER = "pages.json.bz2"
_MARKER = regex(r"[ \t]*# expect(?:: *(?P<words>\S.*?))?[ \t]*$", re.MULTILINE)


@frozen(repr=False)
class Expectation:
    """A line on which a rule has to speak, and words that its message has to hold."""

    file: str
    line: int
    words: str = ""


@frozen(repr=False)
class Example:
    """Manifests that show a rule at work: a bad example with `# expect` at the end of each line at fault.

    `marked` are the texts with these markers, `fixed` the texts of a mended twin. `settings` is the
    configuration that the example is checked with, as in `meshlint.yaml`.
    """

    title: str
    bad: bool
    marked: Mapping[str, str]
    fixed: Mapping[str, str] = field(factory=dict)
    settings: Mapping[str, Any] = field(factory=dict)

    @property
    def files(self) -> dict[str, str]:
        """The texts as a user would write them, without markers."""
        return {name: _MARKER.sub("", text) for name, text in self.marked.items()}

    @property
    def expectations(self) -> tuple[Expectation, ...]:
        """The marked lines, file by file."""
        return tuple(
            Expectation(name, text.count("\n", 0, match.start()) + 1, match["words"] or "")
            for name, text in self.marked.items()
            for match in _MARKER.finditer(text)
        )


@frozen(repr=False)
class RuleFile:
    """A rule with its examples."""

    rule: Rule
    examples: tuple[Example, ...]


def rule_path(rule: Rule) -> Path:
    """Where the file of a rule that travels with meshlint lies."""
    return data_directory("rules") / rule.folder / f"{rule.name}.yaml"


def rule_paths(directory: Path | None = None) -> list[Path]:
    """The files of all rules, by folder and name."""
    return sorted((directory or data_directory("rules")).glob("*/**/*.yaml"))


def load_rule_file(rule: Rule) -> RuleFile:
    """The file of `rule`, examples included; a wheel holds all of them in one."""
    together = data_directory("rules") / _TOGETHER
    if not together.is_file():
        return rule_file_of(read_rule_data(rule_path(rule)), rule.folder)
    import bz2

    pages = json.loads(bz2.decompress(together.read_bytes()))
    runs = pages["pages"][f"{rule.folder}/{rule.name}"]
    pairs = zip(runs[::2], runs[1::2], strict=True)
    text = "".join("".join(pages["lines"][start : start + count]) for start, count in pairs)
    return rule_file_of(read_rule_data(text), rule.folder)


def read_rule_data(written: Path | str) -> dict[str, Any]:
    """What is written in a YAML file of `rules/`, or in its text."""
    from ruamel.yaml import YAML

    data: dict[str, Any] = YAML(typ="safe").load(written)
    return data


def rule_file_of(data: Mapping[str, Any], folder: str) -> RuleFile:
    """The rule and the examples that a rule file in `folder` describes; the schema has been checked."""
    placed = {**data, "check": placed_check(data["check"], folder)}
    return RuleFile(rule_of(placed, texts_of(data)), tuple(_example(entry) for entry in data["examples"]))


def placed_check(check: str, folder: str) -> str:
    """The path of the check that a rule file in `folder` names: the check stands in its twin."""
    return check if check == ENGINE_CHECK else f"{folder.replace('/', '.')}.{check}"


def _example(data: Mapping[str, Any]) -> Example:
    return Example(
        title=data["title"],
        bad=data["kind"] == "bad",
        marked=_texts(data["files"] if "files" in data else data["text"]),
        fixed=_texts(data.get("fixed", {})),
        settings=data.get("settings", {}),
    )


def _texts(value: str | Mapping[str, str]) -> dict[str, str]:
    return {ONLY_FILE: value} if isinstance(value, str) else dict(value)
