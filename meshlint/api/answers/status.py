"""From a project to what controllers write into the status of its Gateway API objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from meshlint.admission.admission import Admission
from meshlint.documents import Field
from meshlint.engine.finding import Location
from meshlint.mesh import Mesh
from meshlint.reports.status.answer import (
    ObjectStatus,
    StatusAnswer,
    StatusCondition,
    StatusListener,
    StatusReference,
)
from meshlint.resources.gateway_api.reference import ParentRef
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.resource import ObjectId, Resource
from meshlint.traffic.status.conditions import Condition
from meshlint.traffic.status.controllers import ISTIO, LINKERD, WAYPOINT
from meshlint.traffic.status.gateways import GatewayStatus, ListenerSetStatus
from meshlint.traffic.status.listeners import ListenerStatus
from meshlint.traffic.status.policies import AncestorStatus, PolicyStatus
from meshlint.traffic.status.statuses import Statuses
from meshlint.traffic.status.written import kept, others, written
from meshlint.values import evolve

_OWN = (ISTIO, LINKERD, WAYPOINT)


def status(mesh: Mesh, admission: Admission) -> StatusAnswer:
    """What controllers write into the status of every Gateway API object of a mesh.

    It is made of all that is written: what the cluster refuses is told of, too, and marked.
    """
    refused = {one.resource.id: one.why for one in admission.refused}
    objects = (_marked(one, refused) for one in _objects(mesh, Statuses(mesh)))
    return StatusAnswer(tuple(objects))


def _marked(one: ObjectStatus, refused: Mapping[ObjectId, str]) -> ObjectStatus:
    name = ObjectId(one.group, one.kind, one.namespace, one.name)
    return evolve(one, refused=refused[name]) if name in refused else one


def _objects(mesh: Mesh, statuses: Statuses) -> Iterator[ObjectStatus]:
    for each in statuses.classes:
        if each.conditions:
            yield _object(each.gateway_class.resource, each.controller, each.conditions)
    for gateway in statuses.gateways:
        yield _gateway(statuses, gateway)
    for gateway in statuses.gateways:
        for one in gateway.sets:
            yield _listener_set(statuses, one)
    for route in mesh.routes:
        parents = tuple(_parents(statuses, route))
        if parents:
            yield _object(route.resource, parents=parents)
    for policy in statuses.policies:
        yield _policy(policy)


def _object(
    resource: Resource,
    controller: str | None = None,
    conditions: Iterable[Condition] = (),
    listeners: tuple[StatusListener, ...] = (),
    parents: tuple[StatusReference, ...] = (),
    ancestors: tuple[StatusReference, ...] = (),
) -> ObjectStatus:
    return ObjectStatus(
        group=resource.group,
        version=resource.version,
        kind=resource.kind,
        namespace=resource.namespace,
        name=resource.name,
        location=_location(resource.at("metadata", "name")),
        controller=controller or "",
        conditions=_told(conditions),
        listeners=listeners,
        parents=parents,
        ancestors=ancestors,
    )


def _location(field: Field) -> Location:
    return Location(field.document.file, field.span())


def _told(conditions: Iterable[Condition]) -> tuple[StatusCondition, ...]:
    return tuple(
        StatusCondition(
            one.type,
            one.truth.value,
            one.reason,
            one.words,
            None if one.field is None else _location(one.field),
        )
        for one in conditions
    )


def _gateway(statuses: Statuses, one: GatewayStatus) -> ObjectStatus:
    listeners = tuple(_listener(statuses, each) for each in one.listeners)
    return _object(one.gateway.resource, one.controller, one.conditions, listeners)


def _listener_set(statuses: Statuses, one: ListenerSetStatus) -> ObjectStatus:
    listeners = tuple(_listener(statuses, each) for each in one.listeners)
    return _object(one.listener_set.resource, one.controller, one.conditions, listeners)


def _listener(statuses: Statuses, one: ListenerStatus) -> StatusListener:
    return StatusListener(
        name=str(one.listener.name or ""),
        supported_kinds=one.kinds,
        attached_routes=len(statuses.attached(one)),
        may_attach=len(statuses.may_attach(one)),
        conditions=_told(one.conditions),
    )


def _parents(statuses: Statuses, route: AnyRoute) -> Iterator[StatusReference]:
    before = tuple(written(route.resource, "parents"))
    for one in others(before, _OWN):
        yield _reference(one.reference, one.controller, one.conditions)
    for status in statuses.of_route(route):
        if status.conditions:
            extra = kept(before, status.parent, status.controller, status.conditions)
            yield _reference(status.parent, status.controller, (*extra, *status.conditions))


def _policy(one: PolicyStatus) -> ObjectStatus:
    before = others(tuple(written(one.policy, "ancestors")), _OWN)
    foreign = [_reference(each.reference, each.controller, each.conditions) for each in before]
    own = [_ancestor(each) for each in one.ancestors]
    return _object(one.policy, ancestors=(*foreign, *own))


def _reference(ref: ParentRef, controller: str | None, conditions: Iterable[Condition]) -> StatusReference:
    """A reference as it is written: what is left out is left out in the status, too."""
    return StatusReference(
        group=_text(ref, "group"),
        kind=_text(ref, "kind"),
        namespace=_text(ref, "namespace"),
        name=str(ref.name or ""),
        section_name=_text(ref, "sectionName"),
        port=ref.port,
        controller=controller,
        conditions=_told(conditions),
    )


def _text(ref: ParentRef, key: str) -> str | None:
    found = ref.field.text(key)
    return None if found is None else str(found)


def _ancestor(one: AncestorStatus) -> StatusReference:
    group, kind, name, section = one.ancestor
    return StatusReference(group, kind, None, name, section, None, one.controller, _told(one.conditions))
