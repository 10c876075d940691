"""What the load balancer of a cloud does before connections come to a Service.

Each cloud has annotations of its own for it; those that give the balancer a certificate make it end TLS.
"""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.documents import Field, Text
from meshlint.matching import port_number
from meshlint.resources.kubernetes.service import Service, ServicePort

_BALANCER = ("load-balancer", "loadbalancer")
_CERTIFICATE = ("ssl-cert", "cert-id", "certificate", "http-certificates", "tls-secret", "tls-container-ref")
_PORTS = ("ssl-ports", "tls-ports", "https-ports")
_ENCRYPTED = frozenset({"ssl", "https", "tls"})


def ending_tls(service: Service, port: ServicePort) -> Field | None:
    """Which annotation has a balancer before a Service decrypt what comes in at one of its ports.

    None where it encrypts anew for the pods, or decrypts at other ports alone.
    """
    return certificate(service.annotations, port.name, port.port) if is_balanced(service) else None


def is_balanced(service: Service) -> bool:
    """Whether a load balancer stands before a Service."""
    return service.type == "LoadBalancer"


def certificate(annotations: Mapping[str, Text], name: str | None, number: int | None) -> Field | None:
    """Which annotation has a balancer decrypt what comes in at a port of that name and number."""
    known = {key: value for key, value in annotations.items() if any(one in key for one in _BALANCER)}
    if not known:
        return None
    given = next((one.field for key, one in known.items() if any(part in key for part in _CERTIFICATE)), None)
    if any(key.endswith("backend-protocol") and value.lower() in _ENCRYPTED for key, value in known.items()):
        return None
    listed = [value for key, value in known.items() if key.endswith(_PORTS)]
    return given if not listed or any(_names(value, name, number) for value in listed) else None


def _names(value: str, name: str | None, number: int | None) -> bool:
    """Whether a list of ports, by number or name, holds one; a star holds all."""
    entries = [one.strip() for one in value.split(",")]
    return "*" in entries or any(one == name or port_number(one) == number for one in entries)
