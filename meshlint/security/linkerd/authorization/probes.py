"""The kubelet's HTTP probes that Linkerd lets through on its own (Linkerd: probe authorization)."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.remembered import kept
from meshlint.resources.kubernetes.container import Container
from meshlint.resources.kubernetes.probe import Probe
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import frozen

_PROXY_ADMIN = 4191
_PROXY_PATHS = frozenset({"/live", "/ready"})


@frozen(eq=False, repr=False)
class HttpProbe:
    """A GET by the kubelet: the container's port and the path without its query."""

    probe: Probe
    port: int
    path: str


@kept
def http_probes(_: Mesh, workload: Workload) -> tuple[HttpProbe, ...]:
    """The probes by HTTP; those of other kinds are never let through on their own.

    A named port is looked up among the TCP ports of the same container, whatever its letter case.
    """
    return tuple(_by_http(workload))


def _by_http(workload: Workload) -> Iterator[HttpProbe]:
    pod = workload.pod
    for container in (*pod.containers, *pod.init_containers):
        for probe in container.probes:
            port = _number(container, probe)
            if probe.handler == "httpGet" and port is not None:
                yield HttpProbe(probe, port, probe.path.partition("?")[0])


def grpc_probes(workload: Workload) -> Iterator[tuple[Probe, int]]:
    """The probes by gRPC, each with its port."""
    for container in workload.pod.running_containers:
        for probe in container.probes:
            if probe.handler == "grpc" and isinstance(probe.port, int):
                yield probe, probe.port


def probed_paths(mesh: Mesh, workload: Workload, port: int) -> frozenset[str]:
    """The paths that the kubelet asks for at a port; at the proxy's own, those of the container it is in."""
    own = _PROXY_PATHS if port == _PROXY_ADMIN else frozenset()
    return own.union(one.path for one in http_probes(mesh, workload) if one.port == port)


def _number(container: Container, probe: Probe) -> int | None:
    if isinstance(probe.port, int) or probe.port is None:
        return probe.port
    for one in container.ports:
        if one.name is not None and one.name.lower() == probe.port.lower() and one.protocol == "TCP":
            return one.container_port
    return None
