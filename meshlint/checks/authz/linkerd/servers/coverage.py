"""Servers that govern no port, more than their author thinks, or let nobody in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.matching import SelectorDialect, selector_problems
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.protocols import Protocol as Named
from meshlint.mesh.hosts.protocols import named_protocol
from meshlint.mesh.names.nearest import nearest
from meshlint.mesh.namespaces.namespaces import WORKLOADS
from meshlint.mesh.policies.linkerd import pod_selector
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.linkerd.group import POLICY
from meshlint.resources.linkerd.server import Server
from meshlint.security.linkerd.authorization.protocols import Protocol, server_protocol
from meshlint.security.linkerd.servers import governed, ports_on

Parameters = Mapping[str, Any]
_HTTP = frozenset({Protocol.DETECT, Protocol.HTTP1, Protocol.HTTP2})
_CALLS = frozenset({Protocol.DETECT, Protocol.HTTP2, Protocol.GRPC})
_BYTES = frozenset({Protocol.DETECT, Protocol.OPAQUE, Protocol.TLS})
_FITTING = {
    Named.HTTP: _HTTP | {Protocol.GRPC},
    Named.HTTP2: _CALLS,
    Named.GRPC: _CALLS,
    Named.HTTPS: _BYTES,
    Named.TLS: _BYTES,
    Named.TCP: _BYTES,
    Named.MONGO: _BYTES,
    Named.MYSQL: _BYTES,
    Named.REDIS: _BYTES,
}
"""The protocols of a Server that go with the name of a port."""
_GRANTS = ((POLICY, "AuthorizationPolicy"), (POLICY, "ServerAuthorization"))


def selects_nothing(world: World, _: Parameters) -> Iterator[Hit]:
    """A Server that selects no pod of its namespace."""
    mesh = world.mesh
    for server in mesh.linkerd.servers:
        value = server.pod_selector.value
        if not isinstance(value, dict) or selector_problems(value, SelectorDialect.LINKERD):
            continue
        if mesh.linkerd.selected(server):
            continue
        is_shown = mesh.namespaces.shows(server.namespace, WORKLOADS, server.field)
        if is_shown and _knows_labels(mesh, server):
            yield Hit(
                server.pod_selector,
                f"{server} selects no pod of namespace '{server.namespace}', so it governs nothing",
                resource=server.resource,
                on_key=True,
                hint="A Server selects pods of its own namespace by the labels of their template.",
            )


def admits_nobody(world: World, _: Parameters) -> Iterator[Hit]:
    """A Server that denies by default and that nothing opens.

    A policy that names it from another namespace targets nothing, which is told instead.
    """
    mesh = world.mesh
    misplaced = _missing_targets(mesh)
    for server in mesh.linkerd.servers:
        if server.access_policy != "deny" or server.access_policy.field or _is_opened(mesh, server):
            continue
        if server.name in misplaced:
            continue
        if mesh.namespaces.shows(server.namespace, _GRANTS, server.field):
            yield Hit(
                server.field / "metadata" / "name",
                f"{server} is opened by no policy, so every caller but a probe is refused",
                resource=server.resource,
                hint="Add an AuthorizationPolicy for it, or write `accessPolicy: deny` if it is meant.",
            )


def _missing_targets(mesh: Mesh) -> frozenset[str]:
    """The names of Servers that policies look for in their own namespaces, in vain."""
    targets = (policy.target_ref for policy in mesh.linkerd.authorization_policies)
    named = ((str(one.namespace), str(one.name)) for one in targets if one.kind == "Server")
    return frozenset(name for place, name in named if not mesh.linkerd.servers_named(place, name))


def overlapping(world: World, _: Parameters) -> Iterator[Hit]:
    """Two Servers that claim one port of one pod."""
    mesh = world.mesh
    for server in mesh.linkerd.servers:
        for workload in mesh.linkerd.selected(server):
            other = _rival(mesh, server, workload)
            if other is not None:
                yield Hit(
                    server.field / "metadata" / "name",
                    f"{server} and {other} claim one port of {workload}, so only the older one counts there",
                    resource=server.resource,
                    hint="Nothing refuses the second one. Let each port have one Server.",
                    related=(Related(other.field / "metadata" / "name", "the other Server"),),
                    about=str(other),
                )
                break


def protocol_against_name(world: World, _: Parameters) -> Iterator[Hit]:
    """A Server whose protocol is not the one that the port's name speaks of."""
    for server in world.mesh.linkerd.servers:
        at = server.resource.spec / "proxyProtocol"
        for workload, port in governed(world.mesh, server) if at else ():
            for declared in workload.pod.ports():
                spoken = named_protocol(str(declared.name or ""))
                fitting = _FITTING.get(spoken)
                if declared.container_port != port or fitting is None:
                    continue
                if server_protocol(server) not in fitting:
                    yield Hit(
                        at,
                        f"{server} declares '{server.proxy_protocol}' for a port named '{declared.name}'",
                        resource=server.resource,
                        hint="One of the two misleads whoever reads it.",
                        related=(Related(declared.field, f"the port of {workload}"),),
                        about=f"{workload} {declared.name}",
                    )


def every_pod(world: World, _: Parameters) -> Iterator[Hit]:
    """A Server with an empty selector."""
    for server in world.mesh.linkerd.servers:
        if server.pod_selector.value == {}:
            yield Hit(
                server.pod_selector,
                f"{server} has an empty selector, so it governs every pod of namespace '{server.namespace}'",
                resource=server.resource,
                on_key=True,
            )


def _is_opened(mesh: Mesh, server: Server) -> bool:
    linkerd = mesh.linkerd
    if linkerd.policies_for(server) or linkerd.authorizations_for(server):
        return True
    return any(linkerd.policies_for_route(one.route) for one in linkerd.routes_of(server))


def _knows_labels(mesh: Mesh, server: Server) -> bool:
    """Whether pods in view carry a label that the selector asks for, or one of nearly that name.

    Otherwise it is for pods of which no file tells, such as those that a chart brings.
    """
    known = {key for workload in mesh.workloads.in_namespace(server.namespace) for key in workload.pod.labels}
    asked = {key for key, _ in pod_selector(server).constraints}
    return bool(asked & known) or any(nearest(key, known) for key in asked)


def _rival(mesh: Mesh, server: Server, workload: Workload) -> Server | None:
    """Another Server, with a name that sorts earlier, on a port that `server` claims too."""
    ports = set(ports_on(server, workload))
    for other in mesh.linkerd.servers_of(workload):
        together = mesh.namespaces.placement.go_together(server.resource, other.resource)
        if other.name < server.name and together and ports.intersection(ports_on(other, workload)):
            return other
    return None
