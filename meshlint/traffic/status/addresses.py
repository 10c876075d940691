"""The Services that a Gateway of Istio is reached by, and whether they carry its ports."""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.documents import Field
from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import service_name as parsed
from meshlint.resources.gateway_api.gateway import Gateway
from meshlint.resources.kubernetes.service import Service
from meshlint.traffic.status.conditions import Objection
from meshlint.traffic.status.controllers import is_istio

UNSUPPORTED_ADDRESS = "UnsupportedAddress"
NOT_USABLE = "AddressNotUsable"
NOT_ASSIGNED = "AddressNotAssigned"
DEPRECATED = "DeprecatedField"
SERVICE_TYPE = "networking.istio.io/service-type"
"""Annotation of a Gateway: the type of the Service that Istio makes for it."""
_HOSTNAME = "Hostname"


def is_managed(gateway: Gateway) -> bool:
    """Whether Istio deploys a Gateway itself: without addresses, or with one that is an IP address (Istio:
    manual deployment).
    """
    addresses = gateway.addresses
    return not addresses or (len(addresses) == 1 and addresses[0].type == "IPAddress")


def hosts(gateway: Gateway, domain: str) -> tuple[tuple[str, Field], ...]:
    """The hosts of the Services that a Gateway which is not deployed by Istio names, with their places."""
    return tuple(
        (_full(str(one.value or ""), gateway.namespace, domain), one.field / "value")
        for one in gateway.addresses
        if one.type == _HOSTNAME
    )


def _full(value: str, namespace: str, domain: str) -> str:
    return value if "." in value else f"{value}.{namespace}.svc.{domain}"


def address_objection(gateway: Gateway, controller: str | None) -> Objection | None:
    """What a controller has against the addresses of a Gateway; other controllers may know other types."""
    if not is_istio(controller):
        own = next((one for one in gateway.addresses if "/" in str(one.type)), None)
        words = "" if own is None else f"addresses of type {own.type} must be known"
        return None if own is None else Objection(UNSUPPORTED_ADDRESS, words, own.field, False)
    return None if is_managed(gateway) else _of_istio(gateway)


def _of_istio(gateway: Gateway) -> Objection | None:
    """What Istio has against the addresses of a Gateway that it does not deploy itself."""
    odd = [one for one in gateway.addresses if one.type not in (_HOSTNAME,)]
    if odd:
        words = f"Istio takes addresses of type Hostname alone, not {odd[0].type}"
        return Objection(UNSUPPORTED_ADDRESS, words, odd[0].field)
    written = gateway.annotations.get(SERVICE_TYPE)
    if written is not None:
        return Objection(DEPRECATED, f"annotation {SERVICE_TYPE} is no longer read", written.field)
    return None


def programming_objection(mesh: Mesh, gateway: Gateway, ports: Iterable[int]) -> Objection | None:
    """What keeps Istio from serving a Gateway at the addresses that it asks for.

    Istio makes the Service of a Gateway that it deploys; when a load balancer has given it an address no
    file tells (Istio: ResolveGatewayInstances).
    """
    if is_managed(gateway):
        words = "Istio must have deployed it, and its Service must have an address"
        return Objection(NOT_ASSIGNED, words, gateway.resource.at("metadata", "name"), False)
    named = hosts(gateway, mesh.settings.cluster_domain)
    if not named:
        return _of_istio(gateway)
    wanted = sorted(set(ports))
    found = [_of_service(mesh, gateway, host, field, wanted) for host, field in named]
    doubts = [one for one in found if one is not None]
    return next((one for one in doubts if one.certain), doubts[0] if doubts else None)


def _of_service(mesh: Mesh, gateway: Gateway, host: str, field: Field, ports: list[int]) -> Objection | None:
    name = parsed(host, mesh.settings.cluster_domain)
    service = None if name is None else mesh.services.get(name)
    if service is None or name is None or name.namespace != gateway.namespace:
        elsewhere = name is not None and name.namespace != gateway.namespace
        certain = elsewhere or mesh.settings.complete
        return Objection(NOT_USABLE, f"Service {host} must be in {gateway.namespace!r}", field, certain)
    missing = [port for port in ports if service.port(port) is None]
    if missing:
        return Objection(NOT_USABLE, f"{service} has no port {missing[0]}", field)
    return _pending(service, field)


def _pending(service: Service, field: Field) -> Objection | None:
    if service.type != "LoadBalancer" or service.external_ips:
        return None
    return Objection(NOT_ASSIGNED, f"{service} must have an address outside", field, False)
