"""Gateways of the Gateway API that Istio serves with the same pods, as they name one Service."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.resources.gateway_api.gateway import Gateway
from meshlint.resources.gateway_api.listener import Listener
from meshlint.traffic.status.addresses import hosts, is_managed
from meshlint.traffic.status.controllers import is_istio
from meshlint.traffic.status.statuses import Statuses
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class ListenerClash:
    """Listeners of two Gateways of one Service and port, of which Istio serves only the older one's.

    `is_of_protocols` tells that they speak different protocols; otherwise they encrypt for one host name.
    """

    gateway: Gateway
    listener: Listener
    other: Gateway
    other_listener: Listener
    service: str
    is_of_protocols: bool


def listener_clashes(mesh: Mesh, statuses: Statuses) -> Iterator[ListenerClash]:
    """Listeners of two Gateways at the pods of one Service that exclude each other, once for each Gateway.

    Those of plain HTTP for one host are merged (istiod: MergeGateways).
    """
    by_service: dict[str, list[Gateway]] = {}
    for gateway in mesh.kubernetes_gateways:
        alone = (gateway.namespace, gateway.name) not in statuses.repeated_gateways
        if alone and is_istio(statuses.controllers.of(gateway)) and not is_managed(gateway):
            for host in {host for host, _ in hosts(gateway, mesh.settings.cluster_domain)}:
                by_service.setdefault(host, []).append(gateway)
    for service, gateways in by_service.items():
        for place, one in enumerate(gateways):
            others = (each for each in gateways[:place] if belong_together(one.resource, each.resource))
            found = next((clash for each in others for clash in _clashes(statuses, one, each, service)), None)
            if found is not None:
                yield found


def _clashes(statuses: Statuses, one: Gateway, other: Gateway, service: str) -> Iterator[ListenerClash]:
    for mine in _served(statuses, one):
        for theirs in _served(statuses, other):
            if mine.port is None or mine.port != theirs.port:
                continue
            apart = _layer(mine) != _layer(theirs)
            if apart or (_layer(mine) == "tls" and _claim(mine) == _claim(theirs)):
                yield ListenerClash(one, mine, other, theirs, service, apart)


def _served(statuses: Statuses, gateway: Gateway) -> Iterator[Listener]:
    return (one.listener for one in statuses.gateway(gateway).listeners if one.is_served)


def _layer(listener: Listener) -> str:
    return "tls" if listener.takes_tls else str(listener.protocol)


def _claim(listener: Listener) -> tuple[str, str]:
    """The host that a listener is for, and the namespaces that may write routes for it."""
    return str(listener.hostname or "*").lower(), str(listener.allowed_routes.namespaces_from)
