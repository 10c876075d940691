"""EnvoyFilter: patches to the configuration of the proxies themselves."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.istio.parts import SpecView, parts
from meshlint.resources.istio.selection import TargetRef, WorkloadSelector, target_refs, workload_labels
from meshlint.resources.resource import Resource
from meshlint.resources.view import filled_or
from meshlint.resources.view_class import view
from meshlint.values import frozen


@view
class FilterMatch:
    """Names a filter in a proxy's configuration, and one inside it, as the patch's match gives them."""

    field: Field
    name: Text | None
    sub_filter: Text | None


@view
class EnvoyPatch:
    """One patch: `operation` on what `apply_to` says, in proxies of `context`.

    `filter` is what it must be found beside or in; `name` and `type_url` tell what `value` is, if it says so.
    """

    field: Field
    apply_to: Text
    context: Text
    proxy_version: Text | None
    filter: FilterMatch | None
    operation: Text
    filter_class: Text
    value: Field
    name: Text | None
    type_url: Text | None


@frozen(eq=False, repr=False)
class EnvoyFilter(SpecView):
    """Patches for the selected workloads, or for the namespace; lower `priority` comes first."""

    priority: int
    workload_selector: WorkloadSelector | None
    target_refs: tuple[TargetRef, ...]
    config_patches: tuple[EnvoyPatch, ...]


def envoy_filter(resource: Resource) -> EnvoyFilter:
    """The view of an EnvoyFilter of any version."""
    spec = resource.spec
    return EnvoyFilter(
        resource,
        priority=spec.integer("priority") or 0,
        workload_selector=workload_labels(spec),
        target_refs=target_refs(spec),
        config_patches=parts(spec, "configPatches", _patch),
    )


def _patch(field: Field) -> EnvoyPatch:
    match, patch = field / "match", field / "patch"
    value = patch / "value"
    return EnvoyPatch(
        field,
        apply_to=filled_or(field, "applyTo", "INVALID"),
        context=filled_or(match, "context", "ANY"),
        proxy_version=(match / "proxy").text("proxyVersion"),
        filter=_filter(match),
        operation=filled_or(patch, "operation", "INVALID"),
        filter_class=filled_or(patch, "filterClass", "UNSPECIFIED"),
        value=value,
        name=value.text("name"),
        type_url=(value / "typed_config").text("@type") or (value / "typedConfig").text("@type"),
    )


def _filter(match: Field) -> FilterMatch | None:
    places = (match / "listener" / "filterChain" / "filter", match / "waypoint" / "filter")
    for place in places:
        if isinstance(place.value, dict):
            return FilterMatch(place, place.text("name"), (place / "subFilter").text("name"))
    return None
