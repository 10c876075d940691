from __future__ import annotations

from fractions import Fraction

import pytest

from meshlint.resources.smi.traffic_split import traffic_split
from tests.resources.reading import made_of


@pytest.mark.parametrize(
    ("version", "weight", "read"),
    [
        ("v1alpha1", "500m", Fraction(1, 2)),
        ("v1alpha1", "9", Fraction(9)),
        ("v1alpha2", 90, Fraction(90)),
        ("v1alpha4", 0, Fraction(0)),
        ("v1alpha2", None, None),
    ],
)
def test_shares_in_the_way_of_the_version(version: str, weight: object, read: Fraction | None) -> None:
    spec = {"service": "web", "backends": [{"service": "web-v1", "weight": weight}]}
    split = traffic_split(made_of(f"split.smi-spec.io/{version}", "TrafficSplit", spec))
    assert split.service == "web"
    assert [(backend.service, backend.weight) for backend in split.backends] == [("web-v1", read)]
    assert split.matches == ()
