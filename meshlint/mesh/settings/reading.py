"""The mesh-wide settings that a set of objects and the user's configuration give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from meshlint.documents import Field, read
from meshlint.mesh.settings.carriers import CARRIERS
from meshlint.mesh.settings.release_marks import decisive, release_marks
from meshlint.mesh.settings.settings import LinkerdSettings, MeshSettings, MtlsMode, OutboundPolicy, Versions
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.releases import RELEASING, Release, releases, values_from
from meshlint.values import evolve

if TYPE_CHECKING:
    from meshlint.resources.istio.mesh_config import MeshConfig

Settings = TypeVar("Settings", MeshSettings, LinkerdSettings)

_ISTIO_KEYS = {
    "root_namespace": "rootNamespace",
    "trust_domain": "trustDomain",
    "trust_domain_aliases": "trustDomainAliases",
    "enable_auto_mtls": "enableAutoMtls",
    "outbound_traffic_policy": "outboundTrafficPolicy",
    "default_service_export_to": "defaultServiceExportTo",
    "default_virtual_service_export_to": "defaultVirtualServiceExportTo",
    "default_destination_rule_export_to": "defaultDestinationRuleExportTo",
    "extension_providers": "extensionProviders",
    "path_normalization": "pathNormalization",
}
_PROJECTS = {"gateway_api": "Gateway API", "istio": "Istio", "linkerd": "Linkerd"}
_LINKERD_CHARTS = frozenset({"linkerd-control-plane", "linkerd-enterprise-control-plane"})
_LINKERD_NATIVE_SINCE = (2, 20)
_OWN_NAMES = {"enable_auto_mtls": "auto_mtls", "outbound_traffic_policy": "outbound_policy"}


def read_settings(
    resources: ResourceSet,
    configured: Mapping[str, Any],
    *,
    mesh_configs: Sequence[Field] = (),
    complete: bool = False,
    versions: Versions | None = None,
    external: Mapping[str, Any] | None = None,
) -> MeshSettings:
    """The settings in force: those configured, else those in `mesh_configs` or an object, else defaults.

    `configured` and `external` are the sections of that name of a checked configuration, `versions` what
    `read_versions` makes of the section of that name;
    `mesh_configs` are what the user named: a MeshConfig, an object with one, or values of Istio's Helm
    charts; the last counts.
    """
    settings = MeshSettings(complete=complete)
    for found in _mesh_configs(resources, mesh_configs):
        settings = _with_mesh_config(settings, found)
    settings = _with_cluster_domain(settings, resources, mesh_configs)
    settings = _with_injection(settings, resources, mesh_configs)
    settings = _with_linkerd(settings, resources)
    settings = _configured(settings, configured)
    outside = {f"external_{_name(section)}": value for section, value in (external or {}).items()}
    settings = _declare(settings, outside)
    return _with_versions(settings, versions or Versions())


def _mesh_configs(resources: ResourceSet, named: Sequence[Field]) -> Iterator[MeshConfig]:
    carriers = [resource for kind in CARRIERS for resource in resources.of(*kind) if _may_carry(resource)]
    if not carriers and not named:
        return
    from meshlint.resources.istio.mesh_config import (
        mesh_config_in,
        mesh_config_of_values,
        named_mesh_config,
        values_around,
    )

    for resource in carriers:
        around = map(mesh_config_of_values, values_around(resource, resources))
        found = [one for one in (*around, mesh_config_in(resource)) if one is not None]
        yield from found
        if found:
            break
    for root in named:
        told = named_mesh_config(root)
        if told is not None:
            yield told


def _may_carry(resource: Resource) -> bool:
    return resource.kind != "ConfigMap" or resource.name == "istio" or resource.name.startswith("istio-")


def _with_mesh_config(settings: MeshSettings, found: MeshConfig) -> MeshSettings:
    written = found.field
    given: dict[str, Any] = {}
    for theirs, key in _ISTIO_KEYS.items():
        if written is not None and key in written:
            given[_OWN_NAMES.get(theirs, theirs)] = getattr(found, theirs)
    if "outbound_policy" in given:
        given["outbound_policy"] = _enum(OutboundPolicy, given["outbound_policy"], settings.outbound_policy)
    if "extension_providers" in given:
        names = tuple(provider.name for provider in found.extension_providers if provider.name)
        given["extension_providers"] = names
        kinds = ((one.name, one.type if one.is_sound else "") for one in found.extension_providers)
        given["extension_provider_kinds"] = tuple((name, kind or "") for name, kind in kinds if name)
    retries = found.default_http_retry_policy
    if retries is not None:
        given["default_retries"] = retries.field
    given["default_access_logging"] = tuple(map(str, found.default_providers("accessLogging")))
    return _declare(settings, given)


def _with_cluster_domain(
    settings: MeshSettings, resources: ResourceSet, named: Sequence[Field]
) -> MeshSettings:
    """Take the domain from Helm values: those the user named, else those in an object."""
    installers = [resource for kind in CARRIERS[1:] for resource in resources.of(*kind)]
    if not installers and not named:
        return settings
    from meshlint.resources.istio.mesh_config import cluster_domain, named_values, values_in

    places = [*map(named_values, reversed(named)), *(values_in(resource) for resource in installers)]
    found = next((domain for place in places if place and (domain := cluster_domain(place))), None)
    return _declare(settings, {"cluster_domain": found}) if found else settings


def _with_injection(settings: MeshSettings, resources: ResourceSet, named: Sequence[Field]) -> MeshSettings:
    """Take from Helm values, or from the injector's own ConfigMap, whether all namespaces are injected.

    The injector is handed those values of its chart that it needs as JSON (Istio: chart of istiod, the
    ConfigMap `istio-sidecar-injector`, with `-` and the revision behind it where there is one).
    """
    injectors = [
        one for one in resources.of("", "ConfigMap") if f"{one.name}-".startswith("istio-sidecar-injector-")
    ]
    installers = [resource for kind in CARRIERS[1:] for resource in resources.of(*kind)]
    if not injectors and not installers and not named:
        return settings
    from meshlint.resources.istio.mesh_config import injector_values, named_values, values_in

    places = [
        *map(named_values, reversed(named)),
        *map(values_in, installers),
        *map(injector_values, injectors),
    ]
    told = ((one / "sidecarInjectorWebhook").boolean("enableNamespacesByDefault") for one in places if one)
    found = next((one for one in told if one is not None), None)
    return settings if found is None else _declare(settings, {"enable_namespaces_by_default": found})


def _with_linkerd(settings: MeshSettings, resources: ResourceSet) -> MeshSettings:
    for resource in resources.of("", "ConfigMap"):
        if resource.name != "linkerd-config":
            continue
        text = (resource.field / "data").text("values")
        documents = read(resource.document.file, text.encode(errors="replace")).documents if text else ()
        if documents and isinstance(documents[0].value, dict):
            values = Field(documents[0], (), documents[0].value)
            return _with_linkerd_values(settings, resource.namespace, [values])
    for resource in (one for kind in RELEASING for one in resources.of(*kind)):
        for release in releases(resource):
            if release.chart in _LINKERD_CHARTS:
                return _released(settings, release, resources)
    return settings


def _released(settings: MeshSettings, release: Release, resources: ResourceSet) -> MeshSettings:
    """What a release of Linkerd's control plane sets, by the values that it is given."""
    given = (*values_from(release, resources), release.values)
    namespace = release.namespace or LinkerdSettings().namespace
    return _with_linkerd_values(settings, namespace, [values for values in given if values is not None])


