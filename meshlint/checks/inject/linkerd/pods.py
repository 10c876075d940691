"""Pods that do not go together with Linkerd's proxy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.matching import LabelSelector
from meshlint.resources.kubernetes.network_policy import NetworkPolicy, NetworkPolicyPort, network_policy
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.annotations import CONFIG, INJECT, inherited
from meshlint.security.membership.linkerd import ON, linkerd_proxy

Parameters = Mapping[str, Any]
PROXY_USER = 2102
PROXY_PORTS = {4140: "outbound", 4143: "inbound", 4190: "control", 4191: "admin"}
_INBOUND = 4143
_LEVELS = ("baseline", "restricted")


def two_meshes(world: World, _: Parameters) -> Iterator[Hit]:
    """A pod that asks for the proxies of two meshes."""
    for workload in world.mesh.workloads.all:
        asked = workload.pod.annotations.get(INJECT)
        if asked is None or asked not in ON:
            continue
        pod = workload.pod
        istio = pod.labels.get("sidecar.istio.io/inject") or pod.annotations.get("sidecar.istio.io/inject")
        containers = (*pod.containers, *pod.init_containers)
        foreign = next((one for one in containers if one.name in ("istio-proxy", "istio-init")), None)
        if foreign is not None or istio == "true":
            place = (
                foreign.field if foreign is not None else istio.field if istio is not None else asked.field
            )
            effect = "it gets no proxy of Linkerd" if foreign is not None else "two meshes take its traffic"
            yield Hit(
                asked.field,
                f"{workload} asks for Linkerd and belongs to Istio, so {effect}",
                resource=workload.resource,
                hint="Keep one of the two.",
                related=(Related(place, "this belongs to Istio"),),
            )


def proxy_user(world: World, _: Parameters) -> Iterator[Hit]:
    """A container that runs as the user whose traffic passes by the proxy."""
    for workload in _meshed(world):
        own = inherited(world.mesh, workload, f"{CONFIG}proxy-uid")
        user = int(own) if own is not None and own.isdecimal() and len(own) < 10 else PROXY_USER
        for one in (*workload.pod.containers, *workload.pod.init_containers):
            if one.name != "linkerd-proxy" and workload.pod.user_of(one) == user:
                yield Hit(
                    one.field / "securityContext" / "runAsUser",
                    f"{workload} runs '{one.name}' as the proxy's user {user}, which bypasses it",
                    resource=workload.resource,
                    hint="Choose another user.",
                    about=str(one.name),
                )


def proxy_port(world: World, _: Parameters) -> Iterator[Hit]:
    """A container on a port that the proxy listens on."""
    for workload in _meshed(world):
        for one in (*workload.pod.containers, *workload.pod.init_containers):
            for port in () if (one.name or "").startswith("linkerd-") else one.ports:
                role = PROXY_PORTS.get(port.container_port or 0)
                if role is not None and port.protocol == "TCP":
                    yield Hit(
                        port.field / "containerPort",
                        f"{workload} listens on {port.container_port}, the proxy's {role} port, so one fails",
                        resource=workload.resource,
                    )


def udp_port(world: World, _: Parameters) -> Iterator[Hit]:
    """A port whose protocol the proxy does not handle."""
    for workload in _meshed(world):
        for port in workload.pod.ports():
            if port.protocol == "UDP":
                yield Hit(
                    port.field / "protocol",
                    f"{workload} has a port for UDP, which passes by the proxy in plaintext",
                    resource=workload.resource,
                )


def job_never_ends(world: World, _: Parameters) -> Iterator[Hit]:
    """A job whose proxy outlives it."""
    for workload in _meshed(world):
        if workload.kind not in ("Job", "CronJob"):
            continue
        native = inherited(world.mesh, workload, f"{CONFIG}proxy-enable-native-sidecar")
        shutdown = inherited(world.mesh, workload, f"{CONFIG}proxy-admin-shutdown")
        is_native = world.settings.linkerd.native_sidecar if native is None else native == "true"
        if not is_native and shutdown != "enabled":
            yield Hit(
                workload.field / "metadata" / "name" if native is None else native.field,
                f"{workload} has a proxy that is no native sidecar, so the job never completes",
                resource=workload.resource,
                hint="Let the proxy be a native sidecar, or have the job shut it down.",
            )


def pod_security(world: World, _: Parameters) -> Iterator[Hit]:
    """A namespace whose pods may not have the init container that injection adds."""
    for declared in world.resources.of("", "Namespace"):
        level = declared.labels.get("pod-security.kubernetes.io/enforce")
        if level in _LEVELS and level is not None and declared.annotations.get(INJECT) in ON:
            yield Hit(
                level.field,
                f"{declared} enforces '{level}', so injected pods are refused without Linkerd's CNI",
                resource=declared,
                hint="The init container needs NET_ADMIN and NET_RAW. Install the CNI plugin of Linkerd.",
            )


def blocked_by_network_policy(world: World, _: Parameters) -> Iterator[Hit]:
    """A NetworkPolicy that opens ports, but not the proxy's, where no other one does."""
    found = _ingress_policies(world)
    open_ones = {id(one) for policy, selected in found if _opens_proxy(policy) for one in selected}
    for policy, selected in found:
        if _opens_proxy(policy) or not policy.ingress:
            continue
        closed = (one for one in selected if id(one) not in open_ones)
        shut = [one for one in closed if linkerd_proxy(world.mesh, one).is_present]
        if shut:
            yield Hit(
                policy.ingress[0].field / "ports",
                f"{policy} does not let port {_INBOUND} through, so calls within the mesh fail",
                resource=policy.resource,
                on_key=True,
                hint=f"Traffic between proxies arrives at {_INBOUND}, whatever port was dialed. Add it.",
                related=(Related(shut[0].field / "metadata" / "name", f"{shut[0]} is in the mesh"),),
            )


def _ingress_policies(world: World) -> list[tuple[NetworkPolicy, tuple[Workload, ...]]]:
    """The policies for what comes in where anything is in the mesh, with the workloads that they select."""
    kind = world.mesh.kind("networking.k8s.io", "NetworkPolicy", network_policy)
    return [
        (one, world.mesh.workloads.select(one.namespace, LabelSelector.read(one.pod_selector.value)))
        for place in dict.fromkeys(one.namespace for one in _meshed(world))
        for one in kind.shelf.living(place)
        if "Ingress" in one.policy_types
    ]


def _opens_proxy(policy: NetworkPolicy) -> bool:
    """Whether some rule names no port, or the proxy's."""
    return any(not rule.ports or any(map(_lets_in, rule.ports)) for rule in policy.ingress)


def _lets_in(port: NetworkPolicyPort) -> bool:
    if port.port is None or port.port == "linkerd-proxy":
        return port.protocol == "TCP"
    if not isinstance(port.port, int) or port.protocol != "TCP":
        return False
    return port.port <= _INBOUND <= (port.end_port or port.port)


def _meshed(world: World) -> Iterator[Workload]:
    return (one for one in world.mesh.workloads.all if linkerd_proxy(world.mesh, one).is_present)
