"""Istio's webhooks: those that nobody answers, and those that come twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.mesh import Missing
from meshlint.mesh.names.expansion import ServiceName, is_address
from meshlint.security.membership.webhooks import IstioWebhook, doubled_injection, istio_webhooks

Parameters = Mapping[str, Any]


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
