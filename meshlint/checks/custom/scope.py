"""Which objects a user's rule is about, and how it speaks of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.documents import Field
from meshlint.resources import Resource
from meshlint.resources.kubernetes.workload import TEMPLATES, is_workload

Parameters = Mapping[str, Any]
WORKLOAD = "workload"
"""Stands among `kinds` for every kind that makes pods."""


def in_scope(world: World, parameters: Parameters) -> Iterator[Resource]:
    """The objects that the parameters every check has describe, in the order of the set."""
    for resource in world.resources.resources:
        if _is_in_scope(resource, parameters):
            yield resource


def is_of_kind(resource: Resource, word: str) -> bool:
    """Whether an object is of the kind that `word` names: `Kind`, `group/Kind`, `workload` or a pattern."""
    if word == WORKLOAD:
        return is_workload(resource)
    group, slash, kind = word.rpartition("/")
    return fnmatchcase(resource.kind, kind) and (not slash or fnmatchcase(resource.group, group))


def fits(value: str, patterns: Sequence[str]) -> bool:
    """Whether a name fits one of the patterns, in which `*` and `?` stand for anything."""
    return any(fnmatchcase(value, pattern) for pattern in patterns)


def pod_template(resource: Resource) -> Field | None:
    """The pod template of a workload, the Pod itself included; None for other objects."""
    path = TEMPLATES.get((resource.group, resource.kind))
    return None if path is None else resource.at(*path)


def labels_of(resource: Resource) -> Mapping[str, str]:
    """The labels of an object, and of the pods that it makes."""
    template = pod_template(resource)
    pods = {} if template is None else (template / "metadata").mapping("labels")
    return {**resource.labels, **pods}


def hit(
    resource: Resource,
    parameters: Parameters,
    at: Field,
    message: str,
    *,
    on_key: bool = False,
    about: str = "",
) -> Hit:
    """What the rule says of `at`: `message`, or in its place the words that the rule file gives.

    In these stand `{object}`, `{kind}`, `{namespace}`, `{name}`, `{field}` and `{value}` for what is meant.
    """
    words = str(parameters.get("message") or message)
    value = "" if isinstance(at.value, dict | list) or at.value is None else str(at.value)
    named = {
        "object": str(resource),
        "kind": resource.kind,
        "namespace": resource.namespace,
        "name": resource.name,
        "field": at.name,
        "value": value,
    }
    if words is not message:
        for word, said in named.items():
            words = words.replace(f"{{{word}}}", said)
    return Hit(at, words, resource, on_key=on_key, about=about)


def _is_in_scope(resource: Resource, parameters: Parameters) -> bool:
    return (
        any(is_of_kind(resource, word) for word in parameters["kinds"])
        and fits(resource.namespace, parameters["namespaces"])
        and not fits(resource.namespace, parameters["except_namespaces"])
        and fits(resource.name, parameters["names"])
        and all(_is_labelled(resource, word) for word in parameters["labels"])
    )


def _is_labelled(resource: Resource, word: str) -> bool:
    """Whether an object has the label that `word` asks for, as `key` or `key=value`."""
    key, equals, value = word.partition("=")
    labels = labels_of(resource)
    return key in labels and (not equals or fnmatchcase(labels[key], value))
