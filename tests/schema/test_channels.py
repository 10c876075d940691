"""Definitions that are not believed: the standard channel, and the older Gateway API that Linkerd brings."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from meshlint.resources.schema.store.channels import experimental_fields
from meshlint.resources.schema.validate import validate
from tests.schema.corpus import examples
from tests.schema.test_mutations import seeds
from tests.schema.upstream import Definition, accepts, believed, definitions
from tests.shared import needs_shared

pytestmark = needs_shared

MEANT = {
    "gateway-static-addresses": "the experimental channel takes an address without a value",
    "mixed-parent-ref-validity": "parentRefs that differ in the experimental port alone are distinct",
    "multi-service": "parentRefs that differ in the experimental port alone are distinct",
}
"""Objects, by name, of which the standard channel says something else, and why ours is right."""


def objects(definition: Definition, most: int) -> list[dict[str, Any]]:
    """Objects of the kind at the definition's version, chosen by seed."""
    found = list(_objects(definition))
    return random.Random(str(definition)).sample(found, min(most, len(found)))


def _objects(definition: Definition) -> Iterator[dict[str, Any]]:
    for value in (*seeds(), *(one.value for one in examples())):
        group = str(value["apiVersion"]).rpartition("/")[0]
        if (group, value["kind"]) == (definition.group, definition.kind):
            yield {**value, "apiVersion": f"{definition.group}/{definition.version}"}


@pytest.mark.parametrize("most", [8, pytest.param(400, marks=pytest.mark.slow)])
def test_standard_channel_differs_in_experimental_fields_alone(most: int) -> None:
    judged, differing = 0, set()
    for definition in definitions():
        if definition.owner != "gateway-api/standard":
            continue
        key = (definition.group, definition.version, definition.kind)
        for value in objects(definition, most):
            judged += 1
            ours = not validate(*key, value) and not experimental_fields(*key, value)
            if ours != accepts(definition, value):
                differing.add(value["metadata"]["name"])
    assert judged > 60
    assert differing <= set(MEANT)


@pytest.mark.parametrize("most", [8, pytest.param(400, marks=pytest.mark.slow)])
def test_what_the_gateway_api_of_linkerd_accepts_is_accepted(most: int) -> None:
    """Linkerd brings release 1.1; the newest one is believed, and it takes all that the older one took."""
    judged = 0
    for definition in definitions():
        key = (definition.group, definition.version, definition.kind)
        if definition.owner != "linkerd" or believed()[key] is definition:
            continue
        for value in objects(definition, most):
            judged += 1
            if accepts(definition, value) and value["metadata"]["name"] not in MEANT:
                assert validate(*key, value) == []
    assert judged > 30


def test_experimental_field_is_named() -> None:
    route = {"spec": {"rules": [{"retry": {"attempts": 3}}]}}
    place = ("spec", "rules", 0, "retry")
    assert experimental_fields("gateway.networking.k8s.io", "v1", "HTTPRoute", route) == [place]
    assert experimental_fields("gateway.networking.k8s.io", "v1", "HTTPRoute", {"spec": None}) == []
    assert experimental_fields("example.com", "v1", "Thing", route) == []
