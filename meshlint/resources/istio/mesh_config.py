"""MeshConfig: the settings of a whole mesh, wherever they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.documents import Field, Text, read
from meshlint.resources.istio.parts import part, parts
from meshlint.resources.releases import releases, values_from
from meshlint.resources.resource import Resource, resource_of
from meshlint.resources.view import mapping_at
from meshlint.resources.view_class import view

if TYPE_CHECKING:
    from meshlint.resources.collection import ResourceSet
    from meshlint.resources.istio.http_actions import Retries
    from meshlint.resources.istio.load_balancer import LocalityLbSetting
    from meshlint.resources.istio.traffic_policy import TrafficPolicy

_INSTALLERS = frozenset(
    {
        ("install.istio.io", "IstioOperator"),
        ("sailoperator.io", "Istio"),
        ("sailoperator.io", "IstioRevision"),
    }
)
_HIGHEST_PORT = 65535
_STATUSES = frozenset(str(code) for code in range(100, 600))
EVERYWHERE = ("*",)
"""The `exportTo` that makes an object visible in every namespace."""


@view
class ExtensionProvider:
    """A service that policies may name; `type` is the field that sets it up, such as `envoyExtAuthzGrpc`."""

    field: Field
    name: Text | None
    type: str | None

    @property
    def is_sound(self) -> bool:
        """Whether its port, path and status are such that Istio takes it (Istio: extension providers)."""
        settings = self.field / (self.type or "")
        port, prefix, status = (
            settings.integer("port"),
            settings.text("pathPrefix"),
            settings.text("statusOnError"),
        )
        return (
            (port is None or 0 < port <= _HIGHEST_PORT)
            and (not prefix or prefix.startswith("/"))
            and (not status or status in _STATUSES)
        )


@view
class MeshConfig:
    """A mesh's settings, with Istio's defaults for those not written; without a `field`, all are defaults."""

    field: Field | None = None
    root_namespace: str = "istio-system"
    trust_domain: str = "cluster.local"
    trust_domain_aliases: tuple[Text, ...] = ()
    enable_auto_mtls: bool = True
    outbound_traffic_policy: str = "ALLOW_ANY"
    default_service_export_to: tuple[str, ...] = EVERYWHERE
    default_virtual_service_export_to: tuple[str, ...] = EVERYWHERE
    default_destination_rule_export_to: tuple[str, ...] = EVERYWHERE
    extension_providers: tuple[ExtensionProvider, ...] = ()
    path_normalization: str = "DEFAULT"
    discovery_selectors: tuple[Field, ...] = ()
    access_log_file: Text | None = None
    min_protocol_version: str = "TLSV1_2"

    @property
    def default_http_retry_policy(self) -> Retries | None:
        """The retries of routes that set none themselves."""
        from meshlint.resources.istio.http_actions import retries

        return part(self.field, "defaultHttpRetryPolicy", retries) if self.field else None

    @property
    def default_traffic_policy(self) -> TrafficPolicy | None:
        """The policy that fills in for limits and outlier detection not set elsewhere."""
        from meshlint.resources.istio.traffic_policy import traffic_policy

        return part(self.field, "defaultTrafficPolicy", traffic_policy) if self.field else None

    @property
    def locality_lb_setting(self) -> LocalityLbSetting | None:
        """The preference for near endpoints where a DestinationRule states none."""
        from meshlint.resources.istio.load_balancer import locality_lb_setting

        return part(self.field, "localityLbSetting", locality_lb_setting) if self.field else None

    @property
    def default_config(self) -> Field | None:
        """The block of settings for every proxy."""
        return mapping_at(self.field, "defaultConfig") if self.field else None

    def default_providers(self, signal: str) -> tuple[Text, ...]:
        """The providers for `tracing`, `metrics` or `accessLogging` where no Telemetry names any."""
        return (self.field / "defaultProviders").texts(signal) if self.field else ()


def mesh_config(field: Field) -> MeshConfig:
    """The settings written at `field`, the mapping that Istio calls `MeshConfig`."""
    auto = field.boolean("enableAutoMtls")
    return MeshConfig(
        field,
        root_namespace=field.text("rootNamespace") or "istio-system",
        trust_domain=field.text("trustDomain") or "cluster.local",
        trust_domain_aliases=field.texts("trustDomainAliases"),
        enable_auto_mtls=True if auto is None else auto,
        outbound_traffic_policy=(field / "outboundTrafficPolicy").text("mode") or "ALLOW_ANY",
        default_service_export_to=field.texts("defaultServiceExportTo") or EVERYWHERE,
        default_virtual_service_export_to=field.texts("defaultVirtualServiceExportTo") or EVERYWHERE,
        default_destination_rule_export_to=field.texts("defaultDestinationRuleExportTo") or EVERYWHERE,
        extension_providers=parts(field, "extensionProviders", _provider),
        path_normalization=(field / "pathNormalization").text("normalization") or "DEFAULT",
        discovery_selectors=field.items("discoverySelectors"),
        access_log_file=field.text("accessLogFile"),
        min_protocol_version=(field / "meshMTLS").text("minProtocolVersion") or "TLSV1_2",
    )


_CHARTS = frozenset({"istiod", "istio-discovery"})


def mesh_config_in(resource: Resource) -> MeshConfig | None:
    """The settings in a ConfigMap `istio` (key `mesh`), an IstioOperator or a Sail `Istio`."""
    field = _field_in(resource)
    return mesh_config(field) if field and isinstance(field.value, dict) else None


def mesh_config_of_values(values: Field) -> MeshConfig | None:
    """The settings in the values of Istio's Helm charts, whose root is `values`."""
    return part(values, "meshConfig", mesh_config)


