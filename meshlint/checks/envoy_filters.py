"""EnvoyFilters that take the filters of security out of proxies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.documents import Field

Parameters = Mapping[str, Any]
_GUARDS = {
    "envoy.filters.http.rbac": "authorization policies",
    "envoy.filters.network.rbac": "authorization policies",
    "envoy.filters.http.jwt_authn": "the checks of tokens",
    "envoy.filters.http.ext_authz": "external authorization",
    "envoy.filters.network.ext_authz": "external authorization",
}


def removes_guard(world: World, _: Parameters) -> Iterator[Hit]:
    """A patch that removes or replaces a filter which enforces policies."""
    for resource in world.resources.of("networking.istio.io", "EnvoyFilter"):
        for entry in resource.spec.items("configPatches"):
            operation = (entry / "patch").text("operation")
            guard = _GUARDS.get(_filter_name(entry) or "")
            if guard is not None and operation in ("REMOVE", "REPLACE"):
                yield Hit(
                    operation.field,
                    f"{resource} takes the filter of {guard} out of proxies, so they are not enforced",
                    resource=resource,
                )


def _filter_name(entry: Field) -> str | None:
    """The filter that a patch is for: the HTTP filter if it names one, else the network filter."""
    network = entry / "match" / "listener" / "filterChain" / "filter"
    return (network / "subFilter").text("name") or network.text("name")