def _with_linkerd_values(settings: MeshSettings, namespace: str, given: Sequence[Field]) -> MeshSettings:
    """What the values of Linkerd's chart set, the last counting most; where both meshes tell the domain of
    the cluster, Istio's word counts.
    """
    linkerd = LinkerdSettings()
    for values in given:
        linkerd = _linkerd_values(linkerd, namespace, values)
    told = [domain for values in given if (domain := values.text("clusterDomain"))]
    # Not declared: that a domain is told here says nothing of Istio.
    if told and not settings.is_declared("cluster_domain"):
        settings = evolve(settings, cluster_domain=str(told[-1]))
    return evolve(settings, linkerd=linkerd)


def _linkerd_values(settings: LinkerdSettings, namespace: str, values: Field) -> LinkerdSettings:
    proxy = values / "proxy"
    networks = values.text("clusterNetworks")
    domain = values.text("identityTrustDomain") or values.text("clusterDomain")
    given: dict[str, Any] = {
        "namespace": namespace,
        "trust_domain": domain,
        "default_inbound_policy": proxy.text("defaultInboundPolicy"),
        "cluster_networks": tuple(part.strip() for part in networks.split(",")) if networks else None,
        "native_sidecar": proxy.boolean("nativeSidecar"),
        "opaque_ports": proxy.text("opaquePorts"),
        "skip_inbound_ports": (values / "proxyInit").text("ignoreInboundPorts"),
        "skip_outbound_ports": (values / "proxyInit").text("ignoreOutboundPorts"),
    }
    return _declare(settings, {key: value for key, value in given.items() if value is not None})


