"""Verdicts on objects that stay are kept where others change, unless they rest on these."""

from __future__ import annotations

import pytest

from meshlint.admission.admission import Admission
from meshlint.documents import read
from meshlint.resources import Resource, collect

ROUTE = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: a, namespace: b}
spec:
  parentRefs: [{name: edge}]
  rules: [{matches: [{headers: [{type: RegularExpression, name: a, value: '('}]}]}]
"""
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n"
SERVER = "apiVersion: policy.linkerd.io/v1beta3\nkind: Server\nmetadata: {name: a, namespace: b}\nspec: {}\n"
DEFINITION = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: foos.example.com}
spec: {group: example.com, names: {kind: Foo, plural: foos}, scope: Namespaced, versions: []}
"""


def beside(other: str) -> tuple[Admission, Admission, Resource]:
    """A route alone, the same route beside another object, and the route."""
    documents = read("a.yaml", ROUTE.encode()).documents
    first = Admission(collect(documents, "default", ()))
    more = [*documents, *read("b.yaml", other.encode()).documents]
    again = collect(more, "default", (), first.written.resources)
    (route,) = first.written.resources
    return first, Admission(again, before=first.remembered), route


@pytest.mark.parametrize(("other", "kept"), [(CONFIG, True), (SERVER, False), (DEFINITION, False)])
def test_a_verdict_is_kept_where_the_same_judges_look_at_it(other: str, kept: bool) -> None:
    first, second, route = beside(other)
    assert (second.of(route) is first.of(route)) is kept


def test_linkerd_looks_at_routes_once_it_is_there() -> None:
    first, second, route = beside(SERVER)
    assert first.of(route).is_taken
    assert not second.of(route).is_taken
