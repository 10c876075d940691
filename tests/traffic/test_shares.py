"""Weights are shares of their sum."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.checks.route.common import weights
from meshlint.traffic import Traffic
from tests.traffic.worlds import mesh, messages, split, to, virtual_service, world


def _split_of(*written: int | None) -> str:
    entries = (to("reviews", f"v{number}", weight) for number, weight in enumerate(written, 1))
    return virtual_service("r", http=split(*entries))


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ((1, 3), (Fraction(1, 4), Fraction(3, 4))),
        ((550, 500), (Fraction(11, 21), Fraction(10, 21))),
        ((90, None), (1, 0)),
        ((0, 5), (0, 1)),
        ((7,), (1,)),
        ((0,), (1,)),
        ((None,), (1,)),
    ],
)
def test_a_part_is_the_weight_over_the_sum(
    written: tuple[int | None, ...], parts: tuple[Fraction, ...]
) -> None:
    (found,) = Traffic(mesh(_split_of(*written))).splits
    assert tuple(found.part(share) for share in found.shares) == parts


@given(st.lists(st.integers(0, 300) | st.none(), min_size=1, max_size=6))
def test_parts_sum_to_one_unless_all_weights_are_zero(written: list[int | None]) -> None:
    (found,) = Traffic(mesh(_split_of(*written))).splits
    total = sum(found.part(share) for share in found.shares)
    assert total == (0 if found.total == 0 and len(written) > 1 else 1)


@pytest.mark.parametrize(
    "written", [(80, 10), (90, 20), (50, 49), (60, 50), (50, 25), (45, 45), (100, 50), (95, 1), (70, 20, 0)]
)
def test_percentages_that_do_not_sum_to_100_are_told(written: tuple[int, ...]) -> None:
    assert len(messages(weights.not_percentages, world(_split_of(*written)))) == 1


@pytest.mark.parametrize(
    "written",
    [
        (90, 10),
        (1, 3),
        (9, 1),
        (1, 1),
        (999, 1),
        (900, 100),
        (33, 33, 33),
        (33, 33, 34),
        (34, 33, 34),
        (16, 16, 17, 17, 17, 17),
        (50, 50, 50),
        (100, 100),
        (100, 0),
        (2, 8),
        (80,),
        (80, None),
        (80, 0),
        (-10, 100),
        (0, 0),
        (200, 100),
    ],
)
def test_what_is_no_percentage_is_left_alone(written: tuple[int | None, ...]) -> None:
    assert messages(weights.not_percentages, world(_split_of(*written))) == []


def test_the_message_says_what_really_happens() -> None:
    assert messages(weights.not_percentages, world(_split_of(80, 10))) == [
        "VirtualService shop/r: weights sum to 90, so 'v1' gets 88.9 %, not 80 %"
    ]


def test_a_sibling_with_percentages_makes_small_weights_suspicious() -> None:
    whole = split(to("reviews", "v1", 75), to("reviews", "v2", 25))[1:-1]
    part = split(to("reviews", "v1", 20), to("reviews", "v2", 30))[1:-1]
    assert messages(weights.not_percentages, world(virtual_service("r", http=f"[{part}]"))) == []
    assert len(messages(weights.not_percentages, world(virtual_service("r", http=f"[{whole}, {part}]")))) == 1


def _http_route(*backends: str) -> str:
    refs = ", ".join(backends)
    return f"""
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: r, namespace: shop}}
spec: {{rules: [{{backendRefs: [{refs}]}}]}}
"""


@pytest.mark.parametrize(
    ("backends", "parts"),
    [
        (("{name: a}", "{name: b}"), (Fraction(1, 2), Fraction(1, 2))),
        (("{name: a, weight: 9}", "{name: b}"), (Fraction(9, 10), Fraction(1, 10))),
        (("{name: a, weight: 0}",), (0,)),
        (("{name: a, weight: 0}", "{name: b, weight: 0}"), (0, 0)),
    ],
)
def test_the_gateway_api_counts_an_absent_weight_as_one(
    backends: tuple[str, ...], parts: tuple[Fraction, ...]
) -> None:
    (found,) = Traffic(mesh(_http_route(*backends))).splits
    assert tuple(found.part(share) for share in found.shares) == parts


def test_gateway_api_weights_are_relative_unless_clearly_percentages() -> None:
    def told(*written: str) -> int:
        return len(messages(weights.not_percentages, world(_http_route(*written))))

    assert told("{name: a, weight: 80}", "{name: b, weight: 10}") == 1
    assert told("{name: a, weight: 80}", "{name: b}") == 0
    assert told("{name: a, weight: 100}", "{name: b, weight: 10}") == 0
    assert told("{name: a, weight: 50}", "{name: b, weight: 25}") == 0


@pytest.mark.parametrize("weight", ["'90'", "true", "[]", "{}", "1.5"])
def test_a_weight_of_the_wrong_type_is_left_to_the_schema(weight: str) -> None:
    text = virtual_service(
        "r", http=f"[{{route: [{{destination: {{host: a}}, weight: {weight}}}, {to('b')}]}}]"
    )
    found = world(text)
    assert Traffic(found.mesh).splits == ()
    for check in (weights.not_percentages, weights.all_zero, weights.missing, weights.negative):
        assert messages(check, found) == []


def test_one_cause_is_told_once() -> None:
    nothing, negative, partly = world(_split_of(None, 0)), world(_split_of(-1, 1)), world(_split_of(80, None))
    checks = (weights.not_percentages, weights.all_zero, weights.missing, weights.negative)
    assert [len(messages(check, nothing)) for check in checks] == [0, 1, 0, 0]
    assert [len(messages(check, negative)) for check in checks] == [0, 0, 0, 1]
    assert [len(messages(check, partly)) for check in checks] == [0, 0, 1, 0]
