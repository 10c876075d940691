"""Which controller runs a Gateway, by its class."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from meshlint.mesh import Mesh
from meshlint.resources.gateway_api.gateway import Gateway, GatewayClass, gateway_class
from meshlint.resources.gateway_api.reference import GROUP
from meshlint.values import frozen

ISTIO = "istio.io/gateway-controller"
REMOTE = "istio.io/unmanaged-gateway"
WAYPOINT = "istio.io/mesh-controller"
EAST_WEST = "istio.io/eastwest-controller"
LINKERD = "linkerd.io/policy-controller"
OF_ISTIO: Mapping[str, str] = {
    "istio": ISTIO,
    "istio-remote": REMOTE,
    "istio-waypoint": WAYPOINT,
    "istio-east-west": EAST_WEST,
}
"""Classes that Istio knows even where no GatewayClass is in the cluster (Istio: GatewayClasses)."""
_NAMED_AFTER_GATEWAY = frozenset({WAYPOINT, EAST_WEST})


@frozen(eq=False, slots=False, repr=False)
class Controllers:
    """The controllers of the classes in view."""

    mesh: Mesh

    @cached_property
    def classes(self) -> tuple[GatewayClass, ...]:
        """The GatewayClasses in view."""
        return self.mesh.views(GROUP, "GatewayClass", gateway_class)

    @cached_property
    def _by_class(self) -> dict[str, str]:
        declared = {one.name: str(one.controller_name) for one in self.classes if one.controller_name}
        return {**OF_ISTIO, **declared}

    def of(self, gateway: Gateway) -> str | None:
        """The controller that runs a Gateway; None where no file tells."""
        return self._by_class.get(str(gateway.gateway_class_name or ""))


def is_istio(controller: str | None) -> bool:
    """Whether istiod is the controller."""
    return controller in (ISTIO, REMOTE, WAYPOINT, EAST_WEST)


def takes_listener_sets(controller: str | None) -> bool:
    """Whether Gateways of a controller may have ListenerSets (Istio: of its class `istio` alone)."""
    return controller == ISTIO or not is_istio(controller)


def service_name(gateway: Gateway, controller: str) -> str:
    """How Istio names the Service of a Gateway that it deploys itself."""
    override = gateway.annotations.get("gateway.istio.io/name-override")
    if override:
        return str(override)
    if controller in _NAMED_AFTER_GATEWAY:
        return gateway.name
    return f"{gateway.name}-{gateway.gateway_class_name}"
