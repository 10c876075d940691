"""Host names of routes that none of the listeners they attach to serves."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Text
from meshlint.matching import gateway_hostnames, host_covers, host_specificity
from meshlint.mesh import Mesh
from meshlint.resources.gateway_api.gateway import Gateway
from meshlint.resources.gateway_api.listener import Listener
from meshlint.resources.gateway_api.reference import GROUP
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.traffic.status.statuses import Statuses
from meshlint.traffic.tables.entries import Layer
from meshlint.traffic.tables.gateway_api.gateways import is_left_to
from meshlint.traffic.tables.gateway_api.routes import LAYER_KINDS
from meshlint.values import frozen

Taker = tuple[Gateway, Listener]


@frozen(eq=False, repr=False)
class Unserved:
    """Host names of a route that is attached by others or for others, and the listeners that take it.

    `owner` is the listener that has these hosts instead, which the route is not attached to.
    """

    route: AnyRoute
    hosts: tuple[Text, ...]
    takers: tuple[Taker, ...]
    owner: Listener | None


def unserved_hosts(mesh: Mesh, statuses: Statuses) -> Iterator[Unserved]:
    """Host names of routes at Gateways for which no request comes to the route, those of one cause together.

    Either no listener that takes the route is for the name, or another listener of the same port is for it
    more narrowly and has it alone (Gateway API: listener isolation; istiod: hostnameAllowedByIsolation).
    """
    for route in mesh.routes:
        takers = _takers(statuses, route) if route.hostnames else ()
        found: dict[int, tuple[Listener | None, list[Text]]] = {}
        for host in route.hostnames if takers else ():
            mine = [one for one in takers if gateway_hostnames(one[1].hostname, (host,))]
            owners = [_other(gateway, listener, host, route) for gateway, listener in mine]
            if all(owners):
                owner = owners[0] if owners else None
                found.setdefault(id(owner), (owner, []))[1].append(host)
        for owner, hosts in found.values():
            yield Unserved(route, tuple(hosts), takers, owner)


def _takers(statuses: Statuses, route: AnyRoute) -> tuple[Taker, ...]:
    """The listeners that take a route; none where more may take it than the files show."""
    found: list[Taker] = []
    for parent in route.parent_refs:
        status = statuses.at_parent(route, parent) if parent.is_a(GROUP, "Gateway") else None
        if status is None or status.taking is None or status.taking.maybe or status.owner is None:
            return ()
        gateway = status.owner
        if not isinstance(gateway, Gateway):
            return ()
        if (gateway.namespace, gateway.name) in statuses.repeated_gateways:
            return ()
        found += [(gateway, one.listener) for one in status.listeners]
    return tuple(found)


def _other(gateway: Gateway, listener: Listener, host: str, route: AnyRoute) -> Listener | None:
    """The listener of a Gateway of Istio that has a host in place of one that takes the route."""
    of_istio = gateway.gateway_class_name == "istio" and route.kind in LAYER_KINDS[Layer.HTTP]
    if not of_istio or is_left_to(gateway, listener, host.lower()):
        return None
    kind = (listener.port, listener.protocol)
    others = (one for one in gateway.listeners if one is not listener and (one.port, one.protocol) == kind)
    covering = [one for one in others if one.hostname and host_covers(one.hostname, host)]
    return min(covering, key=lambda one: host_specificity(str(one.hostname)), default=None)
