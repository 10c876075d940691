"""Protocols in which the server speaks first.

A proxy that finds out the protocol of a port waits for the client's first bytes, which never come there
(Istio: server first protocols).
"""

from __future__ import annotations

from meshlint.mesh.hosts.protocols import Protocol, service_port_protocol
from meshlint.resources.kubernetes.service import ServicePort

_BY_NUMBER = {
    21: "FTP",
    22: "SSH",
    25: "SMTP",
    110: "POP3",
    143: "IMAP",
    587: "SMTP",
    3306: "MySQL",
    4222: "NATS",
    5900: "VNC",
}
_BY_NAME = {
    "ftp": "FTP",
    "imap": "IMAP",
    "mariadb": "MySQL",
    "nats": "NATS",
    "pop3": "POP3",
    "sftp": "SSH",
    "smtp": "SMTP",
    "ssh": "SSH",
    "submission": "SMTP",
    "vnc": "VNC",
}


def speaks_first(number: int) -> str | None:
    """The protocol in which servers at a well-known port speak first; None for any other port."""
    return _BY_NUMBER.get(number)


def sniffed_server_first(port: ServicePort, targets: frozenset[int]) -> str | None:
    """The protocol in which servers behind `port` speak first, if the proxy is left to find it out.

    Its name tells, or the well-known number of the port or of one of `targets`, the ports of containers.
    """
    if service_port_protocol(port) is not Protocol.UNKNOWN:
        return None
    named = _BY_NAME.get((port.name or "").lower().partition("-")[0])
    numbers = [number for number in (port.port, *sorted(targets)) if number is not None]
    return named or next((_BY_NUMBER[number] for number in numbers if number in _BY_NUMBER), None)
