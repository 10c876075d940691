"""Which objects does a change add, take away or write differently, wherever they stand?"""

from __future__ import annotations

from collections.abc import Iterable
from operator import is_

from meshlint.resources import Resource, ResourceSet
from meshlint.resources.resource import ObjectId
from meshlint.values import frozen

BESIDE_THE_TRAFFIC = frozenset(
    {
        ("autoscaling", "HorizontalPodAutoscaler"),
        ("keda.sh", "ScaledObject"),
        ("monitoring.coreos.com", "PodMonitor"),
        ("monitoring.coreos.com", "ServiceMonitor"),
        ("policy", "PodDisruptionBudget"),
        ("rbac.authorization.k8s.io", "ClusterRole"),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
        ("rbac.authorization.k8s.io", "Role"),
        ("rbac.authorization.k8s.io", "RoleBinding"),
        ("telemetry.istio.io", "Telemetry"),
    }
)
"""Kinds, as (group, kind), that decide neither who is let in nor where requests go."""


@frozen(eq=False, repr=False)
class Changed:
    """An object before and after a change; none where it is new, or gone."""

    id: ObjectId
    before: tuple[Resource, ...]
    after: tuple[Resource, ...]

    @property
    def is_moved(self) -> bool:
        """Whether it says what it said, in another file."""
        return _values(self.before) == _values(self.after)

    @property
    def versions(self) -> tuple[Resource, ...]:
        """The object as it was and as it is."""
        return (*self.before, *self.after)


def changed_objects(before: ResourceSet, after: ResourceSet) -> tuple[Changed, ...]:
    """The objects that are not the same on both sides, by their names; those that moved are among them."""
    old, new = _by_id(before.resources), _by_id(after.resources)
    found = (Changed(one, tuple(old.get(one, ())), tuple(new.get(one, ()))) for one in sorted({*old, *new}))
    return tuple(one for one in found if not _is_same(one))


def _by_id(resources: Iterable[Resource]) -> dict[ObjectId, list[Resource]]:
    found: dict[ObjectId, list[Resource]] = {}
    for resource in resources:
        found.setdefault(resource.id, []).append(resource)
    return found


def _is_same(one: Changed) -> bool:
    if len(one.before) == len(one.after) and all(map(is_, one.before, one.after)):
        return True
    files = [sorted(resource.field.file() for resource in side) for side in (one.before, one.after)]
    return one.is_moved and files[0] == files[1]


def _values(resources: Iterable[Resource]) -> list[tuple[str, str]]:
    return sorted((one.api_version, repr(_plain(one.field.value))) for one in resources)


def _plain(value: object) -> object:
    """A value whose mappings stand in one order, so that the order of keys is no difference."""
    if isinstance(value, dict):
        return sorted((str(key), _plain(held)) for key, held in value.items())
    return [_plain(one) for one in value] if isinstance(value, list) else value
