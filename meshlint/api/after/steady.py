"""Whether an edit leaves an object where it was: others find it by the same names, labels and accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from meshlint.resources import Resource

_POD: Final = frozenset({"template", "replicas", "strategy", "updateStrategy", "minReadySeconds"})
_FOUND_BY: Final = ("serviceAccountName", "serviceAccount", "hostNetwork")
_CONTAINERS: Final = ("containers", "initContainers")
SERVICE: Final = ("", "Service")
ROUTE: Final = ("networking.istio.io", "VirtualService")
STEADY: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    SERVICE: frozenset({"ports", "sessionAffinity", "sessionAffinityConfig"}),
    ("apps", "DaemonSet"): _POD,
    ("apps", "Deployment"): _POD,
    ("apps", "StatefulSet"): _POD,
}
"""The kinds of which an object may be steady, with the fields of its `spec` that may be other ones."""


def is_placed_alike(one: Resource, other: Resource) -> bool:
    """Whether two versions of an object are surely called alike."""
    return one.names_namespace and other.names_namespace and one.id == other.id


def is_steady(one: Resource, other: Resource) -> bool:
    """Whether two versions of an object differ in nothing but what they are made of themselves.

    That is the ports of a Service, and of a workload its pods but for their labels, annotations, accounts and
    the names of their containers.
    """
    return one.names_namespace and other.names_namespace and _found_by(one) == _found_by(other)


def _found_by(resource: Resource) -> tuple[object, ...]:
    spec = _mapping(resource.spec.value)
    own = STEADY[resource.group, resource.kind]
    rest = {key: value for key, value in spec.items() if key not in own}
    template = _mapping(spec.get("template"))
    return resource.id, resource.version, resource.metadata.value, rest, _pod(template)


def _pod(template: Mapping[str, Any]) -> tuple[object, ...]:
    spec = _mapping(template.get("spec"))
    names = [[_mapping(one).get("name") for one in _list(spec.get(key))] for key in _CONTAINERS]
    return template.get("metadata"), names, [spec.get(key) for key in _FOUND_BY]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
