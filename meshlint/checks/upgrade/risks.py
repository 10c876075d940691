"""What an upgrade may break, and code that may change without one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.checks.hit import Hit
from meshlint.checks.shared.told import told
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.resources.istio.extension import Wasm, traffic_extension, wasm_plugin
from meshlint.resources.kubernetes.ingress import CLASS_ANNOTATION

_LOCAL = "file://"
_ISTIO = "istio"


def envoy_filter(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """An EnvoyFilter, whose meaning rests on what Istio generates."""
    return told(world, Mistake.ENVOY_FILTER)


def unpinned_code(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A WebAssembly module that may change under the same name."""
    plugins = world.mesh.views("extensions.istio.io", "WasmPlugin", wasm_plugin)
    extensions = world.mesh.views("extensions.istio.io", "TrafficExtension", traffic_extension)
    for extension in (*plugins, *extensions):
        url = None if extension.wasm is None else _unpinned(extension.wasm)
        if url is not None:
            yield Hit(
                url.field,
                f"{extension.resource} runs {str(url)!r}, which no digest pins, so its code may change",
                resource=extension.resource,
                hint="Add `sha256`, or name the image by digest.",
            )


def _unpinned(wasm: Wasm) -> Text | None:
    url = wasm.url
    if not url or wasm.sha256 or "@sha256:" in url or url.startswith(_LOCAL):
        return None
    return url


def legacy_ingress(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """An Ingress that Istio serves."""
    for resource in world.resources.of("networking.k8s.io", "Ingress"):
        annotation = resource.at("metadata", "annotations").text(CLASS_ANNOTATION)
        name = annotation or resource.spec.text("ingressClassName")
        if name == _ISTIO:
            yield Hit(
                name.field,
                f"{resource} is an Ingress of Istio, so it does without most of what Istio's gateways can do",
                resource=resource,
                hint="Move it to a Gateway and an HTTPRoute of the Gateway API.",
            )
