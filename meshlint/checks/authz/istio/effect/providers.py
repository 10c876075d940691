"""External providers that CUSTOM policies ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.wording import did_you_mean
from meshlint.checks.world import World
from meshlint.mesh.names.nearest import nearest
from meshlint.mesh.settings.mesh_configs import mesh_configs
from meshlint.security.istio.guard import is_usable

Parameters = Mapping[str, Any]


def unusable(world: World, _: Parameters) -> Iterator[Hit]:
    """A provider that the mesh does not have, or that cannot authorize.

    Settings that declare no provider which authorizes may be completed elsewhere, as operators do.
    """
    kinds = dict(world.settings.extension_provider_kinds)
    shown = world.settings.complete or any(is_usable(name, world.settings) for name in kinds)
    for policy in world.mesh.authorization_policies.all:
        name = policy.provider
        if policy.action != "CUSTOM" or name is None or is_usable(name, world.settings):
            continue
        if name not in kinds and not shown:
            continue
        why = _why(name, kinds)
        meant = did_you_mean(nearest(name, kinds)) if name not in kinds else ""
        yield Hit(
            name.field,
            f"{policy.resource} asks provider '{name}', {why}, so every request it is for is denied",
            resource=policy.resource,
            hint=f"{meant}Declare it in `extensionProviders` as `envoyExtAuthzGrpc` or `envoyExtAuthzHttp`.",
        )


def _why(name: str, kinds: Mapping[str, str]) -> str:
    if name not in kinds:
        return "which the mesh does not have"
    return "which authorizes nobody" if kinds[name] else "whose settings Istio refuses"


def fails_open(world: World, _: Parameters) -> Iterator[Hit]:
    """A provider without which requests pass."""
    asked = {
        str(policy.provider): policy
        for policy in world.mesh.authorization_policies.all
        if policy.action == "CUSTOM" and policy.provider
    }
    for resource, config in mesh_configs(world.resources) if asked else ():
        for provider in config.extension_providers:
            policy, settings = asked.get(provider.name or ""), provider.field / (provider.type or "")
            if policy is not None and settings.boolean("failOpen"):
                yield Hit(
                    settings / "failOpen",
                    f"{resource} lets requests pass while '{provider.name}' is down, "
                    "so who can stop it gets in",
                    resource=resource,
                    related=(Related(policy.field / "provider", f"{policy.resource} asks it"),),
                    about=str(provider.name),
                )


def unasked_on_tcp(world: World, _: Parameters) -> Iterator[Hit]:
    """A provider that knows only HTTP, for a port declared as TCP."""
    from meshlint.security.policies.providers import unasked_ports

    for policy, workload, port in unasked_ports(world.mesh):
        yield Hit(
            policy.field / "provider" / "name",
            f"{policy.resource} asks a provider that knows only HTTP, so port {port} of {workload} is open",
            resource=policy.resource,
            hint="Declare the port's protocol, or use a provider with `envoyExtAuthzGrpc`.",
        )


def several_providers(world: World, _: Parameters) -> Iterator[Hit]:
    """Policies that would ask different external providers for one workload."""
    from meshlint.security.policies.providers import rivals

    for one in rivals(world.mesh):
        other, provider = one.other, one.other.provider
        if provider is not None:
            pods = f"{one.workload}" if one.workload is not None else "the same pods"
            yield Hit(
                provider.field,
                f"{other} asks another provider for {pods} than {one.policy.name}, so calls are denied",
                resource=other.resource,
                related=(Related(one.policy.field / "provider" / "name", "the other provider"),),
            )
