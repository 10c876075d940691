"""What a call asks its proxy for: the port that is dialled, and whether the proxy sees its requests."""

from __future__ import annotations

from meshlint.mesh.graph.calls import Call
from meshlint.values import frozen, regex

_SCHEME = regex(r"([a-z][a-z0-9+.-]*):/{2,3}")
_USUAL = {"http": 80, "https": 443}
_PLAIN = frozenset({"http", "grpc", "dns", "h2c"})
"""Of gRPC, `dns:///orders:50051` names a target of calls that are requests as well."""


@frozen(repr=False)
class Dialled:
    """A port of the Service, and whether what is sent there is requests in plain text."""

    port: int
    is_plain: bool


def dialled(call: Call) -> Dialled | None:
    """The port that a call surely goes to; None where the value tells of none that the Service has."""
    schemes = set(_SCHEME.findall(str(call.because).lower()))
    scheme = schemes.pop() if len(schemes) == 1 else ""
    ports = [port.port for port in call.service.ports if port.port is not None]
    port = call.port if call.port is not None else _USUAL.get(scheme)
    if port is None and len(ports) == 1:
        port = ports[0]
    if port is None or port not in ports:
        return None
    return Dialled(port, not schemes and (scheme in _PLAIN or not scheme))
