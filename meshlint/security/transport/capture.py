"""Which connections go past a sidecar, as annotations of the pod say.

On the way in, ports count as the application listens on them, and on the way out as it connects to them
(Istio: traffic capture annotations).
"""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.documents import Text
from meshlint.matching import PortSet, port_number
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import frozen

INTERCEPTION = "sidecar.istio.io/interceptionMode"
_TRAFFIC = "traffic.sidecar.istio.io/"


@frozen(eq=False, repr=False)
class Bypass:
    """The ports whose connections the sidecar does not see, and the annotations that say so."""

    ports: PortSet
    because: tuple[tuple[Text, PortSet], ...] = ()

    def takes(self, port: int) -> bool:
        """Whether connections to a port go past the sidecar."""
        return self.ports.admits(port)


NOTHING = Bypass(PortSet())


def inbound_bypass(workload: Workload) -> Bypass:
    """The container ports that callers reach without passing the sidecar."""
    return _bypass(workload.pod.annotations, "includeInboundPorts", "excludeInboundPorts")


def outbound_bypass(workload: Workload) -> Bypass:
    """The ports that the application calls without passing the sidecar."""
    return _bypass(workload.pod.annotations, "includeOutboundPorts", "excludeOutboundPorts")


def _bypass(annotations: Mapping[str, Text], including: str, excluding: str) -> Bypass:
    found: list[tuple[Text, PortSet]] = []
    mode = annotations.get(INTERCEPTION)
    if mode == "NONE":
        found.append((mode, PortSet.any()))
    excluded = annotations.get(_TRAFFIC + excluding)
    if excluded is not None:
        found.append((excluded, _ports(excluded)))
    included = annotations.get(_TRAFFIC + including)
    if including == "includeInboundPorts" and included is not None and included.strip() != "*":
        found.append((included, _ports(included).complement()))
    if not found:
        return NOTHING
    every = PortSet()
    for _, ports in found:
        every = every.union(ports)
    return Bypass(every, tuple(found))


def _ports(text: str) -> PortSet:
    numbers = (port_number(part.strip()) for part in text.split(","))
    return PortSet.of(*(number for number in numbers if number is not None))
