"""What `meshlint access` prints."""

from __future__ import annotations

import json

import jsonschema
import pytest

from meshlint.reports import ReportOptions
from meshlint.reports.access.answer import AccessAnswer
from meshlint.reports.access.json import access_data
from meshlint.reports.access.report import write_access
from meshlint.reports.shared.columns import columns
from meshlint.reports.shared.style import cells
from tests.access.test_linkerd import PEOPLE, ROUTE
from tests.access.test_matrix import CART, GUARD, IN, WEB, ask
from tests.api.test_access import LINKERD
from tests.security.istio_worlds import security
from tests.shared import PROJECT

SCHEMA = json.loads((PROJECT / "schemas" / "access.json").read_text(encoding="utf-8"))
CUSTOM = security(
    "AuthorizationPolicy",
    "c",
    "in",
    "{action: CUSTOM, provider: {name: p}, rules: [{to: [{operation: {}}]}]}",
)


def text(answer: AccessAnswer, width: int = 100, *, why: bool = False, color: bool = False) -> str:
    return "\n".join(write_access(answer, "text", ReportOptions(color=color, width=width), why=why))


def test_an_edge_is_a_row() -> None:
    assert text(ask(IN, WEB, *CART, GUARD, to="cart", source="web")).splitlines() == [
        "FROM    TO       PORT  TRANSPORT  ACCESS   WITH",
        "in/web  in/cart  80    mTLS       in part  GET /items/*",
    ]


def test_why_names_the_rule_its_place_the_hop_and_what_is_missing() -> None:
    lines = text(ask(IN, WEB, *CART, GUARD, to="cart", source="web", method="PUT"), why=True).splitlines()
    assert lines[2:4] == ["    no ALLOW rule matches", lines[3]]
    assert lines[3].startswith("    does not admit: AuthorizationPolicy in/cart (mesh.yaml:")
    assert "    mTLS: both proxies speak mTLS" in lines
    assert "    needs GET (AuthorizationPolicy in/cart, rule 1)" in lines


def test_verdicts_are_coloured_only_if_asked() -> None:
    answer = ask(IN, WEB, *CART, GUARD, to="cart", source="outside")
    assert "\x1b[1;31mdenied\x1b[0m" in text(answer, color=True)
    assert "\x1b" not in text(answer)


def test_a_narrow_terminal_wraps_what_can_be_wrapped() -> None:
    wide, narrow = (text(ask(IN, WEB, *CART, GUARD, to="cart"), width) for width in (200, 60))
    assert max(map(len, wide.splitlines())) > 100
    assert len(narrow.splitlines()) > len(wide.splitlines())


def test_nothing_is_said_to_be_nothing() -> None:
    assert "names who calls whom" in text(ask(IN, *CART))
    assert text(ask(IN, *CART, source="cart")) == "cart may call nothing that is in the manifests."


@pytest.mark.parametrize("source", [None, "web", "outside"])
@pytest.mark.parametrize("to", [None, "cart"])
@pytest.mark.parametrize("more", [(), (GUARD,), (GUARD, CUSTOM)])
def test_json_is_as_its_schema_says(to: str | None, source: str | None, more: tuple[str, ...]) -> None:
    data = access_data(ask(IN, WEB, *CART, *more, to=to, source=source))
    jsonschema.validate(data, SCHEMA)
    assert (data["to"], data["from"]) == (to, source)


def test_json_of_linkerd_and_of_several_workloads() -> None:
    jsonschema.validate(access_data(ask(LINKERD, ROUTE, *PEOPLE, to="mesh/web")), SCHEMA)
    second = CART[0].replace("name: cart, namespace", "name: cart-v2, namespace")
    data = access_data(ask(IN, WEB, *CART, second, to="cart", source="web"))
    jsonschema.validate(data, SCHEMA)
    assert [one["workload"] for one in data["edges"][0]["workloads"]] == ["in/cart", "in/cart-v2"]


def test_a_rule_counts_from_one_and_has_its_place() -> None:
    data = access_data(ask(IN, WEB, *CART, GUARD, to="cart", source="web", method="GET", path="/items/1"))
    (rule,) = data["edges"][0]["deciding"]
    assert (rule["effect"], rule["rule"], rule["file"]) == ("allows", 1, "mesh.yaml")
    assert data["verdict"] == "allow"


def test_controls_in_names_do_not_reach_the_terminal() -> None:
    answer = ask(IN, WEB, *CART, GUARD.replace("paths: [/items/*]", 'paths: ["/\\e[2J*"]'), to="cart")
    assert "\x1b" not in text(answer)


def test_columns_fit_where_words_allow_it() -> None:
    rows = [("a", "one two three four five six", "x"), ("bb", "", "seven eight nine ten")]
    for width in (20, 52, 60):
        lines = [line for row in columns(("A", "B", "C"), rows, width) for line in row]
        assert max(map(cells, lines)) <= max(width, 50)
    assert len(lines) == 3
    assert list(columns(("A",), [("",)], 80)) == []
