"""Classes of Gateways that no controller runs."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.full_view import looks_like_slip
from meshlint.mesh.names.nearest import nearest
from meshlint.resources.gateway_api.gateway import Gateway
from meshlint.resources.gateway_api.reference import GROUP

_OF_ISTIO = ("istio", "istio-east-west", "istio-remote", "istio-waypoint")
"""The classes that Istio brings along (Istio: GatewayClasses)."""


def unknown_classes(mesh: Mesh) -> Iterator[tuple[Gateway, Text, tuple[str, ...]]]:
    """Every Gateway of a class that surely does not exist, with those that may be meant.

    Controllers bring their classes along, so a class out of view is missing only where the files are
    complete, or where its name is nearly one of Istio's.
    """
    declared = [one.name for one in mesh.resources.of(GROUP, "GatewayClass")]
    known = tuple(dict.fromkeys((*declared, *_OF_ISTIO)))
    for gateway in mesh.kubernetes_gateways:
        name = gateway.gateway_class_name
        if name and name not in known:
            closed = mesh.settings.complete and bool(declared)
            if closed or looks_like_slip(name, _OF_ISTIO):
                yield gateway, name, nearest(name, known)