def named_mesh_config(root: Field) -> MeshConfig | None:
    """The settings in a file that a user named for them, whose root is `root`.

    It may hold an object that carries them, values of Istio's Helm charts, or the MeshConfig itself.
    """
    if not isinstance(root.value, dict):
        return None
    resource = resource_of(root.document, (), root.value)
    if resource is not None:
        return mesh_config_in(resource)
    return mesh_config_of_values(root) or mesh_config(root)


def named_values(root: Field) -> Field:
    """The Helm values in a file that a user named for mesh-wide settings, whose root is `root`."""
    resource = resource_of(root.document, (), root.value) if isinstance(root.value, dict) else None
    return (values_in(resource) if resource else None) or root


def injector_values(resource: Resource) -> Field | None:
    """The values of its chart that the injector's ConfigMap holds as a text."""
    text = (resource.field / "data").text("values")
    documents = read(resource.document.file, text.encode(errors="replace")).documents if text else ()
    return Field(documents[0], (), documents[0].value) if documents else None


def values_in(resource: Resource) -> Field | None:
    """The values of Istio's Helm charts in an IstioOperator, a Sail `Istio` or a release of istiod.

    None in other objects.
    """
    if (resource.group, resource.kind) in _INSTALLERS:
        return resource.spec / "values"
    found = (one.values for one in releases(resource) if one.chart in _CHARTS)
    return next((values for values in found if values is not None), None)


def values_around(resource: Resource, resources: ResourceSet) -> tuple[Field, ...]:
    """The values of Istio's charts that a release takes from objects in view, before those in itself."""
    found = (one for one in releases(resource) if one.chart in _CHARTS)
    return tuple(values for one in found for values in values_from(one, resources))


def cluster_domain(values: Field) -> Text | None:
    """The domain of the cluster's services, which is no part of MeshConfig, in the values of Helm charts."""
    return (values / "global" / "proxy").text("clusterDomain")


def _field_in(resource: Resource) -> Field | None:
    if (resource.group, resource.kind) == ("", "ConfigMap"):
        return _embedded(resource)
    values = values_in(resource)
    if values is None:
        return None
    return (resource.spec / "meshConfig") or (values / "meshConfig")


def _embedded(resource: Resource) -> Field | None:
    """The YAML in the text of a ConfigMap; its parts stand where the key stands."""
    text = (resource.field / "data").text("mesh")
    if text is None or not (resource.name == "istio" or resource.name.startswith("istio-")):
        return None
    documents = read(resource.document.file, text.encode(errors="replace")).documents
    return Field(resource.document, text.field.path, documents[0].value) if documents else None


def _provider(field: Field) -> ExtensionProvider:
    types = [inner.name for inner in field.fields() if isinstance(inner.value, dict)]
    return ExtensionProvider(field, field.text("name"), types[0] if types else None)
