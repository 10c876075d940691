from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.engine.parameters import PARAMETER_TYPES
from meshlint.engine.plan import Selection, make_plan
from meshlint.engine.rule import Parameter, Profile, Severity
from meshlint.engine.usage import UsageError
from tests.engine.worlds import catalogue, rule

LIMIT = Parameter("limit", "integer", 3, "how many there may be")
RULES = catalogue(
    rule("MTLS001", "plain-text", parameters=(LIMIT,)),
    rule("MTLS002", "one-way-tls", profile=Profile.STRICT),
    rule("MTLS010", "old-tls", profile=Profile.PEDANTIC),
    rule("ROUTE001", "weights"),
    rule("HYGIENE001", "syntax", always=True),
)


def ids(**selection: Any) -> list[str]:
    return [found.id for found in make_plan(RULES, Selection(**selection)).rules]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({}, "MTLS001 ROUTE001 HYGIENE001"),
        ({"profile": Profile.STRICT}, "MTLS001 MTLS002 ROUTE001 HYGIENE001"),
        ({"profile": Profile.PEDANTIC}, "MTLS001 MTLS002 MTLS010 ROUTE001 HYGIENE001"),
        ({"select": ("ALL",)}, "MTLS001 MTLS002 MTLS010 ROUTE001 HYGIENE001"),
        ({"select": ("strict",)}, "MTLS001 MTLS002 ROUTE001 HYGIENE001"),
        ({"select": ("MTLS",)}, "MTLS001 MTLS002 MTLS010 HYGIENE001"),
        ({"select": ("MTLS00",)}, "MTLS001 MTLS002 HYGIENE001"),
        ({"select": ("mtls002", "weights")}, "MTLS002 ROUTE001 HYGIENE001"),
        ({"select": ("SCALE",)}, "HYGIENE001"),
        ({"extend_select": ("one-way-tls",)}, "MTLS001 MTLS002 ROUTE001 HYGIENE001"),
        ({"ignore": ("MTLS",)}, "ROUTE001 HYGIENE001"),
        ({"ignore": ("ALL",)}, "HYGIENE001"),
        ({"ignore": ("HYGIENE001",)}, "MTLS001 ROUTE001"),
        ({"select": ("MTLS002",), "ignore": ("MTLS",)}, "MTLS002 HYGIENE001"),
        ({"select": ("MTLS",), "ignore": ("MTLS002",)}, "MTLS001 MTLS010 HYGIENE001"),
        ({"select": ("MTLS",), "ignore": ("MTLS",)}, "HYGIENE001"),
        ({"severity": {"MTLS": "off"}}, "ROUTE001 HYGIENE001"),
    ],
)
def test_selection(selection: dict[str, Any], expected: str) -> None:
    assert ids(**selection) == expected.split()


def test_severity_is_graded_by_the_closest_word() -> None:
    plan = make_plan(
        RULES, Selection(severity={"MTLS001": "info", "MTLS": "error", "ALL": "warning"}, select=("ALL",))
    )
    assert [found.severity for found in plan.rules] == [
        Severity.INFO,
        Severity.ERROR,
        Severity.ERROR,
        Severity.WARNING,
        Severity.WARNING,
    ]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("MTLS1", "Did you mean"),
        ("wieghts", 'Did you mean "weights"?'),
        ("pedant", 'Did you mean "pedantic"?'),
        ("ROUTES", 'Did you mean "ROUTE"?'),
        ("something-else", "`meshlint rules` lists all rules."),
        ("", "`meshlint rules`"),
    ],
)
def test_an_unknown_word_gets_a_suggestion(word: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        make_plan(RULES, Selection(select=(word, "MTLS001")))
    (mistake,) = (
        raised.value.mistakes
        if word != "MTLS01"
        else (None,)
        if not raised.value.mistakes
        else raised.value.mistakes
    )
    assert mistake is not None
    assert f'"{word}" names no rule' in mistake.message
    assert hint in str(mistake)


@given(
    st.lists(st.sampled_from(["ALL", "default", "strict", "MTLS", "MTLS00", "MTLS001", "weights", "SCALE"])),
    st.lists(st.sampled_from(["ALL", "default", "MTLS", "MTLS010", "HYGIENE001", "weights"])),
)
def test_the_order_of_words_does_not_matter(select: list[str], ignore: list[str]) -> None:
    there = ids(select=tuple(select), ignore=tuple(ignore))
    back = ids(select=tuple(reversed(select)), ignore=tuple(reversed(ignore)))
    assert there == back


def test_parameters_have_defaults_that_users_replace() -> None:
    plan = make_plan(RULES, Selection(parameters={"plain-text": {"limit": 5}}))
    first, second, *_ = plan.rules
    assert plan.parameters(first) == {"limit": 5}
    assert plan.parameters(second) == {}
    assert make_plan(RULES, Selection()).parameters(first) == {"limit": 3}


def test_parameters_that_do_not_fit_are_all_told() -> None:
    given_values: dict[str, dict[str, object]] = {
        "plane-text": {"limit": 5},
        "MTLS001": {"limit": "many", "limmit": 5, "zzz": 1},
        "ROUTE001": {"x": 1},
    }
    with pytest.raises(UsageError) as raised:
        make_plan(RULES, Selection(parameters=given_values))
    assert [str(mistake) for mistake in raised.value.mistakes] == [
        'rules: "plane-text" is no rule. Did you mean "plain-text"?',
        'rules: the parameter "limit" of MTLS001 (plain-text) must be a whole number',
        'rules: MTLS001 (plain-text) has no parameter "limmit". Did you mean "limit"?',
        'rules: MTLS001 (plain-text) has no parameter "zzz". It has: limit.',
        'rules: ROUTE001 (weights) has no parameter "x". It has none.',
    ]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("boolean", True, 1),
        ("integer", 1, True),
        ("number", 1.5, "1.5"),
        ("string", "x", None),
        ("strings", ["x"], [1]),
    ],
)
def test_parameter_types(kind: str, good: object, bad: object) -> None:
    fits = PARAMETER_TYPES[kind][1]
    assert fits(good)
    assert not fits(bad)
