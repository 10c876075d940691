from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.matching import LabelIndex, LabelSelector, SelectorDialect, SelectorIndex, selector_problems

KEYS, VALUES = ["app", "tier", "v"], ["a", "b", ""]
label_maps = st.dictionaries(st.sampled_from(KEYS), st.sampled_from([*VALUES, "other"]), max_size=3)
valued = st.fixed_dictionaries(
    {
        "key": st.sampled_from(KEYS),
        "operator": st.sampled_from(["In", "NotIn"]),
        "values": st.lists(st.sampled_from(VALUES), min_size=1, max_size=3),
    }
)
bare = st.fixed_dictionaries(
    {"key": st.sampled_from(KEYS), "operator": st.sampled_from(["Exists", "DoesNotExist"])}
)
manifests: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "matchLabels": st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), max_size=2),
        "matchExpressions": st.lists(st.one_of(valued, bare), max_size=3),
    },
)
selectors = manifests.map(LabelSelector.read)
ALL_MAPS = [
    {key: value for key, value in zip(KEYS, row, strict=True) if value is not None}
    for row in [(a, b, c) for a in (*VALUES, "other", None) for b in (*VALUES, None) for c in (*VALUES, None)]
]


def _holds(expression: dict[str, Any], labels: dict[str, str]) -> bool:
    value, operator = labels.get(expression["key"]), expression["operator"]
    if operator == "Exists":
        return value is not None
    if operator == "DoesNotExist":
        return value is None
    return (value in expression["values"]) if operator == "In" else value not in expression["values"]


@given(manifests, label_maps)
def test_selection_is_the_conjunction_of_all_terms(manifest: dict[str, Any], labels: dict[str, str]) -> None:
    expected = all(labels.get(k) == v for k, v in manifest.get("matchLabels", {}).items()) and all(
        _holds(expression, labels) for expression in manifest.get("matchExpressions", [])
    )
    for dialect in SelectorDialect:
        assert LabelSelector.read(manifest, dialect).admits(labels) is expected


@settings(max_examples=50)
@given(selectors, selectors)
def test_questions_agree_with_membership(left: LabelSelector, right: LabelSelector) -> None:
    mine = [labels for labels in ALL_MAPS if left.admits(labels)]
    both = [labels for labels in mine if right.admits(labels)]
    meet = left.intersection(right)
    assert [labels for labels in ALL_MAPS if meet.admits(labels)] == both
    if left.is_subset(right):
        assert both == mine
    if not left.overlaps(right):
        assert both == []
    assert left.is_subset(right) is (left.intersection(right) == left)
    assert meet.is_subset(left)
    assert meet == right.intersection(left)


@given(selectors)
def test_the_example_is_selected(selector: LabelSelector) -> None:
    example = selector.example()
    assert (example is None) is selector.is_empty()
    assert example is None or selector.admits(example)


def test_a_narrower_selector_is_a_subset() -> None:
    wide = LabelSelector.of({"app": "web"})
    narrow = LabelSelector.of({"app": "web", "tier": "front"})
    other = LabelSelector.of({"app": "api"})
    assert narrow.is_subset(wide)
    assert not wide.is_subset(narrow)
    assert not wide.overlaps(other)
    assert LabelSelector.nothing().is_subset(other)
    assert LabelSelector.everything().is_everything()


@pytest.mark.parametrize("operator", ["In", "NotIn"])
@pytest.mark.parametrize("values", [None, []])
def test_a_list_operator_without_values_selects_nothing(operator: str, values: object) -> None:
    manifest = {"matchExpressions": [{"key": "app", "operator": operator, "values": values}]}
    for dialect in SelectorDialect:
        assert LabelSelector.read(manifest, dialect).is_empty()
        assert selector_problems(manifest, dialect)


@pytest.mark.parametrize("operator", ["Exists", "DoesNotExist"])
def test_linkerd_refuses_even_an_empty_list_of_values(operator: str) -> None:
    manifest = {"matchExpressions": [{"key": "app", "operator": operator, "values": []}]}
    assert not LabelSelector.read(manifest).is_empty()
    assert LabelSelector.read(manifest, SelectorDialect.LINKERD).is_empty()
    manifest["matchExpressions"][0]["values"] = ["x"]
    assert LabelSelector.read(manifest).is_empty()


MALFORMED: list[object] = [
    [],
    "app=web",
    7,
    {"matchLabels": ["app"]},
    {"matchLabels": {"app": 1}},
    {"matchLabels": {1: "app"}},
    {"matchExpressions": {}},
    {"matchExpressions": [None]},
    {"matchExpressions": [{"key": ["app"], "operator": "In", "values": ["a"]}]},
    {"matchExpressions": [{"key": "app", "operator": "in", "values": ["a"]}]},
    {"matchExpressions": [{"key": "app", "operator": ["In"], "values": ["a"]}]},
    {"matchExpressions": [{"key": "app", "operator": "In", "values": "a"}]},
    {"matchExpressions": [{"key": "app", "operator": "In", "values": [True]}]},
]


@pytest.mark.parametrize("value", MALFORMED)
def test_what_is_malformed_selects_nothing_and_is_told(value: object) -> None:
    assert selector_problems(value)
    assert LabelSelector.read(value).is_empty()


def test_selectors_are_described() -> None:
    manifest = {
        "matchLabels": {"app": "web"},
        "matchExpressions": [
            {"key": "tier", "operator": "In", "values": ["b", "a"]},
            {"key": "old", "operator": "DoesNotExist"},
            {"key": "v", "operator": "NotIn", "values": ["1"]},
            {"key": "zone", "operator": "Exists"},
        ],
    }
    assert LabelSelector.read(manifest).describe() == "app=web,!old,tier in (a,b),v notin (1),zone"
    assert LabelSelector.everything().describe() == "everything"
    assert LabelSelector.nothing().describe() == "nothing"


@settings(max_examples=50)
@given(st.lists(label_maps, max_size=12), selectors)
def test_the_label_index_agrees_with_a_scan(maps: list[dict[str, str]], selector: LabelSelector) -> None:
    index = LabelIndex((labels, position) for position, labels in enumerate(maps))
    expected = tuple(position for position, labels in enumerate(maps) if selector.admits(labels))
    assert index.select(selector) == expected


@settings(max_examples=50)
@given(st.lists(label_maps, max_size=12), label_maps)
def test_what_carries_labels_is_what_their_selector_admits(
    maps: list[dict[str, str]], labels: dict[str, str]
) -> None:
    index = LabelIndex((held, position) for position, held in enumerate(maps))
    assert index.carrying(labels) == index.select(LabelSelector.of(labels))
    assert index.carrying(dict(reversed(labels.items()))) is index.carrying(labels)


@settings(max_examples=50)
@given(st.lists(label_maps, max_size=12), label_maps)
def test_labels_select_as_their_selectors_do(maps: list[dict[str, str]], labels: dict[str, str]) -> None:
    plain = SelectorIndex((held, position) for position, held in enumerate(maps))
    index = SelectorIndex((LabelSelector.of(held), position) for position, held in enumerate(maps))
    assert plain.selecting(labels) == index.selecting(labels)
    assert plain.selecting(labels) is plain.selecting({**labels})


@settings(max_examples=50)
@given(st.lists(selectors, max_size=12), label_maps)
def test_the_selector_index_agrees_with_a_scan(many: list[LabelSelector], labels: dict[str, str]) -> None:
    index = SelectorIndex((selector, position) for position, selector in enumerate(many))
    expected = tuple(position for position, selector in enumerate(many) if selector.admits(labels))
    assert index.selecting(labels) == expected
