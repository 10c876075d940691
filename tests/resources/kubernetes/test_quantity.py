from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.resources.kubernetes.quantity import quantity


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("100m", Fraction(1, 10)),
        ("1.5", Fraction(3, 2)),
        (".5", Fraction(1, 2)),
        ("5.", Fraction(5)),
        ("64Mi", Fraction(64 * 2**20)),
        ("1k", Fraction(1000)),
        ("2E", Fraction(2 * 10**18)),
        ("2e3", Fraction(2000)),
        ("2E-3", Fraction(2, 1000)),
        ("7n", Fraction(7, 10**9)),
        ("-1Gi", Fraction(-(2**30))),
        (3, Fraction(3)),
        (0.25, Fraction(1, 4)),
        (1e21, Fraction(10**21)),
    ],
)
def test_an_amount_is_read_exactly(written: object, amount: Fraction) -> None:
    assert quantity(written) == amount


@pytest.mark.parametrize(
    "written",
    [
        "",
        "m",
        "1 Gi",
        "1K",
        "1mi",
        "1e",
        "1e99999",
        "١",
        "1" * 65,
        ".",
        True,
        None,
        [],
        float("nan"),
        float("inf"),
    ],
)
def test_what_is_no_amount_reads_as_none(written: object) -> None:
    assert quantity(written) is None


@given(st.one_of(st.text(max_size=80), st.floats(), st.integers(), st.none(), st.lists(st.integers())))
def test_reading_never_fails(written: object) -> None:
    assert isinstance(quantity(written), Fraction | None)
