"""What becomes of the patches of EnvoyFilters when a proxy's configuration is made."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.matching import LabelSelector
from meshlint.mesh.mesh import Mesh
from meshlint.resources.istio.envoy_filter import EnvoyFilter, EnvoyPatch, envoy_filter
from meshlint.values import frozen

_ADDED_OR_REMOVED = frozenset({"ADD", "REMOVE", "MERGE"})
_RELATIVE = frozenset({"INSERT_BEFORE", "INSERT_AFTER", "INSERT_FIRST"})
_FILTERS = _ADDED_OR_REMOVED | _RELATIVE | {"REPLACE"}
_APPLIED = {
    "BOOTSTRAP": frozenset({"MERGE"}),
    "CLUSTER": _ADDED_OR_REMOVED,
    "EXTENSION_CONFIG": frozenset({"ADD"}),
    "FILTER_CHAIN": _ADDED_OR_REMOVED,
    "HTTP_FILTER": _FILTERS,
    "HTTP_ROUTE": _ADDED_OR_REMOVED | _RELATIVE,
    "LISTENER": _ADDED_OR_REMOVED,
    "LISTENER_FILTER": _FILTERS - {"MERGE"},
    "NETWORK_FILTER": _FILTERS,
    "ROUTE_CONFIGURATION": frozenset({"MERGE"}),
    "VIRTUAL_HOST": _ADDED_OR_REMOVED | {"REPLACE"},
}
"""The operations that are carried out, by what they apply to; others are passed over in silence."""

_KNOWN = frozenset().union(*_APPLIED.values())
_BY_NAME_ALONE = frozenset({"REMOVE", "REPLACE"})


@frozen(eq=False, repr=False)
class LooseAnchor:
    """A patch that goes by a filter which another EnvoyFilter puts there, before it or after it."""

    owner: EnvoyFilter
    patch: EnvoyPatch
    name: str
    other: EnvoyFilter
    adding: EnvoyPatch


def envoy_filters(mesh: Mesh) -> tuple[EnvoyFilter, ...]:
    """All EnvoyFilters."""
    return mesh.views("networking.istio.io", "EnvoyFilter", envoy_filter)


def is_passed_over(patch: EnvoyPatch) -> bool:
    """Whether `operation` is not carried out on what the patch applies to (Istio: EnvoyFilter patches)."""
    applied = _APPLIED.get(patch.apply_to)
    return applied is not None and patch.operation in _KNOWN and patch.operation not in applied


def operations(patch: EnvoyPatch) -> tuple[str, ...]:
    """The operations that are carried out on what the patch applies to."""
    return tuple(sorted(_APPLIED.get(patch.apply_to, ())))


def names_no_filter(patch: EnvoyPatch) -> bool:
    """Whether a patch would take a filter away or replace it, and names none, so that none is found."""
    if patch.operation not in _BY_NAME_ALONE or patch.context == "WAYPOINT":
        return False
    if patch.apply_to == "LISTENER_FILTER":
        return not (patch.field / "match" / "listener").text("listenerFilter")
    return patch.apply_to in ("HTTP_FILTER", "NETWORK_FILTER") and not anchor(patch)


def anchor(patch: EnvoyPatch) -> str | None:
    """The filter that the patch must be found beside or in: the HTTP filter for one of those."""
    if patch.filter is None:
        return None
    return patch.filter.sub_filter if patch.apply_to == "HTTP_FILTER" else patch.filter.name


def loose_anchors(mesh: Mesh) -> Iterator[LooseAnchor]:
    """The patches whose filter is put there by another EnvoyFilter of the same namespace and priority.

    Those are applied by their age, which no manifest shows; if the patch comes first, it finds nothing
    (Istio: order of EnvoyFilters).
    """
    found = envoy_filters(mesh)
    adding = [(owner, patch) for owner in found for patch in owner.config_patches if _adds(patch)]
    for owner in found:
        for patch in owner.config_patches:
            name = anchor(patch)
            if name is None or patch.operation == "INSERT_FIRST" or patch.operation == "ADD":
                continue
            for other, added in adding:
                if added.name == name and _are_unordered(owner, other) and _meet(patch, added):
                    yield LooseAnchor(owner, patch, name, other, added)
                    break


def _adds(patch: EnvoyPatch) -> bool:
    is_filter = patch.apply_to in ("HTTP_FILTER", "NETWORK_FILTER")
    return is_filter and bool(patch.name) and patch.operation in _RELATIVE | {"ADD"}


def _are_unordered(one: EnvoyFilter, other: EnvoyFilter) -> bool:
    if one.resource.id == other.resource.id or one.namespace != other.namespace:
        return False
    selectors = [
        LabelSelector.of(each.workload_selector.labels if each.workload_selector else {})
        for each in (one, other)
    ]
    return one.priority == other.priority and not selectors[0].intersection(selectors[1]).is_empty()


def _meet(one: EnvoyPatch, other: EnvoyPatch) -> bool:
    contexts = {one.context, other.context}
    return one.apply_to == other.apply_to and (len(contexts) == 1 or "ANY" in contexts)
