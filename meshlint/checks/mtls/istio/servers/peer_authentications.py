"""PeerAuthentications that do something else than their author thinks, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.mended import removed
from meshlint.checks.world import World
from meshlint.mesh import MtlsMode
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.policies.peer_authentications import Scope
from meshlint.mesh.questions.machines import may_select_machines
from meshlint.mesh.questions.near_misses import nearly_selected
from meshlint.mesh.questions.unseen_pods import may_select
from meshlint.mesh.workloads.gateways import is_gateway
from meshlint.resources.istio.peer_authentication import PeerAuthentication
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import istio_sidecar
from meshlint.security.transport.calls import TLS_MODE
from meshlint.security.transport.inbound import served_ports, service_ports
from meshlint.security.transport.servers import namespace_mtls, workload_mtls

Parameters = Mapping[str, Any]
_REWRITE = "sidecar.istio.io/rewriteAppHTTPProbers"


def ignored_in_root(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy of the root namespace with a selector, which no proxy ever looks at."""
    for policy in world.mesh.peer_authentications.of_scope(Scope.IGNORED):
        yield Hit(
            policy.field / "selector",
            f"{policy} has a selector in the root namespace, so it is ignored everywhere",
            resource=policy.resource,
            on_key=True,
            hint="Move it to the namespace of the pods, or remove the selector to make it mesh-wide.",
        )


def competing(world: World, _: Parameters) -> Iterator[Hit]:
    """Two policies for one whole scope that disagree."""
    policies = world.mesh.peer_authentications
    wide = [*policies.of_scope(Scope.MESH), *policies.of_scope(Scope.NAMESPACE)]
    wide.sort(key=lambda one: (one.namespace, one.name))
    for _namespace, found in groupby(wide, key=lambda one: one.namespace):
        group = list(found)
        other = next((one for one in group if one.name != group[0].name and one.mode != group[0].mode), None)
        if other is not None:
            yield Hit(
                other.resource.at("metadata", "name"),
                f"{other} and {group[0]} set different modes for the same scope, so the older one decides",
                resource=other.resource,
                related=(Related(group[0].resource.at("metadata", "name"), "the other policy"),),
                hint="Keep one of the two: which is older is not in the files.",
            )


def service_port_in_exception(world: World, _: Parameters) -> Iterator[Hit]:
    """An exception for the port of a Service, where the container's port counts."""
    for policy in world.mesh.peer_authentications.all:
        labels = policy.selector.labels if policy.selector is not None else {}
        workloads = world.mesh.workloads.labelled(policy.namespace, labels) if labels else ()
        for entry in policy.port_level_mtls:
            if not workloads or entry.port is None:
                continue
            served = [entry.port in served_ports(world.mesh, one) for one in workloads]
            targets = [service_ports(world.mesh, one).get(entry.port, frozenset()) for one in workloads]
            meant = sorted(frozenset().union(*targets))
            if meant and not any(served):
                yield Hit(
                    entry.field,
                    f"{policy} makes an exception for port {entry.port} of a Service, so it concerns no port",
                    resource=policy.resource,
                    on_key=True,
                    hint=f"Use the container's port, {meant[0]}.",
                )


def strict_where_clients_send_plaintext(world: World, _: Parameters) -> Iterator[Hit]:
    """A STRICT workload in a namespace with DISABLE: automatic mTLS goes by the namespace."""
    mesh = world.mesh
    for workload in mesh.workloads.all:
        if namespace_mtls(mesh, workload.namespace).modes != {MtlsMode.DISABLE}:
            continue
        if not istio_sidecar(mesh, workload).is_present or not mesh.services.of(workload):
            continue
        mtls = workload_mtls(mesh, workload)
        if mtls.modes == {MtlsMode.STRICT}:
            policy = mtls.deciding[-1]
            yield Hit(
                policy.field / "mtls" / "mode",
                f"{policy} demands mTLS in a namespace that disables it, so calls from the mesh fail",
                resource=policy.resource,
                hint="Set the namespace to PERMISSIVE: clients decide by the mode of the whole namespace.",
                about=str(workload),
            )


