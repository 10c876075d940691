"""What controllers write into the status of Gateways and ListenerSets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from meshlint.mesh import Mesh
from meshlint.resources.gateway_api.gateway import Gateway
from meshlint.resources.gateway_api.listener import Listener, ListenerSet
from meshlint.resources.gateway_api.reference import Target, reference
from meshlint.traffic.status import addresses
from meshlint.traffic.status.conditions import (
    ACCEPTED,
    CONFLICTED,
    PROGRAMMED,
    RESOLVED,
    Condition,
    Objection,
    Truth,
    first,
    judged,
    met,
)
from meshlint.traffic.status.conflicts import Conflict, Conflicts, conflicts
from meshlint.traffic.status.controllers import REMOTE, is_istio, takes_listener_sets
from meshlint.traffic.status.listeners import (
    Judge,
    ListenerStatus,
    Owner,
    insecure_mode,
    judge_listener,
    port_of,
    supported_kinds,
)
from meshlint.traffic.status.namespaces import lets_in
from meshlint.values import evolve, frozen

LISTENERS_NOT_VALID = "ListenersNotValid"
INVALID_PARAMETERS = "InvalidParameters"
INVALID_CLIENT_CERTIFICATE = "InvalidClientCertificateRef"
NOT_ALLOWED = "NotAllowed"
_INSECURE = "InsecureFrontendValidationMode"


@frozen(eq=False, repr=False)
class GatewayStatus:
    """What the controller of a Gateway says of it; `controller` is None where no file tells who that is."""

    gateway: Gateway
    controller: str | None
    conditions: tuple[Condition, ...]
    listeners: tuple[ListenerStatus, ...]
    sets: tuple[ListenerSetStatus, ...]

    @property
    def takers(self) -> tuple[ListenerStatus, ...]:
        """The listeners of its own that routes may name."""
        return tuple(one for one in self.listeners if one.takes_routes)


@frozen(eq=False, repr=False)
class ListenerSetStatus:
    """What the controller of a Gateway says of a ListenerSet for it."""

    listener_set: ListenerSet
    gateway: Gateway
    controller: str | None
    conditions: tuple[Condition, ...]
    listeners: tuple[ListenerStatus, ...]

    @property
    def takers(self) -> tuple[ListenerStatus, ...]:
        """The listeners that routes may name: those that are programmed."""
        return tuple(one for one in self.listeners if one.takes_routes and one.is_valid is not False)


@frozen(eq=False, repr=False)
class Surroundings:
    """A Gateway with all that its controller looks at together."""

    mesh: Mesh
    judge: Judge
    gateway: Gateway
    sets: tuple[tuple[ListenerSet, bool | None], ...]
    """The ListenerSets that name it, with whether it takes them."""
    conflicts: Conflicts


def surroundings(mesh: Mesh, judge: Judge, gateway: Gateway, sets: Sequence[ListenerSet]) -> Surroundings:
    """A Gateway and the ListenerSets that name it."""
    scope, selector = gateway.listener_sets_from, gateway.listener_set_selector
    allowed = takes_listener_sets(judge.controller)
    taken = tuple(
        (one, allowed and lets_in(mesh, str(scope), selector, gateway.namespace, one.namespace))
        for one in sets
    )
    rivals = conflicts(gateway, [one for one, lets in taken if lets is not False]) if allowed else {}
    return Surroundings(mesh, judge, gateway, taken, rivals)


def gateway_status(around: Surroundings) -> GatewayStatus:
    """What a controller says of a Gateway and of the ListenerSets that name it."""
    gateway, judge = around.gateway, around.judge
    if judge.controller == REMOTE:
        return GatewayStatus(gateway, REMOTE, (met(ACCEPTED), met(PROGRAMMED)), (), ())
    addressed = addresses.address_objection(gateway, judge.controller)
    hopeless = (
        addressed is not None
        and addressed.certain
        and not addresses.hosts(gateway, around.mesh.settings.cluster_domain)
    )
    own = () if hopeless else _listeners(around, gateway, gateway.listeners)
    sets = tuple(_set_status(around, one, lets, addressed, hopeless) for one, lets in around.sets)
    accepted = first(one for one in (addressed, _parameters(around)) if one is not None)
    conditions = [
        judged(ACCEPTED, accepted)
        if accepted is not None and accepted.certain
        else _by_listeners(own, accepted),
        judged(PROGRAMMED, _programming(around, (*own, *(one for each in sets for one in each.takers)))),
        judged(RESOLVED, _client_certificate(around)),
    ]
    insecure = insecure_mode(gateway)
    if insecure is not None:
        conditions.append(Condition(_INSECURE, Truth.TRUE, "ConfigurationChanged", "", insecure))
    return GatewayStatus(gateway, judge.controller, tuple(conditions), own, sets)


def _listeners(around: Surroundings, owner: Owner, written: Sequence[Listener]) -> tuple[ListenerStatus, ...]:
    found = []
    for listener in written:
        plain = judge_listener(around.judge, owner, around.gateway, listener)
        conflict = around.conflicts.get(id(listener))
        found.append(plain if conflict is None else _conflicted(around.judge, plain, conflict))
    return tuple(found)


def _conflicted(judge: Judge, plain: ListenerStatus, conflict: Conflict) -> ListenerStatus:
    """A listener that gives way: nothing else is told of it, but for its kinds of routes."""
    rival = f"listener {str(conflict.other.name)!r} of {conflict.other_owner}"
    words = f"it gives way to {rival}" if conflict.certain else f"it or {rival} gives way"
    objection = Objection(conflict.reason, words, plain.listener.field / "name", conflict.certain)
    truth = Truth.TRUE if conflict.certain else Truth.UNKNOWN
    conditions = [
        judged(ACCEPTED, objection),
        Condition(CONFLICTED, truth, conflict.reason, words, objection.field),
        judged(PROGRAMMED, objection),
    ]
    conditions.extend(
        one for one in plain.conditions if one.type == RESOLVED and one.reason == "InvalidRouteKinds"
    )
    kinds = supported_kinds(plain.listener, judge.controller)
    valid = False if conflict.certain else None
    served = plain.is_served and not conflict.certain
    return evolve(
        plain,
        kinds=kinds,
        conditions=tuple(conditions),
        is_valid=valid,
        is_served=served,
        takes_routes=served and plain.takes_routes,
    )


def _by_listeners(own: Sequence[ListenerStatus], doubt: Objection | None) -> Condition:
    """A Gateway is taken while one of its listeners is valid (Gateway API: ListenersNotValid)."""
    valid = [one.is_valid for one in own]
    if not own or all(valid):
        return judged(ACCEPTED, doubt)
    field = next(one.listener.field for one in own if not one.is_valid)
    words = "none of its listeners is valid" if True not in valid else "one of its listeners is not valid"
    if True in valid:
        return met(ACCEPTED, LISTENERS_NOT_VALID if False in valid else ACCEPTED, words)
    return judged(ACCEPTED, Objection(LISTENERS_NOT_VALID, words, field, None not in valid))


def _parameters(around: Surroundings) -> Objection | None:
    """What is wrong with the parameters of a Gateway: Istio reads them from a ConfigMap beside it."""
    field = around.gateway.resource.spec / "infrastructure" / "parametersRef"
    if not field:
        return None
    found = reference(field, Target("", "ConfigMap", around.gateway.namespace))
    if not is_istio(around.judge.controller):
        return Objection(INVALID_PARAMETERS, f"{found.kind} {str(found.name)!r} must exist", field, False)
    if not found.is_a("", "ConfigMap"):
        return Objection(INVALID_PARAMETERS, f"Istio reads no parameters from kind {found.kind}", field)
    maps = around.mesh.resources.of("", "ConfigMap")
    if any((one.namespace, one.name) == (found.namespace, found.name) for one in maps):
        return None
    beside = around.mesh.namespaces.shows(around.gateway.namespace, (("", "ConfigMap"),), field)
    certain = around.mesh.settings.complete or beside
    return Objection(
        INVALID_PARAMETERS, f"ConfigMap {found.namespace}/{found.name} must exist", field, certain
    )


def _client_certificate(around: Surroundings) -> Objection | None:
    """What is wrong with the certificate that a Gateway shows to its backends.

    Istio looks for it first and for leave to use it then, the other way round than for its listeners.
    """
    field = around.gateway.resource.spec / "tls" / "backend" / "clientCertificateRef"
    if not field:
        return None
    found = reference(field, Target("", "Secret", around.gateway.namespace))
    broken = around.judge.certificates.pair_problem(found, INVALID_CLIENT_CERTIFICATE)
    denied = around.judge.permissions.objection(around.gateway.resource, found, "the certificate")
    objections = [one for one in (broken, denied) if one is not None]
    return next((one for one in objections if one.certain), objections[0] if objections else None)


def _programming(around: Surroundings, served: Sequence[ListenerStatus]) -> Objection | None:
    if not is_istio(around.judge.controller):
        words = "its controller must be there"
        return Objection("Pending", words, around.gateway.resource.spec / "gatewayClassName", False)
    numbers = (port_of(one.listener) for one in served if one.is_served)
    return addresses.programming_objection(
        around.mesh, around.gateway, (port for port in numbers if port is not None)
    )


def _set_status(
    around: Surroundings,
    written: ListenerSet,
    lets_in: bool | None,
    addressed: Objection | None,
    hopeless: bool,
) -> ListenerSetStatus:
    controller = around.judge.controller
    if lets_in is False:
        return ListenerSetStatus(written, around.gateway, controller, _refused(around, written), ())
    listeners = () if hopeless else _listeners(around, written, written.listeners)
    doubt = None if lets_in else _refusal(around, written, certain=False)
    invalid = None if hopeless else _none_valid(listeners)
    programmed = _programming(around, listeners)
    conditions = (
        judged(ACCEPTED, addressed or invalid or doubt),
        judged(
            PROGRAMMED, invalid if invalid is not None and invalid.certain else programmed or invalid or doubt
        ),
    )
    return ListenerSetStatus(written, around.gateway, controller, conditions, listeners)


def _none_valid(listeners: Sequence[ListenerStatus]) -> Objection | None:
    valid = [one.is_valid for one in listeners]
    if True in valid or not listeners:
        return None
    field = listeners[0].listener.field
    return Objection(LISTENERS_NOT_VALID, "none of its listeners is valid", field, None not in valid)


def _refusal(around: Surroundings, written: ListenerSet, *, certain: bool = True) -> Objection:
    words = f"{around.gateway} takes no ListenerSets from {written.namespace!r}"
    if not takes_listener_sets(around.judge.controller):
        words = f"Gateways of class {str(around.gateway.gateway_class_name)!r} take no ListenerSets"
    return Objection(NOT_ALLOWED, words, written.parent_ref.field / "name", certain)


def _refused(around: Surroundings, written: ListenerSet) -> tuple[Condition, ...]:
    objection = _refusal(around, written)
    return judged(ACCEPTED, objection), judged(PROGRAMMED, objection)


def by_gateway(sets: Sequence[ListenerSet]) -> Mapping[tuple[str, str], list[ListenerSet]]:
    """ListenerSets by the Gateway that they name."""
    found: dict[tuple[str, str], list[ListenerSet]] = {}
    for one in sets:
        name = (str(one.parent_ref.namespace), str(one.parent_ref.name))
        found.setdefault(name, []).append(one)
    return found
