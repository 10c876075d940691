"""WasmPlugin and its successor TrafficExtension: own code in the proxies."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.istio.parts import SpecView, part, parts
from meshlint.resources.istio.selection import TargetRef, WorkloadSelector, match_labels, target_refs
from meshlint.resources.resource import Resource
from meshlint.resources.view import filled_or, mapping_at
from meshlint.resources.view_class import view
from meshlint.values import frozen


@view
class TrafficSelector:
    """Traffic that the code sees: of one side or both, on `ports`, or on all of them without any."""

    field: Field
    mode: str
    ports: tuple[int, ...]


@view
class Wasm:
    """A WebAssembly module. `url` without a scheme is an OCI image; without `sha256` it is not pinned."""

    field: Field
    url: Text | None
    sha256: Text | None
    image_pull_policy: Text | None
    image_pull_secret: Text | None
    verification_key: Text | None
    plugin_name: Text | None
    plugin_config: Field | None
    fail_strategy: Text
    type: Text | None
    vm_config: Field | None


@frozen(eq=False, repr=False)
class Extension(SpecView):
    """Code at `phase` of the filter chain: `wasm`, or the text of a Lua script; high `priority` comes first.

    `phase` is None at the end of the chain, after authorization. A WasmPlugin always has `wasm`.
    """

    selector: WorkloadSelector | None
    target_refs: tuple[TargetRef, ...]
    phase: Text | None
    priority: int | None
    match: tuple[TrafficSelector, ...]
    wasm: Wasm | None
    lua: Text | None


def wasm_plugin(resource: Resource) -> Extension:
    """The view of a WasmPlugin of any version."""
    return _extension(resource, _wasm(resource.spec), None)


def traffic_extension(resource: Resource) -> Extension:
    """The view of a TrafficExtension of any version."""
    spec = resource.spec
    return _extension(resource, part(spec, "wasm", _wasm), (spec / "lua").text("inlineCode"))


def _extension(resource: Resource, wasm: Wasm | None, lua: Text | None) -> Extension:
    spec = resource.spec
    phase = spec.text("phase")
    return Extension(
        resource,
        selector=match_labels(spec),
        target_refs=target_refs(spec),
        phase=None if phase in ("UNSPECIFIED", "UNSPECIFIED_PHASE") else phase,
        priority=spec.integer("priority"),
        match=parts(spec, "match", _traffic),
        wasm=wasm,
        lua=lua,
    )


def _wasm(field: Field) -> Wasm:
    return Wasm(
        field,
        url=field.text("url"),
        sha256=field.text("sha256"),
        image_pull_policy=field.text("imagePullPolicy"),
        image_pull_secret=field.text("imagePullSecret"),
        verification_key=field.text("verificationKey"),
        plugin_name=field.text("pluginName"),
        plugin_config=mapping_at(field, "pluginConfig"),
        fail_strategy=filled_or(field, "failStrategy", "FAIL_CLOSE"),
        type=field.text("type"),
        vm_config=mapping_at(field, "vmConfig"),
    )


def _traffic(field: Field) -> TrafficSelector:
    mode = filled_or(field, "mode", "UNDEFINED")
    numbers = (item.integer("number") for item in field.items("ports"))
    return TrafficSelector(
        field,
        mode="CLIENT_AND_SERVER" if mode == "UNDEFINED" else mode,
        ports=tuple(number for number in numbers if number is not None),
    )
