"""Webhooks have an answer to any value anywhere: what it ought to be is for the schema to say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from meshlint.admission.istio import istio_remarks
from meshlint.admission.linkerd import linkerd_remarks
from meshlint.documents import Document, Path, read
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.rule_file import load_rule_file
from meshlint.resources import Resource
from meshlint.resources.resource import resource_of

ODD: tuple[Any, ...] = (80.5, -1, True, "x", "", [], [1.5], [None], [[]], [{}], {}, {"x": 1.5})
JUDGED = ("istio.io", "linkerd.io", "gateway.networking.k8s.io")
FAMILIES = sorted({rule.family for rule in load_catalogue().rules})
Place = tuple[Any, Any]
"""A collection, and the key or number of a value in it."""


def objects(family: str) -> Iterator[Document]:
    """The objects in the examples of a family of rules that a webhook looks at."""
    for rule in load_catalogue().rules:
        for example in load_rule_file(rule).examples if rule.family == family else ():
            for name, text in example.files.items():
                for document in read(name, text.encode()).documents:
                    value = document.value
                    if isinstance(value, dict) and any(one in str(value.get("apiVersion")) for one in JUDGED):
                        yield document


def places(value: Any, path: Path = ()) -> Iterator[tuple[Path, Place]]:
    """Every place in a value, and its path, in which all numbers are alike."""
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for step, inner in [*entries]:
        here = (*path, step if isinstance(step, str) else 0)
        yield here, (value, step)
        yield from places(inner, here)


def judged(resource: Resource) -> None:
    for remarks in (istio_remarks, linkerd_remarks):
        assert all(remark.message for remark in remarks(resource))


@pytest.mark.parametrize("family", FAMILIES)
def test_webhooks_take_any_value(family: str) -> None:
    seen = set[object]()
    for document in objects(family):
        resource = resource_of(document, (), document.value)
        for path, (holder, step) in places(document.value) if resource is not None else ():
            key = document.value["apiVersion"], document.value["kind"], path, frozenset(map(str, holder))
            if path[0] not in ("apiVersion", "kind") and key not in seen and resource is not None:
                seen.add(key)
                meant = holder[step]
                for odd in ODD:
                    holder[step] = odd
                    judged(resource)
                holder[step] = meant
