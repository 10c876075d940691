"""What installs Istio itself: its webhooks, its networks and the definitions it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.mesh import Missing
from meshlint.mesh.names.expansion import ServiceName, is_address
from meshlint.mesh.questions.clusters import unknown_registries
from meshlint.resources.kubernetes.definition import bundle_version, defined_kind, served_versions
from meshlint.security.membership.webhooks import IstioWebhook, doubled_injection, istio_webhooks

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


def injected_twice(world: World, _: Parameters) -> Iterator[Hit]:
    """Two configurations of webhooks that both inject into some pods."""
    told: set[tuple[str, str]] = set()
    for one, other in doubled_injection(world.mesh):
        pair = (one.owner.name, other.owner.name)
        if pair not in told:
            told.add(pair)
            yield Hit(
                other.webhook.field / "name",
                f"{other.owner} injects into pods of '{one.owner.name}' too, so either proxy may come of it",
                resource=other.owner.resource,
                hint="Let their selectors exclude each other by `istio.io/rev` and `istio-injection`.",
                related=(Related(one.webhook.field / "name", "the other webhook"),),
                about=one.owner.name,
            )


def service_missing(world: World, _: Parameters) -> Iterator[Hit]:
    """A webhook of Istio that is answered by a Service which is not there."""
    for one in istio_webhooks(world.mesh):
        service = one.webhook.service
        if service is None or not service.name or not service.namespace:
            continue
        host = ServiceName(service.namespace, service.name).host(world.settings.cluster_domain)
        if isinstance(world.mesh.hosts.resolve(host, service.namespace), Missing):
            yield Hit(
                service.field / "name",
                f"{one.owner} calls Service '{service.namespace}/{service.name}', which is not there",
                resource=one.owner.resource,
                hint="Its `failurePolicy` decides whether objects are then refused or taken unchecked.",
                about=str(one.webhook.name),
            )


def without_address(world: World, _: Parameters) -> Iterator[Hit]:
    """A webhook of Istio that says not, or not soundly, where it is called."""
    for one in istio_webhooks(world.mesh):
        problem = _address_problem(one)
        if problem is not None:
            yield Hit(
                one.webhook.field / "clientConfig",
                f"{one.owner} has a webhook {problem}, so the API server refuses it",
                resource=one.owner.resource,
                on_key=True,
                hint="Name a `service`, or a `url` that begins with https:// and a host name.",
                about=str(one.webhook.name),
            )


def address_is_number(world: World, _: Parameters) -> Iterator[Hit]:
    """A webhook of Istio that is called by an IP address."""
    for one in istio_webhooks(world.mesh):
        url = one.webhook.url
        if url is not None and is_address(_host(url) or ""):
            yield Hit(
                url.field,
                f"{one.owner} calls '{url}' by an address, which the certificate has to carry",
                resource=one.owner.resource,
                hint="Use a host name: certificates of control planes are mostly made for names.",
                about=str(one.webhook.name),
            )


def network_unknown(world: World, _: Parameters) -> Iterator[Hit]:
    """A network of the mesh that is said to hold a cluster which nobody knows."""
    for one in unknown_registries(world.mesh):
        if one.from_registry is not None:
            yield Hit(
                one.from_registry.field,
                f"Network '{one.network}' holds cluster '{one.from_registry}', for which there is no remote "
                "secret",
                hint="Use the name under which the remote secret has the cluster's configuration.",
                about=str(one.from_registry),
            )


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


def _address_problem(one: IstioWebhook) -> str | None:
    url, service = one.webhook.url, one.webhook.service
    if not url and service is None:
        return "without `url` or `service`"
    if url and service is not None:
        return "with both `url` and `service`"
    if url and (_host(url) is None or not url.startswith("https://")):
        return f"with the url '{url}'"
    return None


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
