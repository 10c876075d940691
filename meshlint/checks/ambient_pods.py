"""Objects for pods in ambient mode that only sidecars would heed, or that ztunnel reads otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.waypoints import extensions
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.matching import LabelSelector
from meshlint.mesh import Mesh
from meshlint.mesh.policies.attachment import Attachable, Attachment, selector_of
from meshlint.mesh.workloads.waypoints import WAYPOINT_CLASS
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import DATAPLANE_MODE, all_ambient, istio_ambient

Parameters = Mapping[str, Any]


def tokens_unchecked(world: World, _: Parameters) -> Iterator[Hit]:
    """Rules on tokens for pods before which only ztunnel stands, which knows nothing of tokens."""
    policies = world.mesh.request_authentications
    for policy in policies.all:
        selected = policies.selected(policy)
        if not policy.target_refs and _is_idle(world.mesh, policy, selected):
            yield _idle(policy, selected[0], "so nobody checks the tokens of calls")


def extension_unread(world: World, _: Parameters) -> Iterator[Hit]:
    """Telemetry or own code for pods before which only ztunnel stands."""
    mesh = world.mesh
    for telemetry in mesh.telemetries:
        if telemetry.selector is not None and telemetry.selector.labels and not telemetry.target_refs:
            selected = mesh.workloads.select(telemetry.resource.namespace, selector_of(telemetry))
            if all_ambient(mesh, selected):
                yield _idle(telemetry, selected[0], "so it does nothing")
    plugins = Attachment(extensions(mesh), mesh.workloads, mesh.settings)
    for plugin in plugins.all:
        selected = plugins.selected(plugin)
        if not plugin.target_refs and _is_idle(mesh, plugin, selected):
            yield _idle(plugin, selected[0], "so it does nothing")


def sidecar_unread(world: World, _: Parameters) -> Iterator[Hit]:
    """A Sidecar for pods that have none."""
    for sidecar in world.mesh.sidecars:
        namespace, selector = sidecar.resource.namespace, sidecar.workload_selector
        if namespace == world.settings.root_namespace:
            continue
        labels = selector.labels if selector is not None else {}
        selected = world.mesh.workloads.select(namespace, LabelSelector.of(labels))
        if all_ambient(world.mesh, selected):
            yield Hit(
                sidecar.resource.at("metadata", "name"),
                f"{sidecar.resource} is for pods in ambient mode, which have no sidecar, so it does nothing",
                resource=sidecar.resource,
                related=(Related(selected[0].resource.at("metadata", "name"), "one of its pods"),),
            )


def dry_run_unread(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy on trial for pods before which only ztunnel stands, which does not try any."""
    for policy in world.mesh.authorization_policies.all:
        if policy.is_dry_run and tried_by_ztunnel(world.mesh, policy):
            yield Hit(
                policy.annotations["istio.io/dry-run"].field,
                f"{policy} is on trial at ztunnel, which leaves it out, so nothing tells what it would do",
                resource=policy.resource,
                hint="Only waypoints and sidecars note what a policy on trial would do.",
            )


def tried_by_ztunnel(mesh: Mesh, policy: AuthorizationPolicy) -> bool:
    """Whether a policy is for pods alone before which only ztunnel stands."""
    return not policy.target_refs and _is_idle(mesh, policy, mesh.authorization_policies.selected(policy))


def alias_named(world: World, _: Parameters) -> Iterator[Hit]:
    """A principal of an alias of the trust domain, which ztunnel does not take for the mesh's own."""
    settings = world.settings
    aliases = {*settings.trust_domain_aliases, "cluster.local"} - {settings.trust_domain}
    if not settings.is_declared("trust_domain"):
        return
    for policy in world.mesh.authorization_policies.all:
        found = [_by_alias(values, settings.trust_domain, aliases) for values in _principals(policy)]
        if not any(found) or _ambient_one(world.mesh, policy) is None:
            continue
        for value in (values[0] for values in found if values):
            yield Hit(
                value.field,
                f"{policy} names '{value}' by an alias, so ztunnel misses the mesh's own callers",
                resource=policy.resource,
                hint=f"Name '{settings.trust_domain}/{value.partition('/')[2]}' as well.",
            )


def _by_alias(values: tuple[Text, ...], own: str, aliases: set[str]) -> tuple[Text, ...]:
    """The values that are spelt with an alias alone."""
    return tuple(
        value
        for value in values
        if value.count("/") == 4
        and value.partition("/")[0] in aliases
        and not {f"{own}/{value.partition('/')[2]}", f"*/{value.partition('/')[2]}"} & set(values)
    )


def _principals(policy: AuthorizationPolicy) -> Iterator[tuple[Text, ...]]:
    for rule in policy.rules or ():
        for source in rule.from_ or ():
            yield from (source.principals, source.not_principals)
        for condition in rule.when or ():
            if condition.key == "source.principal":
                yield from (condition.values, condition.not_values)


def _ambient_one(mesh: Mesh, policy: AuthorizationPolicy) -> Workload | None:
    """One workload that ztunnel holds to a policy."""
    if policy.target_refs or policy.is_dry_run:
        return None
    selected = mesh.authorization_policies.selected(policy)
    return next((one for one in selected if istio_ambient(mesh, one).is_present), None)


def _is_idle(mesh: Mesh, policy: Attachable, selected: tuple[Workload, ...]) -> bool:
    """Whether only ztunnel stands before all pods that a policy is for.

    A policy for all of a namespace is for the gateways as well that Istio runs there without a manifest.
    """
    if not all_ambient(mesh, selected):
        return False
    if policy.selector is not None and policy.selector.labels:
        return True
    wide = policy.resource.namespace == mesh.settings.root_namespace
    return not any(
        (wide or gateway.namespace == policy.resource.namespace)
        and gateway.gateway_class_name != WAYPOINT_CLASS
        for gateway in mesh.kubernetes_gateways
    )


def _idle(policy: Attachable, workload: Workload, effect: str) -> Hit:
    return Hit(
        policy.resource.at("metadata", "name"),
        f"{policy.resource} is for pods in ambient mode without `targetRefs`, {effect}",
        resource=policy.resource,
        hint="Attach it to the waypoint or to the Service with `targetRefs`.",
        related=(Related(workload.resource.at("metadata", "name"), f"{DATAPLANE_MODE} is ambient"),),
    )
