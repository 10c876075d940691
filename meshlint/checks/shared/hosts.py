"""Hosts that routes and rules name and that nothing answers for."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.checks.shared.wording import did_you_mean
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.mesh import Missing
from meshlint.mesh.names.expansion import partly_qualified
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.resource import Resource
from meshlint.traffic.destinations.routed import RoutedTo


def missing_host(world: World, host: Text | None, resource: Resource) -> Missing | None:
    """What is known of a host that surely nobody answers for, as its object sees hosts."""
    found = world.mesh.hosts.resolve(host, resource.namespace) if host else None
    return found if isinstance(found, Missing) else None


def is_short_form(world: World, host: str) -> bool:
    """Whether a host is a Service's name with parts of the domain, which Istio does not complete."""
    return partly_qualified(host, world.settings.cluster_domain) is not None


def full_name(world: World, host: str) -> str:
    """A hint that says the full name that was meant; empty if none can have been."""
    domain = world.settings.cluster_domain
    meant = partly_qualified(host, domain)
    return f"Write {meant.host(domain)!r}: Istio adds a domain only to names without a dot." if meant else ""


def host_hint(host: str, missing: Missing, world: World, resource: Resource) -> str:
    """How to correct a host that nobody answers for."""
    if missing.renamed is not None:
        return (
            f"kustomize calls that Service {missing.renamed!r} and knows no hosts: patch the host, or list "
            "it as a `nameReference` of Services under `configurations`."
        )
    elsewhere = ""
    if "." not in host:
        others = [str(one) for one in world.mesh.services.named(host)]
        elsewhere = f"{' and '.join(others[:2])} would need its full name. " if others else ""
    where = f"A name without a dot is looked up in {resource.namespace!r}. " if "." not in host else ""
    return f"{did_you_mean(missing.nearest)}{where}{elsewhere}".strip() or "Correct the name of the host."


def missing_destinations(world: World) -> Iterator[tuple[RoutedTo, Missing]]:
    """Destinations that are no hosts of the mesh, as they are told.

    The host that the VirtualService is itself for is left alone: it stands for a service out of view, unless
    a tool on the way to the cluster has taken that name from one.
    """
    for routed in world.traffic.unanswered:
        host, resource = routed.destination.host, routed.virtual_service.resource
        own = routed.host in world.mesh.virtual_services.hosts(routed.virtual_service)
        if host is None or routed.is_mirror:
            continue
        missing = missing_host(world, host, resource)
        if missing is None or is_short_form(world, host):
            continue
        if missing.renamed is not None or not own or world.settings.complete:
            yield routed, missing


def rules_for_missing(world: World) -> Iterator[tuple[DestinationRule, Text, Missing]]:
    """DestinationRules for hosts that do not exist, each with its host as it is written."""
    for rule in world.mesh.destination_rules.all:
        if world.mesh.hosts.known(world.mesh.destination_rules.host(rule)) is not None:
            continue
        missing = missing_host(world, rule.host, rule.resource)
        if rule.host is not None and missing is not None:
            yield rule, rule.host, missing
