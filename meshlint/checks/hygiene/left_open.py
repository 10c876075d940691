"""Values that a person was to fill in and did not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.documents import Field
from meshlint.documents.placeholders import left_for_a_person
from meshlint.resources import Resource

_GROUPS: Final = ("istio.io", "linkerd.io", "gateway.networking.k8s.io")
_MANY: Final = frozenset(
    {"addresses", "cidrs", "exportTo", "gateways", "hostnames", "hosts", "identities", "ipBlocks"}
    | {"namespaces", "notNamespaces", "notPrincipals", "principals", "remoteIpBlocks", "requestPrincipals"}
    | {"serviceAccounts", "sniHosts", "subjectAltNames"}
)
_ONE: Final = frozenset(
    {"address", "cidr", "credentialName", "host", "hostname", "name", "namespace", "sni", "subset"}
)
_KEYS: Final = _MANY | _ONE
_TOKENS: Final = "jwtRules"


def left_for_person(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A name, host or address in angle brackets, which is applied as it stands.

    Where the cluster refuses it, that is told instead.
    """
    for resource in world.mesh.picked(world.resources.resources, _may_be_left):
        refused = world.admission.of(resource).refused_at
        left = ((field, word) for field, word in _left(resource) if field.path not in refused)
        yield from (_hit(resource, field, word) for field, word in left)


def _may_be_left(resource: Resource) -> bool:
    may_say = resource.group.endswith(_GROUPS) and resource.document.may_say("<", "‹")
    return may_say and _may_hold(resource.field.value)


def _may_hold(value: Any) -> bool:
    """Whether an angle bracket stands anywhere in a value: all objects are asked, and hardly any has one."""
    left = [value]
    for inner in left:
        if isinstance(inner, str):
            if "<" in inner or "‹" in inner:
                return True
        elif isinstance(inner, dict):
            left.extend(inner.values())
        elif isinstance(inner, list):
            left.extend(inner)
    return False


def _hit(resource: Resource, field: Field, word: str) -> Hit:
    return Hit(
        field,
        f"{resource} holds '{word}', which nobody filled in, so the cluster takes it as it stands",
        resource=resource,
        hint="Fill in the real value.",
    )


def _left(resource: Resource) -> Iterator[tuple[Field, str]]:
    parts = [resource.field / "metadata" / "name", resource.field / "metadata" / "namespace"]
    for field in (*parts, *_named(resource.spec)):
        word = left_for_a_person(field.value) if isinstance(field.value, str) else None
        if word is not None:
            yield field, word


def _named(field: Field) -> Iterator[Field]:
    """The texts below `field` that name something."""
    for inner in field.fields():
        if inner.name in _KEYS and isinstance(inner.value, str):
            yield inner
        elif inner.name in _KEYS and isinstance(inner.value, list):
            yield from inner.items()
        if inner.name != _TOKENS:
            yield from _named(inner)
    for item in field.items():
        yield from _named(item)