def _configured(settings: MeshSettings, configured: Mapping[str, Any]) -> MeshSettings:
    given = {_name(key): value for key, value in configured.items()}
    linkerd = given.pop("linkerd", None)
    if "mtls" in given:
        given["mtls"] = _enum(MtlsMode, given["mtls"], settings.mtls)
    if "outbound_policy" in given:
        given["outbound_policy"] = _enum(OutboundPolicy, given["outbound_policy"], settings.outbound_policy)
    settings = _declare(settings, given)
    if not isinstance(linkerd, Mapping):
        return settings
    return evolve(settings, linkerd=_declare(settings.linkerd, {_name(k): v for k, v in linkerd.items()}))


def _declare(settings: Settings, given: Mapping[str, Any]) -> Settings:
    known = settings.__match_args__
    taken = {key: _frozen(value) for key, value in given.items() if key in known and key != "declared"}
    return evolve(settings, **taken, declared=settings.declared | taken.keys())


def read_versions(resources: ResourceSet, given: Mapping[str, Any]) -> Versions:
    """The releases that a checked configuration states, and of other projects those that the files show."""
    pairs = {_PROJECTS[_name(key)]: _version(str(value)) for key, value in given.items()}
    stated = {project: pair for project, pair in pairs.items() if pair is not None}
    shown = decisive(mark for mark in release_marks(resources) if mark.project not in stated)
    return Versions({**{project: marks[0].release for project, marks in shown.items()}, **stated}, shown)


def _with_versions(settings: MeshSettings, versions: Versions) -> MeshSettings:
    """The settings with what follows from the releases.

    Linkerd's proxies are native sidecars by default since 2.20 (Linkerd: default of `proxy.nativeSidecar`).
    """
    settings = evolve(settings, versions=versions)
    if settings.linkerd.is_declared("native_sidecar"):
        return settings
    is_native = versions.linkerd >= _LINKERD_NATIVE_SINCE
    return evolve(settings, linkerd=evolve(settings.linkerd, native_sidecar=is_native))


def _version(text: str) -> tuple[int, int] | None:
    parts = text.strip().lstrip("v").split(".")
    if len(parts) < 2 or not (parts[0].isdecimal() and parts[1].isdecimal()):
        return None
    return int(parts[0]), int(parts[1])


def _enum(kind: type[Any], value: object, default: Any) -> Any:
    known = {member.value: member for member in kind}
    return known.get(str(value).upper(), default)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _name(key: str) -> str:
    return key.replace("-", "_")
