from __future__ import annotations

import random

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from meshlint.documents import Span
from meshlint.engine.finding import Finding, Location
from meshlint.engine.grouping import grouped
from meshlint.engine.rule import Severity
from meshlint.resources.resource import ObjectId


def finding(number: int, namespace: str = "shop", rule: str = "R1", message: str = "") -> Finding:
    name = ObjectId("", "Service", namespace, f"cart-{number:03}")
    text = message or f'{name} sends {number} % to "v{number}", so it breaks'
    place = Location(f"{number % 7}.yaml", Span.at(number + 1, 1))
    return Finding(rule, "a-rule", Severity.WARNING, text, place, f"{number:032}:1", name, ("spec",))


def test_few_findings_are_told_singly() -> None:
    few = tuple(sorted((finding(n) for n in range(20)), key=lambda one: one.sort_key))
    assert grouped(few, 20) == few
    assert grouped([finding(n) for n in range(50)], 0) == grouped([finding(n) for n in range(50)], 99)


def test_a_flood_is_one_finding_that_knows_all_places() -> None:
    flood = [finding(n) for n in range(21)]
    (one,) = grouped(flood, 20)
    assert (
        one.message
        == 'Service shop/cart-000 sends 0 % to "v0", so it breaks; 20 more like this in namespace "shop"'
    )
    assert one.location == flood[0].location
    assert set(one.others) == {other.location for other in flood[1:]}
    assert list(one.others) == sorted(one.others)


def test_only_what_reads_alike_in_one_namespace_is_folded() -> None:
    flood = [finding(n) for n in range(3)]
    flood += [finding(n, namespace="billing") for n in range(3)]
    flood += [finding(n, rule="R2") for n in range(3)]
    flood += [finding(n, message="Service is something else") for n in range(3)]
    assert len(grouped(flood, 2)) == 4
    assert len({one.fingerprint for one in grouped(flood, 2)}) == 4


def test_a_group_is_as_severe_as_its_worst_member() -> None:
    flood = [finding(0), evolve(finding(1), severity=Severity.ERROR)]
    (one,) = grouped(flood, 1)
    assert one.severity is Severity.ERROR


def test_findings_without_an_object_are_folded_too() -> None:
    flood = [evolve(finding(n), object=None, message="The text is odd") for n in range(3)]
    (one,) = grouped(flood, 2)
    assert one.message == "The text is odd; 2 more like this"


@given(st.permutations(range(12)), st.integers(0, 15), st.randoms(use_true_random=False))
def test_order_and_place_do_not_matter(order: list[int], most: int, chance: random.Random) -> None:
    there = grouped([finding(n) for n in range(12)], most)
    moved = [
        evolve(finding(n), location=Location("x.yaml", Span.at(chance.randint(1, 99), 1))) for n in order
    ]
    back = grouped(moved, most)
    assert {(one.fingerprint, one.message) for one in there} == {
        (one.fingerprint, one.message) for one in back
    }
