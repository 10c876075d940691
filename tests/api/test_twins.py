"""Files with the same bytes are read once, and each is spoken of as if it were read alone."""

from __future__ import annotations

import pytest

from meshlint.api.judging.checking import check_project
from meshlint.api.reading import files
from meshlint.api.reading.files import read_files
from meshlint.api.reading.options import ReadOptions
from meshlint.api.reading.project import read_sources
from meshlint.documents import Reading
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.finding import Finding
from meshlint.engine.plan import Plan
from meshlint.engine.rule import Rule
from meshlint.engine.rule_file import load_rule_file
from meshlint.sources import SourceFile, SourceSet

CATALOGUE = load_catalogue()
ROUTES = [rule for rule in CATALOGUE.rules if rule.check.startswith(("route.", "hygiene."))]
TEXT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\ndata: {a: '${B}'}\n---\nb: &x [1]\nc: *x\n"


def sources(texts: dict[str, str]) -> tuple[SourceFile, ...]:
    return tuple(SourceFile(name, text.encode()) for name, text in sorted(texts.items()))


def found(texts: dict[str, str], rule: Rule) -> tuple[Finding, ...]:
    project = read_sources(SourceSet(sources(texts)), ReadOptions())
    return check_project(project, Plan((rule,), CATALOGUE)).findings


def test_values_are_shared_and_places_are_not() -> None:
    one, other, third = read_files(sources({"a.yaml": TEXT, "b/a.yaml": TEXT, "c.yaml": TEXT + "#\n"}), 1)
    assert [each.file for each in other.documents] == ["b/a.yaml", "b/a.yaml"]
    for mine, same, unlike in zip(one.documents, other.documents, third.documents, strict=True):
        assert mine.value is same.value
        assert mine.value is not unlike.value
        assert mine.span(("data", "a")) == same.span(("data", "a"))
        assert same.may_say("shop") == mine.may_say("shop")
    assert other.text.may_be_filled
    assert other.text.lines == one.text.lines


@pytest.mark.parametrize("jobs", [1, 2])
def test_however_many_read(jobs: int) -> None:
    texts = {f"{name}/{number}.yaml": f"x: {number}\n" for name in "abc" for number in range(9)}
    texts |= {"a.yaml": "{{ if .X }}\na: 1\n{{ end }}\n", "b.yaml": "{{ if .X }}\na: 1\n{{ end }}\n"}
    readings = read_files(sources(texts), jobs)
    assert [one.text.path for one in readings] == sorted(texts)
    for one in readings:
        assert one.text.content == texts[one.text.path]
        assert one.is_template == (one.text.path in {"a.yaml", "b.yaml"})
        assert [(each.file, each.value["x"]) for each in one.documents] == (
            [] if one.is_template else [(one.text.path, int(one.text.path[2:-5]))]
        )


def test_what_is_wrong_is_told_of_each() -> None:
    readings = read_files(sources({"a.yaml": "a: b: c\n", "b.yaml": "a: b: c\n"}), 1)
    assert [one.file for each in readings for one in each.problems] == ["a.yaml", "b.yaml"]


@pytest.mark.parametrize("rule", ROUTES, ids=[rule.name for rule in ROUTES])
def test_rules_say_the_same_of_copies(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = load_rule_file(rule).examples[0].files
    copied = {f"{place}{name}": text for place in ("", "copy/") for name, text in texts.items()}
    shared = found(copied, rule)

    def apart(_twin: Reading, _path: str) -> None:
        return None

    monkeypatch.setattr(files, "read_alike", apart)
    assert shared == found(copied, rule)


def test_there_may_be_any_number_of_copies() -> None:
    readings = read_files(sources({f"{number}.yaml": TEXT for number in range(3000)}), 1)
    last = readings[-1].documents[0]
    assert last.text.may_be_filled
    assert last.may_say("shop")
