"""The kubelet's probes that Linkerd refuses, and ports that nobody may call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.services import target_ports
from meshlint.resources.kubernetes.probe import Probe
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.linkerd.authorization import Caller, Decision, HttpRequest, Verdict, admitted, decide
from meshlint.security.linkerd.authorization.probes import grpc_probes, http_probes
from meshlint.security.linkerd.authorization.protocols import Protocol, server_protocol
from meshlint.security.linkerd.default_policy import default_policy
from meshlint.security.linkerd.servers import servers_on
from meshlint.security.membership.linkerd import linkerd_proxy

Parameters = Mapping[str, Any]
_HEALTH = HttpRequest("POST", "/grpc.health.v1.Health/Check")
_REFUSED = (Verdict.DENY, Verdict.NOT_FOUND)


def probe_refused(world: World, _: Parameters) -> Iterator[Hit]:
    """A probe that no grant lets in, so that the pods are restarted or get no traffic."""
    for workload in world.mesh.workloads.all:
        if not linkerd_proxy(world.mesh, workload).is_present:
            continue
        for probe, port, request in _probes(world.mesh, workload):
            decision = decide(world.mesh, workload, port, Caller.plain(), request)
            if decision.verdict in _REFUSED:
                yield _refused(workload, probe, port, decision)


def probe_protocol(world: World, _: Parameters) -> Iterator[Hit]:
    """A probe by HTTP/1 at a port that is declared to speak HTTP/2."""
    for workload in world.mesh.workloads.all:
        declared = map(server_protocol, world.mesh.linkerd.servers_of(workload))
        for probe in http_probes(world.mesh, workload) if Protocol.HTTP2 in declared else ():
            for server in servers_on(world.mesh, workload, probe.port):
                if server_protocol(server) is Protocol.HTTP2:
                    yield Hit(
                        server.resource.spec / "proxyProtocol",
                        f"{server} declares HTTP/2 for a port that the kubelet probes by HTTP/1",
                        resource=server.resource,
                        hint="Use `unknown`, or probe by gRPC or by command.",
                        related=(Related(probe.probe.field, f"the probe of {workload}"),),
                        about=str(workload),
                    )


def nobody_admitted(world: World, _: Parameters) -> Iterator[Hit]:
    """A port behind a Service that the default policy denies and no Server opens."""
    mesh = world.mesh
    for workload in mesh.workloads.all:
        policy = default_policy(mesh, workload)
        if policy.name != "deny" or not linkerd_proxy(mesh, workload).is_present:
            continue
        for service in mesh.services.of(workload):
            for port in service.ports:
                if any(_is_closed(mesh, workload, one) for one in target_ports(port, workload)):
                    because = policy.because
                    yield Hit(
                        port.field,
                        f"{service} leads to a port of {workload} that the default policy 'deny' closes, "
                        "so every call is refused",
                        resource=service.resource,
                        hint="Write a Server for the port, and an AuthorizationPolicy for its callers.",
                        related=() if because is None else (Related(because.field, "the default policy"),),
                        about=str(workload),
                    )


def _is_closed(mesh: Mesh, workload: Workload, port: int) -> bool:
    if servers_on(mesh, workload, port):
        return False
    return all(one.clients.is_empty() for one in admitted(mesh, workload, port) if one.path is None)


def _probes(mesh: Mesh, workload: Workload) -> Iterator[tuple[Probe, int, HttpRequest]]:
    for one in http_probes(mesh, workload):
        if one.probe.scheme.upper() == "HTTP":
            yield one.probe, one.port, HttpRequest("GET", one.path)
    for probe, port in grpc_probes(workload):
        yield probe, port, _HEALTH


def _refused(workload: Workload, probe: Probe, port: int, decision: Decision) -> Hit:
    governing = decision.server
    what = f"the {probe.field.name} at port {port}"
    by = "its default policy" if governing is None else str(governing)
    return Hit(
        probe.field,
        f"{workload} has {what} refused by {by}, so the kubelet takes its pods for broken",
        resource=workload.resource,
        on_key=True,
        hint=_way_out(decision),
        related=() if governing is None else (Related(governing.field / "metadata" / "name", "the Server"),),
        about=probe.field.name,
    )


def _way_out(decision: Decision) -> str:
    if decision.verdict is Verdict.NOT_FOUND or decision.route is not None:
        return "With a route at the Server, probes need a route and a policy of their own, by network."
    return "Only HTTP probes at ports for HTTP are let in by themselves. Grant the nodes' network access."
