"""Listeners of one Gateway that cannot stand beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from meshlint.resources.gateway_api.gateway import Gateway
from meshlint.resources.gateway_api.listener import Listener, ListenerSet
from meshlint.traffic.status.listeners import Owner, port_of
from meshlint.values import frozen

PROTOCOL_CONFLICT = "ProtocolConflict"
HOSTNAME_CONFLICT = "HostnameConflict"
_BYTES = frozenset({"TCP", "UDP"})
_NAMED = frozenset({"HTTP", "HTTPS", "TLS"})


@frozen(eq=False, repr=False)
class Conflict:
    """A listener gives way to an earlier one; it is not `certain` which that is without their ages."""

    reason: str
    other_owner: Owner
    other: Listener
    certain: bool


Conflicts = Mapping[int, Conflict]
"""Conflicts by the identity of the listener that gives way."""


def conflicts(gateway: Gateway, sets: Sequence[ListenerSet]) -> Conflicts:
    """Which listeners of a Gateway and its ListenerSets give way: each to the first that was taken.

    The Gateway's own come first, then those of the oldest set; of sets of one age by their names (Gateway
    API: ListenerSet precedence; Istio: listener conflicts). A listener that gives way frees its place.
    """
    taken: list[tuple[Owner, Listener]] = []
    found: dict[int, Conflict] = {}
    for owner, listener in _in_order(gateway, sets):
        beside = (one for one in taken if not _is_version(owner, one[0]))
        rival = next((one for one in beside if _clash(listener, one[1])), None)
        if rival is None:
            taken.append((owner, listener))
            continue
        found[id(listener)] = Conflict(_reason(listener, rival[1]), *rival, _is_later(owner, rival[0]))
    return found


def age(owner: Owner) -> str | None:
    """When an object was made, as far as the files show it."""
    return owner.resource.at("metadata").text("creationTimestamp")


def _in_order(gateway: Gateway, sets: Sequence[ListenerSet]) -> Iterator[tuple[Owner, Listener]]:
    for listener in gateway.listeners:
        yield gateway, listener
    for one in sorted(sets, key=lambda one: (age(one) or "", one.namespace, one.name)):
        for listener in one.listeners:
            yield one, listener


def _is_version(owner: Owner, other: Owner) -> bool:
    """Whether two owners are one object, written twice."""
    return owner is not other and owner.resource.id == other.resource.id


def _is_later(owner: Owner, rival: Owner) -> bool:
    """Whether the order of two owners is certain."""
    if owner is rival or isinstance(rival, Gateway):
        return True
    return age(owner) is not None and age(rival) is not None


def _clash(one: Listener, other: Listener) -> bool:
    """Whether two listeners cannot be told apart (Istio: listenersDistinct)."""
    if port_of(one) != port_of(other):
        return False
    protocols = {str(one.protocol), str(other.protocol)}
    if protocols <= _NAMED:
        return (one.hostname or "*") == (other.hostname or "*")
    if protocols <= _BYTES | _NAMED:
        return True
    return len(protocols) == 1


def _reason(one: Listener, other: Listener) -> str:
    both_bytes = {str(one.protocol), str(other.protocol)} <= _BYTES
    return PROTOCOL_CONFLICT if both_bytes or one.protocol != other.protocol else HOSTNAME_CONFLICT
