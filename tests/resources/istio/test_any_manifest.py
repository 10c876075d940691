from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import meshlint.resources.istio
from meshlint.documents import Field, read
from meshlint.resources import Resource, collect
from meshlint.resources.istio.mesh_config import mesh_config, mesh_config_in
from tests.resources.istio.every import KINDS, builder, places
from tests.resources.reading import made_of
from tests.shared import SHARED, needs_shared

SOURCES = Path(meshlint.resources.istio.__file__).parent.glob("*.py")
WORDS = sorted({word for path in SOURCES for word in re.findall(r'"([a-zA-Z]\w+)"', path.read_text())})
TEXTS = st.sampled_from([*WORDS, "", "80", "5s", "*"]) | st.text(st.characters(codec="ascii"), max_size=3)
SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | TEXTS
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS) | TEXTS, inner, max_size=6)
    ),
    max_leaves=30,
)


ODD = [None, True, 0, -1, 2**80, 0.5, float("inf"), "", "a", "5s", "80"]
DEEPEST = 7


class Obliging(dict[str, Any]):
    """A mapping with every key that is asked for, so that a view reads all that it can."""

    def __init__(self, make: Callable[[], Any]) -> None:
        super().__init__()
        self.make = make

    def get(self, key: str, _default: Any = None) -> Any:
        if key not in self:
            self[key] = self.make()
        return self[key]


def obliging(random: Random, depth: int = 0) -> Any:
    def inner() -> Any:
        return obliging(random, depth + 1)

    shape = random.choice(["odd", "list", "mapping", "mapping"]) if depth else "mapping"
    if depth > DEEPEST or shape == "odd":
        return random.choice(ODD)
    if shape == "list":
        return [inner() for _ in range(random.randrange(4))]
    mapping = Obliging(inner)
    mapping.update({name: inner() for name in random.sample(["8080", "a", "b"], random.randrange(3))})
    return mapping


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=50)
@given(seed=st.integers(0, 2**32))
def test_whatever_a_view_asks_for_may_be_anything(kind: str, seed: int) -> None:
    (document,) = read("test.yaml", b"{}").documents
    resource = Resource(Field(document, (), obliging(Random(seed))), "networking.istio.io", "v1", kind)
    view = builder(kind)(resource)
    assert view.resource is resource
    assert all(place.document is document for place in places(view))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30)
@given(spec=ANYTHING)
def test_no_spec_makes_a_view_fail(kind: str, spec: Any) -> None:
    resource = made_of("networking.istio.io/v1", kind, spec)
    for place in places(builder(kind)(resource)):
        assert place.span().line == 1


@given(spec=ANYTHING)
def test_no_mesh_settings_fail(spec: Any) -> None:
    assert all(place.document for place in places(mesh_config(made_of("a/v1", "Any", spec).spec)))
    assert mesh_config_in(made_of("a/v1", "Any", spec)) is None


@given(mesh=st.text(max_size=30) | TEXTS)
def test_no_text_in_a_config_map_fails(mesh: str) -> None:
    resource = made_of("v1", "ConfigMap", None, data={"mesh": mesh}, metadata={"name": "istio"})
    found = mesh_config_in(resource)
    assert found is None or found.root_namespace


@pytest.mark.parametrize("kind", KINDS)
def test_an_object_without_spec_has_a_view(kind: str) -> None:
    resource = made_of("networking.istio.io/v1", kind, None)
    assert builder(kind)(resource).resource is resource


@needs_shared
def test_every_object_of_the_corpus_has_a_view_inside_of_itself() -> None:
    seen = set()
    texts = (path.read_bytes() for path in sorted((SHARED / "corpus").rglob("*.y*ml")))
    for text in (text for text in texts if b"istio.io" in text):
        for resource in collect(read("corpus.yaml", text).documents).resources:
            if not resource.group.endswith("istio.io") or resource.kind not in KINDS:
                continue
            seen.add(resource.kind)
            for place in places(builder(resource.kind)(resource)):
                assert place.path[: len(resource.field.path)] == resource.field.path
    assert {"VirtualService", "DestinationRule", "Gateway", "AuthorizationPolicy"} <= seen
