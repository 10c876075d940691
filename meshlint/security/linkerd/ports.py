"""Lists of ports in Linkerd's annotations, and the ports that bypass the proxy."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from meshlint.documents import Text
from meshlint.matching import PortSet
from meshlint.mesh import Mesh
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.annotations import SKIP_INBOUND, inherited
from meshlint.values import frozen

_MOST_KEPT: Final = 1 << 10


@frozen(repr=False)
class PortList:
    """The ports of a list such as `22,8100-8102`, and the entries that are neither ports nor ranges."""

    ports: PortSet
    unreadable: tuple[str, ...] = ()


@frozen(eq=False, repr=False)
class SkippedPorts:
    """Inbound ports that never reach the proxy, and the annotation that says so; None for the default."""

    ports: PortSet
    because: Text | None


def port_list(text: str) -> PortList:
    """Read a list of ports and of ranges from 1 to 65535, separated by commas (Linkerd: port ranges).

    It is kept, since one list counts for most ports: the text alone, without its place.
    """
    return _known_list(str(text))


@lru_cache(_MOST_KEPT)
def _known_list(text: str) -> PortList:
    pairs: list[tuple[int, int]] = []
    unreadable: list[str] = []
    for entry in (part.strip() for part in text.split(",")):
        pair = _range(entry)
        if pair is not None:
            pairs.append(pair)
        elif entry:
            unreadable.append(entry)
    return PortList(PortSet.ranges(pairs), tuple(unreadable))


def skipped_inbound(mesh: Mesh, workload: Workload) -> SkippedPorts:
    """The ports that pass by the proxy of `workload` (Linkerd: skip-inbound-ports).

    Policy, identity and encryption count for none of them.
    """
    written = inherited(mesh, workload, SKIP_INBOUND)
    text = mesh.settings.linkerd.skip_inbound_ports if written is None else written
    return SkippedPorts(port_list(text).ports, written)


def _range(entry: str) -> tuple[int, int] | None:
    low, dash, high = (part.strip() for part in entry.partition("-"))
    first = _number(low)
    last = _number(high) if dash else first
    return None if first is None or last is None or last < first else (first, last)


def _number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 5):
        return None
    return int(text) if 1 <= int(text) <= 65535 else None
