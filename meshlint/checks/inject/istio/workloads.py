"""Workloads and namespaces that Istio's injection passes by, or takes against the author's wish."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.inject.istio.templates import is_filled_in_later
from meshlint.checks.shared.mended import one_of, removed
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.mesh.remembered import remembered
from meshlint.mesh.workloads.gateways import is_gateway
from meshlint.resources import Resource
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import (
    DATAPLANE_MODE,
    INJECT,
    INJECTION,
    REVISION,
    SYSTEM_NAMESPACES,
    is_meshed,
    istio_ambient,
    istio_sidecar,
)
from meshlint.values import regex

Parameters = Mapping[str, Any]
_PROXY_USER = 1337


_WORDS = regex("[a-z]+")


def outside_among_meshed(world: World, _: Parameters) -> Iterator[Hit]:
    """A workload behind a Service that nothing brings into the mesh, while its neighbours are in it."""
    for workload in _outside(world.mesh):
        membership = istio_sidecar(world.mesh, workload)
        if membership.opted_out or _wishes(workload) is not None:
            continue
        peer = _meshed_neighbour(world.mesh, workload)
        if peer is None:
            continue
        yield Hit(
            workload.resource.at("metadata", "name"),
            f"{workload} has no proxy while {peer} in its namespace has one, so it speaks plaintext",
            resource=workload.resource,
            hint=f"It has none because {membership.reason}. Label the namespace, or the pod template with "
            f'{INJECT}: "true".',
            related=(Related(peer.resource.at("metadata", "name"), "this workload is in the mesh"),),
        )


def kept_outside(world: World, _: Parameters) -> Iterator[Hit]:
    """A workload behind a Service that its author keeps out of a meshed namespace."""
    for workload in _outside(world.mesh):
        membership = istio_sidecar(world.mesh, workload)
        if not membership.opted_out or membership.because is None or workload.pod.host_network:
            continue
        if _meshed_neighbour(world.mesh, workload) is not None:
            yield Hit(
                membership.because,
                f"{workload} is kept out of the mesh, so calls to it are plaintext and no policy guards it",
                resource=workload.resource,
            )


def on_host_network(world: World, _: Parameters) -> Iterator[Hit]:
    """A workload behind a Service on the host's network, where no proxy is injected."""
    for workload in _outside(world.mesh):
        if workload.pod.host_network and _meshed_neighbour(world.mesh, workload) is not None:
            yield Hit(
                workload.pod.spec / "hostNetwork",
                f"{workload} uses the host's network, so it gets no proxy and no policy guards it",
                resource=workload.resource,
            )


def annotation_alone(world: World, _: Parameters) -> Iterator[Hit]:
    """An annotation that asks for a sidecar where the webhook is never called."""
    for workload in world.mesh.workloads.all:
        wish = workload.pod.annotations.get(INJECT)
        if wish != "true" or INJECT in workload.pod.labels:
            continue
        if istio_sidecar(world.mesh, workload).is_absent and not workload.pod.host_network:
            yield Hit(
                wish.field,
                f"{workload} asks for a sidecar by annotation, so it gets none: the webhook goes by labels",
                resource=workload.resource,
                hint=f'Write {INJECT}: "true" under `labels` of the pod template.',
            )


def unknown_namespace_value(world: World, _: Parameters) -> Iterator[Hit]:
    """A namespace label of injection with a value that Istio does not know."""
    for namespace in world.resources.of("", "Namespace"):
        value = namespace.labels.get(INJECTION)
        if value is not None and value not in ("enabled", "disabled"):
            yield _bad_value(namespace, INJECTION, value, "'enabled' or 'disabled'", "nothing is injected")
        mode = namespace.labels.get(DATAPLANE_MODE)
        if mode is not None and mode not in ("ambient", "none"):
            yield _bad_value(namespace, DATAPLANE_MODE, mode, "'ambient' or 'none'", "it is not in the mesh")


def unknown_pod_value(world: World, _: Parameters) -> Iterator[Hit]:
    """An injection label or annotation of pods that is neither `true` nor `false`."""
    for workload in world.mesh.workloads.all:
        for written in (workload.pod.labels, workload.pod.annotations):
            value = written.get(INJECT)
            if value is not None and value not in ("true", "false") and not is_filled_in_later(value):
                effect = "the mesh's default decides"
                yield _bad_value(workload.resource, INJECT, value, '"true" or "false"', effect)


