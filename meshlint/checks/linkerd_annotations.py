"""Injection that is asked for in vain, and default policies that are open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.documents import Field, Text
from meshlint.mesh import Mesh
from meshlint.resources import Resource
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.linkerd.default_policy import UNAUTHENTICATED, default_policy
from meshlint.security.linkerd.ports import port_list
from meshlint.security.linkerd.servers import ports_on
from meshlint.security.membership.annotations import (
    ADMISSION_WEBHOOKS,
    DEFAULT_POLICY,
    INJECT,
    REQUIRE_IDENTITY,
)
from meshlint.security.membership.linkerd import (
    EXCLUDED_NAMESPACES,
    OFF,
    ON,
    linkerd_proxy,
)

Parameters = Mapping[str, Any]


def excluded_namespace(world: World, _: Parameters) -> Iterator[Hit]:
    """A request for injection where the injector is never asked."""
    mesh = world.mesh
    for resource, value in _written(mesh, INJECT):
        namespace = resource.name if resource.kind == "Namespace" else resource.namespace
        off = (mesh.namespaces.labels(namespace) or {}).get(ADMISSION_WEBHOOKS)
        if value in ON and (namespace in EXCLUDED_NAMESPACES or off == OFF):
            why = "the namespace turns Linkerd's webhooks off" if off == OFF else "Linkerd leaves it out"
            yield Hit(
                value.field,
                f"{resource} asks for injection in '{namespace}', so nothing is injected",
                resource=resource,
                hint=f"Use another namespace: {why}.",
                related=() if off is None else (Related(off.field, "this turns the webhooks off"),),
            )


def open_default(world: World, _: Parameters) -> Iterator[Hit]:
    """A default policy that lets in clients without an identity because its author says so."""
    for resource, value in _written(world.mesh, DEFAULT_POLICY):
        if value in UNAUTHENTICATED and value != "audit":
            yield Hit(
                value.field,
                f"{resource} sets the default policy '{value}', so callers outside of the mesh are let in",
                resource=resource,
                hint="Use `all-authenticated`, or `deny` with a Server for each port.",
            )


def identity_required_in_vain(world: World, _: Parameters) -> Iterator[Hit]:
    """Ports that are to ask for an identity where something else decides (Linkerd: default policy)."""
    mesh = world.mesh
    for workload in mesh.workloads.all:
        value = workload.pod.annotations.get(REQUIRE_IDENTITY)
        if value is None or not linkerd_proxy(mesh, workload).is_present:
            continue
        policy = default_policy(mesh, workload)
        if policy.because is not None and not policy.is_upgraded_by_identity:
            yield _in_vain(
                workload, value, f"the default policy '{policy.name}' stands", policy.because.field
            )
            continue
        for server in mesh.linkerd.servers_of(workload):
            ports = [one for one in ports_on(server, workload) if port_list(value).ports.admits(one)]
            if ports:
                place = server.field / "metadata" / "name"
                yield _in_vain(workload, value, f"{server} decides at port {ports[0]}", place)


def _in_vain(workload: Workload, value: Text, why: str, because: Field) -> Hit:
    return Hit(
        value.field,
        f"{workload} requires identities, but {why}, so the annotation has no effect there",
        resource=workload.resource,
        on_key=True,
        related=(Related(because, "this counts"),),
        about=why,
    )


def undecided_default(world: World, _: Parameters) -> Iterator[Hit]:
    """A namespace with meshed workloads for which nothing in view sets a default policy."""
    mesh = world.mesh
    if mesh.settings.linkerd.is_declared("default_inbound_policy"):
        return
    for namespace in mesh.workloads.namespaces:
        meshed = [
            one for one in mesh.workloads.in_namespace(namespace) if linkerd_proxy(mesh, one).is_present
        ]
        open_ones = [one for one in meshed if default_policy(mesh, one).because is None]
        if open_ones:
            resource = mesh.namespaces.get(namespace) or open_ones[0].resource
            yield Hit(
                resource.at("metadata", "name"),
                f"No default policy is set for namespace '{namespace}', so its meshed pods take plaintext",
                resource=resource,
                hint=f"Annotate the namespace with `{DEFAULT_POLICY}`, or declare the control plane's "
                "default as `linkerd: {default-inbound-policy: …}` under `mesh:` in the configuration.",
                related=(Related(open_ones[0].field / "metadata" / "name", f"this concerns {open_ones[0]}"),),
                about=namespace,
            )


def _written(mesh: Mesh, key: str) -> Iterator[tuple[Resource, Text]]:
    """Where `key` is written in a place that counts: on namespaces and on pod templates."""
    for declared in mesh.resources.of("", "Namespace"):
        value = declared.annotations.get(key)
        if value is not None:
            yield declared, value
    for workload in mesh.workloads.all:
        value = workload.pod.annotations.get(key)
        if value is not None:
            yield workload.resource, value