def without_effect(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy that sets nothing."""
    for policy in world.mesh.peer_authentications.all:
        if not policy.port_level_mtls and policy.mode == MtlsMode.UNSET.value:
            yield Hit(
                policy.resource.at("metadata", "name"),
                f"{policy} sets no mode, so it changes nothing",
                resource=policy.resource,
            )


def selects_nothing(world: World, _: Parameters) -> Iterator[Hit]:
    """A selector that no pod and no machine in view satisfies, though a workload was surely meant."""
    for policy, workloads in _selecting(world):
        labels = policy.selector.labels if policy.selector is not None else {}
        if any(_belongs(policy, one) for one in workloads):
            continue
        if may_select_machines(world.mesh, policy.namespace, labels):
            continue
        meant = nearly_selected(world.mesh, policy.resource, labels)
        open_ = not world.settings.complete or may_select(world.mesh, policy.namespace, labels)
        if meant is not None or not open_:
            place = meant.pod.field / "metadata" / "labels" if meant is not None else None
            yield Hit(
                policy.field / "selector" / "matchLabels",
                f"{policy} selects no pod of its namespace, so it has no effect",
                resource=policy.resource,
                related=(Related(place, f"{meant} was probably meant"),) if place is not None else (),
            )


def on_gateway(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy for gateways alone, to whose listeners it means nothing."""
    for policy, workloads in _selecting(world) if any(map(is_gateway, world.mesh.workloads.all)) else ():
        selected = [one for one in workloads if _belongs(policy, one)]
        if selected and all(map(is_gateway, selected)):
            yield Hit(
                policy.field / "selector" / "matchLabels",
                f"{policy} selects gateways alone, to whose listeners it means nothing",
                resource=policy.resource,
                hint="A gateway's servers say themselves, under `tls`, what they ask of clients.",
            )


def disable_in_ambient(world: World, _: Parameters) -> Iterator[Hit]:
    """DISABLE for a namespace in ambient mode, where it counts as PERMISSIVE."""
    for policy in world.mesh.peer_authentications.of_scope(Scope.NAMESPACE):
        labels = world.mesh.namespaces.labels(policy.namespace) or {}
        if policy.mode == "DISABLE" and labels.get("istio.io/dataplane-mode") == "ambient" and policy.mtls:
            yield Hit(
                policy.mtls.field / "mode",
                f"{policy} sets 'DISABLE' in ambient mode, so it counts as PERMISSIVE",
                resource=policy.resource,
            )


def tls_mode_by_hand(world: World, _: Parameters) -> Iterator[Hit]:
    """The label by which injection tells clients that a pod takes mTLS, set by hand."""
    for workload in world.mesh.workloads.all:
        label = workload.pod.labels.get(TLS_MODE)
        injected = any(one.name == "istio-proxy" for one in workload.pod.running_containers)
        if label is not None and not injected:
            yield Hit(
                label.field,
                f"{workload} sets '{TLS_MODE}' by hand, so clients go by it instead of by the proxy",
                resource=workload.resource,
                hint="Remove the label: injection sets it.",
                fix=removed(label.field, safe=False),
            )


def probes_not_rewritten(world: World, _: Parameters) -> Iterator[Hit]:
    """HTTP probes that the kubelet sends in plaintext to a port that demands mTLS."""
    for workload in world.mesh.workloads.all:
        switch = workload.pod.annotations.get(_REWRITE)
        if switch != "false" or not istio_sidecar(world.mesh, workload).is_present:
            continue
        if not any(probe.handler == "httpGet" for one in workload.pod.containers for probe in one.probes):
            continue
        if workload_mtls(world.mesh, workload).accepts_plaintext is False:
            yield Hit(
                switch.field,
                f"{workload} keeps its HTTP probes as they are under STRICT, so they fail",
                resource=workload.resource,
                hint="Remove the annotation, or exempt the probes' port with `portLevelMtls`.",
            )


def _selecting(world: World) -> Iterator[tuple[PeerAuthentication, tuple[Workload, ...]]]:
    """The policies for some workloads, each with those in the files."""
    for policy in world.mesh.peer_authentications.of_scope(Scope.WORKLOAD):
        if policy.selector is not None:
            workloads = world.mesh.workloads.labelled(policy.namespace, policy.selector.labels)
            yield policy, workloads


def _belongs(policy: PeerAuthentication, workload: Workload) -> bool:
    return belong_together(policy.resource, workload.resource)
