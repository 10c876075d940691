"""Gateways and the classes that they are of."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.gateway_api.listener import Listener, listeners
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView, text_or
from meshlint.resources.view_class import view
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class GatewayClass(ObjectView):
    """A kind of gateway that some controller runs."""

    controller_name: Text | None


@view
class GatewayAddress:
    """An address that the gateway asks for; its type is `IPAddress`, `Hostname` or a controller's own."""

    field: Field
    type: Text
    value: Text | None


@frozen(eq=False, repr=False)
class Gateway(ObjectView):
    """A gateway with the listeners that it declares itself."""

    gateway_class_name: Text | None
    listeners: tuple[Listener, ...]
    addresses: tuple[GatewayAddress, ...]
    listener_sets_from: Text
    """Namespaces whose ListenerSets may add listeners: `None`, `Same`, `All` or `Selector`."""
    listener_set_selector: Field

    @property
    def infrastructure_labels(self) -> dict[str, Text]:
        """Labels for the objects that the controller makes for this gateway."""
        return (self.resource.spec / "infrastructure").mapping("labels")

    @property
    def infrastructure_annotations(self) -> dict[str, Text]:
        """Annotations for the objects that the controller makes for this gateway."""
        return (self.resource.spec / "infrastructure").mapping("annotations")


def gateway_class(resource: Resource) -> GatewayClass:
    """`resource` read as a GatewayClass of any version."""
    return GatewayClass(resource, resource.spec.text("controllerName"))


def gateway(resource: Resource) -> Gateway:
    """`resource` read as a Gateway of any version of gateway.networking.k8s.io."""
    spec = resource.spec
    allowed = spec / "allowedListeners" / "namespaces"
    return Gateway(
        resource=resource,
        gateway_class_name=spec.text("gatewayClassName"),
        listeners=listeners(resource),
        addresses=tuple(
            GatewayAddress(item, text_or(item, "type", "IPAddress"), item.text("value"))
            for item in spec.items("addresses")
        ),
        listener_sets_from=text_or(allowed, "from", "None"),
        listener_set_selector=allowed / "selector",
    )
