"""Hosts that nothing resolves, so that connections go on to the address that was called.

A sidecar keeps that address, and its port unless the ServiceEntry gives a target port; a gateway was called
at its own address, and has nobody to go on to (istiod: convertResolution and PassthroughTargetPorts).
"""

from __future__ import annotations

from meshlint.mesh.hosts.registry import Host


def is_called_nowhere(known: Host) -> bool:
    """Whether a gateway has no endpoint behind a host: nothing resolves it, and it selects no workloads."""
    return known.is_passed_on and all(entry.workload_selector is None for entry in known.entries)


def kept_port(known: Host | None, port: int | None, called: int) -> int | None:
    """The port that connections of sidecars go to at the address that was called; None for other hosts."""
    if known is None or not known.is_passed_on:
        return None
    return target_port(known, port) or called


def target_port(known: Host, port: int | None) -> int | None:
    """The port that the entry of a host that is passed on gives for one of its own; None without."""
    targets = (one.target_port for one in known.entries[0].ports if one.number == port)
    return next((target for target in targets if target), None)
