"""Hosts of VirtualServices that sidecars cannot tie to any service."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Text
from meshlint.mesh import Mesh, Missing
from meshlint.mesh.graph.calls import addresses
from meshlint.mesh.hosts.full_view import looks_like_slip
from meshlint.mesh.names.expansion import partly_qualified, service_name
from meshlint.mesh.namespaces.namespaces import WORKLOADS
from meshlint.mesh.remembered import remembered
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class IdleHost:
    """A host that is no service's; `full` is what the author meant where Istio does not expand the name."""

    virtual_service: VirtualService
    host: Text
    missing: Missing
    full: str | None


@remembered
def idle_hosts(mesh: Mesh) -> tuple[IdleHost, ...]:
    """Every host that no service has, of VirtualServices that sidecars alone follow.

    One that the routes lead to as well stands for a service out of view, and so may any other that is not
    nearly called like a service in view.
    """
    return tuple(found for one in mesh.virtual_services for found in _idle_hosts(mesh, one))


def _idle_hosts(mesh: Mesh, virtual_service: VirtualService) -> Iterator[IdleHost]:
    known = [mesh.hosts.known(host) for host in mesh.virtual_services.hosts(virtual_service)]
    are_services = all(one is not None and one.service is not None for one in known)
    if not are_services and set(virtual_service.gateways_or_mesh) == {MESH_GATEWAY}:
        namespace = virtual_service.resource.namespace
        routed = {mesh.hosts.expand(host, namespace) for host in _destinations(virtual_service)}
        for host in virtual_service.hosts:
            found = mesh.hosts.resolve(host, namespace)
            full = mesh.hosts.expand(host, namespace)
            meant = partly_qualified(host, mesh.settings.cluster_domain)
            shown = isinstance(found, Missing) and (meant or _is_certain(mesh, full))
            if full not in routed and (shown or _is_called_otherwise(mesh, virtual_service, full)):
                name = meant.host(mesh.settings.cluster_domain) if meant else None
                missing = found if isinstance(found, Missing) else Missing()
                yield IdleHost(virtual_service, host, missing, name)


def _is_certain(mesh: Mesh, host: str) -> bool:
    named = service_name(host, mesh.settings.cluster_domain)
    slip = named is not None and looks_like_slip(named.name, mesh.services.names_in(named.namespace))
    return mesh.settings.complete or slip


def _destinations(virtual_service: VirtualService) -> Iterator[str]:
    for route in virtual_service.routes:
        yield from (str(entry.destination.host or "") for entry in route.route)


def _is_called_otherwise(mesh: Mesh, virtual_service: VirtualService, host: str) -> bool:
    """Whether a name outside of the cluster is one that nobody in view calls, for services that are.

    That takes the services that the routes lead to, with pods beside the VirtualService, to be in view, and
    nothing else that speaks of the name: neither an entry or a gateway nor the settings of a workload.
    """
    domain = mesh.settings.cluster_domain
    if (
        service_name(host, domain) is not None
        or partly_qualified(host, domain)
        or "*" in host
        or "." not in host
    ):
        return False
    if mesh.hosts.known(host) is not None or mesh.service_entries or mesh.settings.external_hosts:
        return False
    namespace = virtual_service.resource.namespace
    names = {
        service_name(mesh.hosts.expand(one, namespace), domain) for one in _destinations(virtual_service)
    }
    own = [mesh.services.get(one) for one in names if one is not None]
    beside = mesh.workloads.in_namespace(namespace)
    if (
        None in names
        or None in own
        or not own
        or not mesh.namespaces.shows(namespace, WORKLOADS, virtual_service.field)
    ):
        return False
    backed = all(one is not None and mesh.services.backing(one) for one in own)
    called = any(name == host for one in mesh.workloads.all for name, _, _ in addresses(one))
    return bool(beside) and backed and not called
