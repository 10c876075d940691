"""The door of this room: the remarks of istiod's webhook on one object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from meshlint.admission.istio.metadata import annotations_said, may_say, name_said
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Said, Scene, Steps
from meshlint.admission.istio.vocabulary.shape import Shape, is_silent, walk
from meshlint.admission.istio.vocabulary.values import mapping
from meshlint.admission.remark import Judge, Remark
from meshlint.resources.schema.walk import holds_placeholder

if TYPE_CHECKING:
    from meshlint.resources import Resource

_HOME: Final = "meshlint.admission.istio.kinds"
_NETWORKING, _SECURITY = "networking.istio.io", "security.istio.io"
KINDS: Final[Mapping[tuple[str, str], str]] = {
    ("extensions.istio.io", "TrafficExtension"): "traffic_extension",
    ("extensions.istio.io", "WasmPlugin"): "wasm_plugin",
    (_NETWORKING, "DestinationRule"): "destination_rule",
    (_NETWORKING, "EnvoyFilter"): "envoy_filter",
    (_NETWORKING, "Gateway"): "gateway",
    (_NETWORKING, "ProxyConfig"): "proxy_config",
    (_NETWORKING, "ServiceEntry"): "service_entry",
    (_NETWORKING, "Sidecar"): "sidecar",
    (_NETWORKING, "VirtualService"): "virtual_service",
    (_NETWORKING, "WorkloadEntry"): "workload_entry",
    (_NETWORKING, "WorkloadGroup"): "workload_group",
    (_SECURITY, "AuthorizationPolicy"): "authorization_policy",
    (_SECURITY, "PeerAuthentication"): "peer_authentication",
    (_SECURITY, "RequestAuthentication"): "request_authentication",
    ("telemetry.istio.io", "Telemetry"): "telemetry",
}
"""The kinds that the webhook judges, and the module that declares the checks of each."""


def istio_remarks(resource: Resource) -> Iterable[Remark]:
    """What istiod's webhook says of an object, refusals and warnings; nothing of kinds that it does not know.

    Versions do not matter to it: all versions of a kind have one schema. A kind's module is loaded when the
    first object of that kind comes. A value that another tool fills in, such as `${PORT}`, is not judged.
    """
    module = KINDS.get((resource.group, resource.kind))
    value = resource.field.value
    if module is None or not isinstance(value, dict):
        return ()
    scene, shape = Scene(resource, mapping(value, "spec")), _shape_of(module)
    of_spec = None if is_silent(shape, scene.spec, scene) else shape
    if of_spec is None and not may_say(scene, resource.kind):
        return ()
    return _remarks(resource, scene, of_spec)


def _remarks(resource: Resource, scene: Scene, shape: Shape | None) -> list[Remark]:
    """What is said of an object, of its spec by the checks of `shape`."""
    found: list[Remark] = []

    def tell(base: Steps, path: Steps, here: Any, said: Said) -> None:
        if not _is_filled_in(here, said):
            found.append(_remark(resource, (*base, *path, *said.at), said))

    for said in annotations_said(scene, resource.kind):
        tell(("metadata", "annotations"), (), scene.annotations, said)
    # The webhook looks no further where an annotation makes it refuse.
    if not found:
        for said in name_said(scene, resource.kind):
            tell(("metadata",), (), {}, said)
        if shape is not None:
            walk(shape, scene.spec, scene, lambda path, here, said: tell(("spec",), path, here, said))
    return found


@cache
def _shape_of(module: str) -> Shape:
    """What the module of a kind declares."""
    shape: Shape = import_module(f"{_HOME}.{module}").SHAPE
    return shape


def _is_filled_in(here: Any, said: Said) -> bool:
    """Whether the value that is spoken of holds a placeholder."""
    target = here
    for step in said.at:
        if isinstance(target, dict):
            target = target.get(step)
        elif isinstance(target, list) and isinstance(step, int) and step < len(target):
            target = target[step]
        else:
            target = None
    if target is None and isinstance(here, dict):
        return any(isinstance(inner, str) and holds_placeholder(inner) for inner in here.values())
    # In headers, two percent signs are one.
    if said.mistake == Mistake.HEADER and isinstance(target, str):
        target = target.replace("%%", "")
    return holds_placeholder(target)


def _remark(resource: Resource, path: Steps, said: Said) -> Remark:
    return Remark(
        at=resource.at(*path),
        judge=Judge.ISTIOD,
        mistake=said.mistake,
        message=f"{resource} {said.words}" + (", so Istio rejects it" if said.refuses else ""),
        hint=said.hint,
        on_key=said.on_key,
        refuses=said.refuses,
        related=tuple(resource.at(*path[: len(path) - len(said.at)], *steps) for steps in said.related),
    )
