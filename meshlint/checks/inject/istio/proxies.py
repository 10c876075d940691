"""Proxies of Istio at the wrong revision, at the wrong time or not at all, and their names in telemetry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.inject.istio.templates import is_filled_in_later
from meshlint.checks.shared.wording import listed
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.mesh.questions.revisions import is_unknown_revision, known_revisions
from meshlint.mesh.workloads.gateways import is_gateway
from meshlint.resources import Resource
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import (
    DATAPLANE_MODE,
    INJECT,
    INJECTION,
    REVISION,
    SYSTEM_NAMESPACES,
    istio_sidecar,
    unfilled_proxy,
)
from meshlint.security.membership.native_sidecars import (
    NATIVE,
    calls_before,
    ends_proxy,
    has_native_sidecar,
    started_before,
)

Parameters = Mapping[str, Any]
_TELEMETRY_LABELS = (
    ("app", "app.kubernetes.io/name", "service.istio.io/canonical-name"),
    ("version", "app.kubernetes.io/version", "service.istio.io/canonical-revision"),
)


def image_not_filled(world: World, _: Parameters) -> Iterator[Hit]:
    """A proxy whose image injection has to fill in, in pods that are not injected."""
    for workload in world.mesh.workloads.all:
        image = unfilled_proxy(world.mesh, workload)
        if image is not None:
            yield Hit(
                image.field,
                f"{workload} leaves the proxy's image to injection, which passes it by, so it does not start",
                resource=workload.resource,
                hint=f'Label the pod template with {INJECT}: "true".',
            )


def unknown_revision(world: World, _: Parameters) -> Iterator[Hit]:
    """A namespace or pods that ask a revision for sidecars which is not there."""
    for owner, revision in _revisions(world):
        if is_unknown_revision(world.mesh, revision):
            yield Hit(
                revision.field,
                f"{owner} asks revision '{revision}' for sidecars, which is not there, so it gets none",
                resource=owner,
                hint=f"There are {listed(known_revisions(world.mesh))}.",
            )


def job_never_ends(world: World, _: Parameters) -> Iterator[Hit]:
    """A job whose proxy outlives it."""
    for workload in world.mesh.workloads.all:
        if workload.kind not in ("Job", "CronJob") or not istio_sidecar(world.mesh, workload).is_present:
            continue
        if has_native_sidecar(world.mesh, workload) is False and not ends_proxy(workload):
            yield Hit(
                workload.resource.at("metadata", "name"),
                f"{workload} has a proxy that is no native sidecar, so the job never completes",
                resource=workload.resource,
                hint=f'Set the annotation {NATIVE}: "true", or let the job end the proxy.',
            )


def before_the_proxy(world: World, _: Parameters) -> Iterator[Hit]:
    """An init container that is done before the proxy starts."""
    for workload in world.mesh.workloads.all:
        if not istio_sidecar(world.mesh, workload).is_present:
            continue
        if has_native_sidecar(world.mesh, workload) is not False:
            continue
        failing = {id(one.field.value) for one, _ in calls_before(workload)}
        for container in started_before(workload):
            if id(container.field.value) in failing:
                continue
            yield Hit(
                container.field / "name",
                f"{workload} runs '{container.name}' before its proxy starts, so its calls bypass the mesh",
                resource=workload.resource,
                hint=f'Set the annotation {NATIVE}: "true" if the container calls others.',
            )


def calls_before_the_proxy(world: World, _: Parameters) -> Iterator[Hit]:
    """An init container that calls others before the proxy starts, which is to take the calls."""
    for workload in world.mesh.workloads.all:
        if not istio_sidecar(world.mesh, workload).is_present:
            continue
        if has_native_sidecar(world.mesh, workload) is not False:
            continue
        for container, called in calls_before(workload):
            yield Hit(
                container.field / "name",
                f"{workload} runs '{container.name}' before its proxy starts, so its calls fail",
                resource=workload.resource,
                hint=f'Set the annotation {NATIVE}: "true", or run the container as user 1337, the proxy\'s.',
                related=(Related(called.field, "it calls this"),),
            )


def without_telemetry_labels(world: World, _: Parameters) -> Iterator[Hit]:
    """Pods of the mesh without the labels that telemetry names them by."""
    for workload in world.mesh.workloads.all:
        if not istio_sidecar(world.mesh, workload).is_present or is_gateway(workload):
            continue
        labels = workload.pod.labels
        missing = [keys[0] for keys in _TELEMETRY_LABELS if not any(key in labels for key in keys)]
        if missing:
            yield Hit(
                workload.pod.field / "metadata" / "labels",
                f"{workload} has no label {listed(missing)}, so telemetry does not tell its versions apart",
                resource=workload.resource,
                on_key=True,
            )


def injected_by_default(world: World, _: Parameters) -> Iterator[Hit]:
    """A namespace without a label, where the mesh injects into all that have none."""
    if not world.settings.enable_namespaces_by_default:
        return
    for namespace in world.resources.of("", "Namespace"):
        labels = namespace.labels
        told = any(key in labels for key in (INJECTION, REVISION, DATAPLANE_MODE))
        if not told and namespace.name not in (*SYSTEM_NAMESPACES, world.settings.root_namespace):
            yield Hit(
                namespace.at("metadata", "name"),
                f"{namespace} says nothing of injection, so its pods get sidecars by default",
                resource=namespace,
                hint=f"Say {INJECTION}: enabled or disabled.",
            )


def _revisions(world: World) -> Iterator[tuple[Resource, Text]]:
    for namespace in world.resources.of("", "Namespace"):
        revision = namespace.labels.get(REVISION)
        if revision and INJECTION not in namespace.labels and not is_filled_in_later(revision):
            yield namespace, revision
    for workload in world.mesh.workloads.all:
        revision = workload.pod.labels.get(REVISION)
        if revision and not is_filled_in_later(revision) and _goes_by_its_own(world.mesh, workload):
            yield workload.resource, revision


def _goes_by_its_own(mesh: Mesh, workload: Workload) -> bool:
    """Whether the revision of pods counts: the labels of their namespace come first."""
    labels = mesh.namespaces.labels(workload.namespace) or {}
    return workload.pod.labels.get(INJECT) != "false" and INJECTION not in labels and REVISION not in labels
