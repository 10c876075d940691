"""Slips of the pen are told from names of a family."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.mesh.names.slips import other_form_of, slip_of


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("chekout", "checkout"),
        ("crat", "cart"),
        ("shop-fronted", "shop-frontend"),
        ("productpagee", "productpage"),
    ],
)
def test_a_slip_is_found(name: str, meant: str) -> None:
    assert slip_of(name, ["other", meant, "payments"]) == meant


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("team-b", "team-a"),
        ("shop-api", "shop-web"),
        ("reviews-v2", "reviews-v1"),
        ("ingressgateway", "egressgateway"),
        ("istio-ingressgateway", "istio-egressgateway"),
        ("dev", "dew"),
        ("cart-api", "cart"),
        ("checkout", "checkout"),
    ],
)
def test_a_name_of_its_own_is_none(name: str, known: str) -> None:
    assert slip_of(name, [known]) is None


@given(st.text("abcdefgh-", max_size=12), st.lists(st.text("abcdefgh-", max_size=12), max_size=4))
def test_a_slip_is_one_of_the_known_names_and_never_the_name(name: str, known: list[str]) -> None:
    found = slip_of(name, known)
    assert found is None or (found in known and found != name)
    assert slip_of(name, reversed(known)) == found


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("api-service", ["api", "web"], "api"),
        ("api", ["api-sa", "web"], "api-sa"),
        ("api-service-account", ["api-svc"], "api-svc"),
        ("api-service", ["api", "api-sa"], None),
        ("api-worker", ["api"], None),
        ("service", ["account"], None),
        ("api", ["api"], None),
    ],
)
def test_a_word_for_the_kind_makes_another_form_of_a_name(
    name: str, known: list[str], meant: str | None
) -> None:
    assert other_form_of(name, known) == meant