def two_namespace_labels(world: World, _: Parameters) -> Iterator[Hit]:
    """A namespace with a label for injection by default and one for a revision."""
    for namespace in world.resources.of("", "Namespace"):
        injection, revision = namespace.labels.get(INJECTION), namespace.labels.get(REVISION)
        if injection is None or revision is None:
            continue
        yield Hit(
            revision.field,
            f"{namespace} carries both '{INJECTION}' and '{REVISION}', so the revision is ignored",
            resource=namespace,
            related=(Related(injection.field, "this one decides"),),
            hint="Remove one of the two.",
            fix=removed(revision.field, safe=False, keeps_meaning=True),
        )


def two_dataplanes(world: World, _: Parameters) -> Iterator[Hit]:
    """A namespace in ambient mode that has sidecars injected as well."""
    for namespace in world.resources.of("", "Namespace"):
        labels = namespace.labels
        if labels.get(DATAPLANE_MODE) != "ambient":
            continue
        other = labels.get(INJECTION) if labels.get(INJECTION) == "enabled" else None
        if other is None and INJECTION not in labels:
            other = labels.get(REVISION)
        if other is not None:
            yield Hit(
                other.field,
                f"{namespace} is in ambient mode and has sidecars injected, so its pods get sidecars",
                resource=namespace,
                related=(Related(labels[DATAPLANE_MODE].field, "ambient mode is asked for here"),),
                hint="Keep one of the two labels.",
            )


def proxy_user(world: World, _: Parameters) -> Iterator[Hit]:
    """A container that runs as the user of the proxy."""
    for workload in world.mesh.workloads.all:
        if not istio_sidecar(world.mesh, workload).is_present:
            continue
        for container in workload.pod.running_containers:
            if workload.pod.user_of(container) == _PROXY_USER and container.name != "istio-proxy":
                own = container.run_as_user is not None
                holder = container.field if own else workload.pod.spec
                yield Hit(
                    holder / "securityContext" / "runAsUser",
                    f"{workload} runs '{container.name}' as user {_PROXY_USER}, so calls bypass the proxy",
                    resource=workload.resource,
                    about=container.name or "",
                )


def _bad_value(resource: Resource, key: str, value: Text, known: str, effect: str) -> Hit:
    return Hit(
        value.field,
        f"{resource} sets '{key}' to '{value}', which Istio does not know, so {effect}",
        resource=resource,
        hint=f"Write {known}.",
        fix=one_of(value.field, _WORDS.findall(known)),
    )


@remembered
def _outside(mesh: Mesh) -> tuple[Workload, ...]:
    """The workloads behind a Service that are surely in no part of Istio's mesh, its own ones apart."""
    own = (*SYSTEM_NAMESPACES, mesh.settings.root_namespace)
    return tuple(
        one
        for place in mesh.workloads.namespaces
        if place not in own
        for one in mesh.workloads.in_namespace(place)
        if istio_sidecar(mesh, one).is_absent and istio_ambient(mesh, one).is_absent and mesh.services.of(one)
    )


def _meshed_neighbour(mesh: Mesh, workload: Workload) -> Workload | None:
    """The first other workload of the namespace that has a proxy of Istio."""
    first = _first_meshed(mesh, workload.namespace)
    return next((one for one in first if one.resource.id != workload.resource.id), None)


@remembered
def _first_meshed(mesh: Mesh, namespace: str) -> tuple[Workload, ...]:
    """The first workload of a namespace that has a proxy of Istio, and the first one beside it.

    A gateway's own proxy does not count.
    """
    held = mesh.workloads.in_namespace(namespace)
    meshed = (one for one in held if not is_gateway(one) and is_meshed(mesh, one))
    first = next(meshed, None)
    if first is None:
        return ()
    return first, *islice((one for one in meshed if one.resource.id != first.resource.id), 1)


def _wishes(workload: Workload) -> Text | None:
    return workload.pod.labels.get(INJECT) or workload.pod.annotations.get(INJECT)
