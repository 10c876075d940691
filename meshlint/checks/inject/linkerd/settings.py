"""Annotations of Linkerd's proxy that do nothing, or do harm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.mended import removed
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.resources import Resource
from meshlint.resources.kubernetes.quantity import quantity
from meshlint.security.membership.annotations import CONFIG, INJECT

Parameters = Mapping[str, Any]
_HEADERS = f"{CONFIG}proxy-log-http-headers"
_NATIVE = f"{CONFIG}proxy-enable-native-sidecar"
_WAIT = "config.alpha.linkerd.io/proxy-wait-before-exit-seconds"
_INGRESS = "ingress"


def without_effect(world: World, _: Parameters) -> Iterator[Hit]:
    """An annotation that is known and does nothing where it stands."""
    native = world.settings.linkerd.native_sidecar
    for resource, key, value in _written(world.mesh):
        why: str | None = None
        if key == f"{CONFIG}pod-inbound-ports":
            why = "The injector overwrites it with the ports of the pod."
        elif key == _WAIT and native and _text(resource, value, _NATIVE) != "false":
            why = "A native sidecar, as the proxy is by default, stops last anyway."
        if why is not None:
            yield Hit(
                value.field,
                f"{resource} has '{key}' where it does nothing",
                resource=resource,
                on_key=True,
                hint=why,
            )


def revealing(world: World, _: Parameters) -> Iterator[Hit]:
    """A setting that lets others read traffic."""
    for resource, key, value in _written(world.mesh):
        said: str | None = None
        if key == f"{CONFIG}enable-debug-sidecar" and value.lower() in ("1", "t", "true"):
            said = "adds a container that may capture packets"
        elif key == _HEADERS and value == "insecure":
            said = "logs the headers of requests, tokens included"
        elif key == f"{CONFIG}proxy-log-level" and {"debug", "trace"} & _levels(value):
            said = "logs in so much detail that requests can be read"
        if said is not None:
            yield Hit(
                value.field,
                f"{resource} {said}",
                resource=resource,
                hint=f"Remove `{key}` once the fault is found.",
                fix=removed(value.field, safe=False),
            )


def pinned(world: World, _: Parameters) -> Iterator[Hit]:
    """A proxy of a release of its own."""
    for resource, key, value in _written(world.mesh):
        if key in (f"{CONFIG}proxy-version", f"{CONFIG}proxy-image"):
            yield Hit(
                value.field,
                f"{resource} pins its proxy by '{key}', so it drifts from the control plane",
                resource=resource,
            )


def no_waiting(world: World, _: Parameters) -> Iterator[Hit]:
    """A container that may start before its proxy."""
    for resource, key, value in _written(world.mesh):
        if key == f"{CONFIG}proxy-await" and value == "disabled":
            yield Hit(
                value.field,
                f"{resource} does not wait for its proxy, so its first calls may fail",
                resource=resource,
            )


def ingress_namespace(world: World, _: Parameters) -> Iterator[Hit]:
    """A whole namespace in ingress mode."""
    for declared in world.resources.of("", "Namespace"):
        value = declared.annotations.get(INJECT)
        if value == _INGRESS and value is not None:
            yield Hit(
                value.field,
                f"{declared} puts all of its pods in ingress mode, so each routes by a header of the client",
                resource=declared,
                hint="Set it on the pod template of the ingress controller only.",
            )


def ingress_mode(world: World, _: Parameters) -> Iterator[Hit]:
    """A workload that routes by a header of the client."""
    for workload in world.mesh.workloads.all:
        value = workload.pod.annotations.get(INJECT)
        if value == _INGRESS and value is not None:
            yield Hit(
                value.field,
                f"{workload} is in ingress mode, so 'l5d-dst-override' of a client decides where calls go",
                resource=workload.resource,
                hint="Have the ingress controller set or strip that header on every request.",
            )


def request_over_limit(world: World, _: Parameters) -> Iterator[Hit]:
    """A request for the proxy that its limit does not allow."""
    for resource, key, value in _written(world.mesh):
        if not key.endswith("-request"):
            continue
        limit = _text(resource, value, key.removesuffix("request") + "limit")
        asked, most = quantity(value), quantity(limit)
        if asked is not None and most is not None and asked > most:
            yield Hit(
                value.field,
                f"{resource} asks '{value}' for its proxy over the limit '{limit}', so pods are refused",
                resource=resource,
            )


def _text(resource: Resource, beside: Text, key: str) -> str | None:
    """The annotation `key` that stands beside another one."""
    holder = resource.at(*beside.field.path[len(resource.field.path) : -1])
    value = holder.value.get(key) if isinstance(holder.value, dict) else None
    return value if isinstance(value, str) else None


def _levels(text: str) -> set[str]:
    return {part.rpartition("=")[2].strip().lower() for part in text.split(",")}


def _written(mesh: Mesh) -> Iterator[tuple[Resource, str, Text]]:
    """The annotations of namespaces and pod templates."""
    for declared in mesh.resources.of("", "Namespace"):
        for key, value in declared.annotations.items():
            yield declared, key, value
    for workload in mesh.workloads.all:
        for key, value in workload.pod.annotations.items():
            yield workload.resource, key, value
