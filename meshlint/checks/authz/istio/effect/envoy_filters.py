"""EnvoyFilters that take the filters of security out of proxies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.documents import Field
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


def _filter_name(entry: Field) -> str | None:
    """The filter that a patch is for: the HTTP filter if it names one, else the network filter."""
    network = entry / "match" / "listener" / "filterChain" / "filter"
    return (network / "subFilter").text("name") or network.text("name")
