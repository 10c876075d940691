"""The conditions that are surely not as one wants them, each with the object that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from meshlint.documents import Field
from meshlint.resources.resource import Resource
from meshlint.traffic.status.conditions import NEGATIVE, Condition, Truth
from meshlint.traffic.status.conflicts import HOSTNAME_CONFLICT, PROTOCOL_CONFLICT
from meshlint.traffic.status.policies import CONFLICTED
from meshlint.values import frozen

_CONFLICTS = frozenset({PROTOCOL_CONFLICT, HOSTNAME_CONFLICT, CONFLICTED})

if TYPE_CHECKING:
    from meshlint.traffic.status.gateways import GatewayStatus, ListenerSetStatus
    from meshlint.traffic.status.statuses import ParentStatus, Statuses


@frozen(eq=False, repr=False)
class Failure:
    """A condition that is not met, and the place in `owner` that decides it; `parent` of a route's."""

    owner: Resource
    condition: Condition
    field: Field
    parent: ParentStatus | None = None


def failures(statuses: Statuses) -> Iterator[Failure]:
    """Every failure in the order of the objects; what several conditions say of one place is told of each."""
    for gateway in statuses.gateways:
        yield from _of_owner(gateway.gateway.resource, gateway)
        for one in gateway.sets:
            yield from _of_owner(one.listener_set.resource, one)
    for status in statuses.parents:
        yield from _of(status.route.resource, status.conditions, status)
    for policy in statuses.policies:
        for ancestor in policy.ancestors:
            yield from _of(policy.policy, ancestor.conditions)


def _of_owner(owner: Resource, status: GatewayStatus | ListenerSetStatus) -> Iterator[Failure]:
    yield from _of(owner, status.conditions)
    for listener in status.listeners:
        yield from _of(owner, listener.conditions)


def _of(
    owner: Resource, conditions: Iterable[Condition], parent: ParentStatus | None = None
) -> Iterator[Failure]:
    for one in conditions:
        bad = Truth.TRUE if one.type in NEGATIVE else Truth.FALSE
        # Of two in conflict one gives way for certain, if not which.
        open_conflict = one.truth is Truth.UNKNOWN and one.reason in _CONFLICTS
        if (one.truth is bad or open_conflict) and one.field is not None:
            yield Failure(owner, one, one.field, parent)
