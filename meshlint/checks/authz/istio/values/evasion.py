"""AuthorizationPolicies that compare spellings which callers choose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.security.policies.values.evasion import Evasion, evadable_hosts, evadable_paths

Parameters = Mapping[str, Any]


def path(world: World, _: Parameters) -> Iterator[Hit]:
    """A path that is kept out, and comes in with one slash more."""
    hint = "Allow the paths that are meant, or name every spelling and set `pathNormalization`."
    return _evaded(evadable_paths(world.mesh), "path", hint)


def host(world: World, _: Parameters) -> Iterator[Hit]:
    """A host that is kept out, and comes in with a port or by another name."""
    hint = "Name the host with every port (`host:*`) too, and every name of the Service."
    return _evaded(evadable_hosts(world.mesh), "host", hint)


def _evaded(evasions: Iterable[Evasion], what: str, hint: str) -> Iterator[Hit]:
    for one in evasions:
        policy = one.found.policy
        value = f"{what} '{one.found.value}'"
        deed = f"has {value} checked" if policy.action == "CUSTOM" else f"keeps {value} out"
        yield Hit(
            one.found.value.field,
            f"{policy.resource} {deed} by its spelling, so '{one.spelling}' gets past it",
            resource=policy.resource,
            hint=hint,
        )


def host_without_port(world: World, _: Parameters) -> Iterator[Hit]:
    """A host that is allowed without the port that its callers name."""
    from meshlint.security.policies.values.evasion import hosts_without_port

    for found, port in hosts_without_port(world.mesh):
        yield Hit(
            found.value.field,
            f"{found.policy.resource} admits '{found.value}' without port {port}, "
            "so callers that name it are denied",
            resource=found.policy.resource,
            hint=f"Add '{found.value}:*': clients name every port but 80 and 443.",
        )


def open_prefix(world: World, _: Parameters) -> Iterator[Hit]:
    """A prefix that ends within a segment of the path."""
    from meshlint.security.policies.values.evasion import open_prefixes

    for found, other in open_prefixes(world.mesh):
        stem = found.value.removesuffix("*")
        yield Hit(
            found.value.field,
            f"{found.policy.resource} lets in every path that begins like '{found.value}', "
            f"so '{other}' as well",
            resource=found.policy.resource,
            hint=f"Write '{stem}' and '{stem}/*'.",
        )
