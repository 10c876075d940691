"""EnvoyFilters that take the filters of security out of proxies, or that do not do what they look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.wording import listed
from meshlint.checks.world import World
from meshlint.documents import Field
from meshlint.mesh.questions.envoy_patches import (
    envoy_filters,
    is_passed_over,
    loose_anchors,
    names_no_filter,
    operations,
)
from meshlint.resources import Resource

Parameters = Mapping[str, Any]
_GUARDS = {
    "envoy.filters.http.rbac": "authorization policies",
    "envoy.filters.network.rbac": "authorization policies",
    "envoy.filters.http.jwt_authn": "the checks of tokens",
    "envoy.filters.http.ext_authz": "external authorization",
    "envoy.filters.network.ext_authz": "external authorization",
}


_DISABLING = ("typed_per_filter_config", "typedPerFilterConfig", "per_filter_config", "perFilterConfig")


def removes_guard(world: World, _: Parameters) -> Iterator[Hit]:
    """A patch that removes or replaces a filter which enforces policies, or turns it off."""
    for resource in world.resources.of("networking.istio.io", "EnvoyFilter"):
        for entry in resource.spec.items("configPatches"):
            operation = (entry / "patch").text("operation")
            guard = _GUARDS.get(_filter_name(entry) or "")
            if guard is not None and operation in ("REMOVE", "REPLACE"):
                yield _taken(resource, operation.field, guard)
            value = entry / "patch" / "value"
            if guard is not None and operation == "MERGE" and value.boolean("disabled"):
                yield _taken(resource, value / "disabled", guard)
            for name in _DISABLING if operation in ("MERGE", "ADD", "INSERT_FIRST", "REPLACE") else ():
                for one in (value / name).fields():
                    if one.name in _GUARDS:
                        yield Hit(
                            one,
                            f"{resource} sets the filter of {_GUARDS[one.name]} anew for routes, so what is "
                            "demanded there is no longer enforced",
                            resource=resource,
                        )


def _taken(resource: Resource, at: Field, guard: str) -> Hit:
    message = f"{resource} takes the filter of {guard} out of proxies, so they are not enforced"
    return Hit(at, message, resource=resource)


def without_effect(world: World, _: Parameters) -> Iterator[Hit]:
    """A patch with an operation that is not carried out on what it applies to."""
    for owner in envoy_filters(world.mesh):
        for patch in owner.config_patches:
            if is_passed_over(patch):
                yield Hit(
                    patch.operation.field,
                    f"{owner} applies {patch.operation} to {patch.apply_to}, which Istio passes over",
                    resource=owner.resource,
                    hint=f"There it knows {listed(operations(patch), most=6)}.",
                )
            elif names_no_filter(patch):
                yield Hit(
                    patch.operation.field,
                    f"{owner} applies {patch.operation} to no filter by name, so nothing comes of it",
                    resource=owner.resource,
                    hint="Name the filter under `match.listener`.",
                )


def order_undefined(world: World, _: Parameters) -> Iterator[Hit]:
    """A patch that goes by a filter which another EnvoyFilter, not ordered before it, puts there."""
    for loose in loose_anchors(world.mesh):
        yield Hit(
            loose.patch.operation.field,
            f"{loose.owner} goes by '{loose.name}', which {loose.other} adds, and nothing orders the two",
            resource=loose.owner.resource,
            hint="Give this one a higher `priority`: else the older of the two is applied first.",
            related=(Related(loose.adding.field, "the filter is added here"),),
            about=str(loose.other),
        )


def _filter_name(entry: Field) -> str | None:
    """The filter that a patch is for: the HTTP filter if it names one, else the network filter."""
    network = entry / "match" / "listener" / "filterChain" / "filter"
    return (network / "subFilter").text("name") or network.text("name")
