"""What the load balancer of a cloud does before connections come to a Service.

Each cloud has annotations of its own for it; those that give the balancer a certificate make it end TLS.
"""

from __future__ import annotations

from meshlint.matching import port_number
from meshlint.resources.kubernetes.service import Service, ServicePort

_BALANCER = ("load-balancer", "loadbalancer")
_CERTIFICATE = ("ssl-cert", "cert-id", "certificate", "http-certificates", "tls-secret", "tls-container-ref")
_PORTS = ("ssl-ports", "tls-ports", "https-ports")
_ENCRYPTED = frozenset({"ssl", "https", "tls"})


def ends_tls(service: Service, port: ServicePort) -> bool:
    """Whether a balancer before a Service decrypts what comes in at one of its ports.

    Not where it encrypts anew for the pods, or where it does so for other ports alone.
    """
    known = {key: value for key, value in service.annotations.items() if any(one in key for one in _BALANCER)}
    if service.type != "LoadBalancer" or not any(part in key for key in known for part in _CERTIFICATE):
        return False
    if any(key.endswith("backend-protocol") and value.lower() in _ENCRYPTED for key, value in known.items()):
        return False
    listed = [value for key, value in known.items() if key.endswith(_PORTS)]
    return not listed or any(_names(value, port) for value in listed)


def _names(value: str, port: ServicePort) -> bool:
    """Whether a list of ports, by number or name, holds one; a star holds all."""
    entries = [one.strip() for one in value.split(",")]
    return "*" in entries or any(one == port.name or port_number(one) == port.port for one in entries)
