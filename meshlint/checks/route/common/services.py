"""Services that lead to no pod."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.mesh.hosts.protocols import Protocol, service_port_protocol


def alias_port_opaque(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Service that stands for a name outside has a port that is TCP, or whose protocol nothing tells."""
    for service in world.mesh.services.all:
        for port in service.ports if service.is_external_name else ():
            protocol = service_port_protocol(port)
            if protocol in (Protocol.TCP, Protocol.UNKNOWN):
                yield Hit(
                    port.field / "name" if port.name else port.field,
                    f"{service} is an alias whose port {port.port} is not known to speak HTTP or TLS, "
                    "so proxies take all of that port for it",
                    resource=service.resource,
                    hint="Name the port after its protocol, as in `https` or `http-api`.",
                    about=str(port.port),
                )


def without_pods(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Service does not select the pods of the workload that it is named like, nor any others."""
    from meshlint.traffic.destinations.idle_services import idle_services

    for idle in idle_services(world.mesh).values():
        service, workload = idle.service, idle.workload
        selector, has = service.selector or {}, workload.pod.labels
        labels = ", ".join(f"{key}={value}" for key, value in selector.items())
        wrong = next((value for key, value in selector.items() if has.get(key) != value), None)
        yield Hit(
            wrong.field if wrong is not None else service.resource.spec / "selector",
            f"{service} selects pods with {labels}, which {workload} does not have, "
            "so its requests get status 503",
            resource=service.resource,
            hint="Match the labels of the pod template.",
            related=(Related(workload.pod.field / "metadata" / "labels", "the labels of the pods"),),
        )
