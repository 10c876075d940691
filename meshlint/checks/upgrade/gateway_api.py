"""Definitions of the Gateway API that are older than what the meshes ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.resources.kubernetes.definition import bundle_version, defined_kind, served_versions

Parameters = Mapping[str, Any]
_GATEWAY_API = "gateway.networking.k8s.io"
_CRD = ("apiextensions.k8s.io", "CustomResourceDefinition")
_NEEDED = {
    "v1beta1": ("Gateway", "GatewayClass", "HTTPRoute", "ReferenceGrant"),
    "v1": ("GRPCRoute", "Gateway", "GatewayClass", "HTTPRoute"),
}
_LEAST_BUNDLE = {
    "BackendTLSPolicy": (1, 4, 0),
    "GRPCRoute": (1, 1, 0),
    "TCPRoute": (1, 6, 0),
    "TLSRoute": (1, 5, 0),
}


def beta_not_served(world: World, _: Parameters) -> Iterator[Hit]:
    """A definition of the Gateway API without the version that Istio demands."""
    return _not_served(world, "v1beta1", "Istio demands it before it is installed")


def stable_not_served(world: World, _: Parameters) -> Iterator[Hit]:
    """A definition of the Gateway API without the version that newer releases of Istio read."""
    return _not_served(world, "v1", "releases of Istio that read it see no such objects")


def _not_served(world: World, version: str, effect: str) -> Iterator[Hit]:
    for definition in world.resources.of(*_CRD):
        kind = defined_kind(definition, _GATEWAY_API)
        served = served_versions(definition)
        if kind in _NEEDED[version] and served and version not in served:
            yield Hit(
                definition.at("spec", "versions"),
                f"{definition} does not serve '{version}' of {kind}: {effect}",
                resource=definition,
                on_key=True,
                hint="Install the definitions of a newer release of the Gateway API.",
            )


def bundle_too_old(world: World, _: Parameters) -> Iterator[Hit]:
    """A definition of the Gateway API from a release that is older than what Istio works with."""
    for definition in world.resources.of(*_CRD):
        kind = defined_kind(definition, _GATEWAY_API)
        written, least = bundle_version(definition), _LEAST_BUNDLE.get(kind or "")
        if written is None or least is None or written[1] >= least:
            continue
        needed = ".".join(map(str, least))
        yield Hit(
            written[0].field,
            f"{definition} is of release '{written[0]}', so Istio, which needs {needed}, ignores {kind}",
            resource=definition,
            hint="Install the definitions of a newer release of the Gateway API.",
        )
