"""Services and their ports."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView, filled_or, mapping_at, number_or_name
from meshlint.resources.view_class import view
from meshlint.values import frozen


@view
class ServicePort:
    """One entry of `ports`."""

    field: Field
    name: Text | None
    port: int | None
    target_port: int | Text | None
    """The container's port, by number or by name; `port` where none is written."""
    protocol: Text
    app_protocol: Text | None
    node_port: int | None


@frozen(eq=False, repr=False)
class Service(ObjectView):
    """A service. `selector` is None where none is written: then its endpoints come from elsewhere."""

    type: Text
    cluster_ip: Text | None
    external_name: Text | None
    selector: dict[str, Text] | None
    ports: tuple[ServicePort, ...]
    external_ips: tuple[Text, ...]

    @property
    def external_traffic_policy(self) -> Text:
        """Whether connections from outside may be handed on to other nodes."""
        return filled_or(self.resource.spec, "externalTrafficPolicy", "Cluster")

    @property
    def internal_traffic_policy(self) -> Text:
        """Whether connections from inside may be handed on to other nodes."""
        return filled_or(self.resource.spec, "internalTrafficPolicy", "Cluster")

    @property
    def publish_not_ready_addresses(self) -> bool:
        """Whether pods are endpoints before they are ready."""
        return self.resource.spec.boolean("publishNotReadyAddresses") or False

    @property
    def is_headless(self) -> bool:
        """Whether clients get the addresses of the pods instead of one of the service."""
        return self.cluster_ip == "None"

    @property
    def is_external_name(self) -> bool:
        """Whether the service is a DNS alias, so that selector and cluster address mean nothing."""
        return self.type == "ExternalName"

    def port(self, number: int) -> ServicePort | None:
        """The first port with this number."""
        return next((port for port in self.ports if port.port == number), None)

    def port_named(self, name: str) -> ServicePort | None:
        """The first port with this name."""
        return next((port for port in self.ports if port.name == name), None)


def service(resource: Resource) -> Service:
    """`resource` read as a core/v1 Service, with the defaults that Kubernetes fills in."""
    spec = resource.spec
    return Service(
        resource=resource,
        type=filled_or(spec, "type", "ClusterIP"),
        cluster_ip=spec.text("clusterIP"),
        external_name=spec.text("externalName"),
        selector=spec.mapping("selector") if mapping_at(spec, "selector") else None,
        ports=tuple([_port(item) for item in spec.items("ports")]),
        external_ips=spec.texts("externalIPs"),
    )


def _port(field: Field) -> ServicePort:
    number = field.integer("port")
    return ServicePort(
        field=field,
        name=field.text("name") or None,
        port=number,
        # Kubernetes fills in the port for 0 and for an empty text as well.
        target_port=number_or_name(field, "targetPort") or number,
        protocol=filled_or(field, "protocol", "TCP"),
        app_protocol=field.text("appProtocol"),
        node_port=field.integer("nodePort"),
    )
