"""Routes for Services that Linkerd refuses, ignores or reads differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.linkerd_routes import outbound_routes, uses_linkerd
from meshlint.checks.shared.mended import group_fix
from meshlint.checks.world import World
from meshlint.mesh import Missing
from meshlint.mesh.names.expansion import service_name
from meshlint.resources.gateway_api.matches import GrpcMatch
from meshlint.resources.gateway_api.reference import GROUP, ParentRef
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.linkerd.group import POLICY, refers_to
from meshlint.resources.linkerd.service_profile import service_profile

Parameters = Mapping[str, Any]
_UNSUPPORTED = frozenset({"RequestMirror", "URLRewrite", "ExtensionRef", "CORS"})
_GROUPS = {"Service": ("", "core"), "Server": (POLICY,), "EgressNetwork": (POLICY,)}
_OF_ROUTES = frozenset({GROUP, POLICY})
"""The groups that have routes: a parent without one is of the group of its route."""


def _of_linkerd(route: AnyRoute) -> bool:
    """Whether Linkerd reads a route: one of its parents is a Service, a Server or an EgressNetwork."""
    return any(
        parent.kind in _GROUPS and parent.group in _GROUPS[parent.kind] for parent in route.parent_refs
    )


def parent_group(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A parent is of a group that has no such kind: as it is written, or as the API server fills it in."""
    for route in world.mesh.routes:
        for parent in route.parent_refs:
            known = _GROUPS.get(str(parent.kind))
            if known is None or parent.group in known or parent.group not in _OF_ROUTES:
                continue
            wanted = known[-1] if known[0] == "" else known[0]
            yield Hit(
                parent.field / "kind",
                f"{route.resource} has a parent of kind {parent.kind} in the group {parent.group}, "
                "which has no such kind, so it is ignored",
                resource=route.resource,
                hint=f"Write `group: {wanted}`.",
                fix=group_fix(parent.field, wanted),
                about=str(parent.name),
            )


def parent_service_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A parent is a Service that does not exist, or lacks the port."""
    for route in world.mesh.routes:
        for parent in route.parent_refs:
            if parent.kind != "Service" or parent.group not in ("", "core") or not parent.name:
                continue
            host = f"{parent.name}.{parent.namespace}.svc.{world.settings.cluster_domain}"
            if isinstance(world.mesh.hosts.resolve(host, route.namespace), Missing):
                yield Hit(
                    parent.field / "name",
                    f"{route.resource} attaches to Service {parent.namespace}/{parent.name}, "
                    "which does not exist, so it is idle",
                    resource=route.resource,
                    hint="Correct the name; without `namespace` it is the route's own.",
                )


def filter_unsupported(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A filter makes Linkerd ignore a route."""
    for route in outbound_routes(world):
        for rule in route.rules:
            for one in rule.filters:
                if str(one.type) in _UNSUPPORTED:
                    yield Hit(
                        one.field / "type",
                        f"{route.resource} has a filter {one.type}, which Linkerd does not know, "
                        "so it ignores the whole route",
                        resource=route.resource,
                        hint="Linkerd takes redirects and header changes.",
                        about=str(one.field.path),
                    )


def backend_filter_unsupported(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A filter on a backend makes its share fail."""
    for route in outbound_routes(world):
        for rule in route.rules:
            for backend in rule.backend_refs:
                for one in backend.filters:
                    if str(one.type) in _UNSUPPORTED:
                        yield Hit(
                            one.field / "type",
                            f"{route.resource} has a filter {one.type} on a backend, so its share gets "
                            "status 500",
                            resource=route.resource,
                            hint="Linkerd takes redirects and header changes.",
                            about=str(one.field.path),
                        )


def backend_namespace(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A route of a client's namespace leaves the namespace of its backends to chance."""
    for route in outbound_routes(world):
        foreign = [
            one for one in route.parent_refs if one.kind == "Service" and one.namespace != route.namespace
        ]
        for rule in route.rules if foreign else ():
            for backend in rule.backend_refs:
                if not backend.field / "namespace":
                    yield Hit(
                        backend.field / "name",
                        f"{route.resource} names no namespace of backend {str(backend.name)!r}, so Linkerd "
                        f"looks in {str(foreign[0].namespace)!r}",
                        resource=route.resource,
                        hint="Write the namespace: status and routing look in different ones.",
                    )


def profile_shadows(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A ServiceProfile takes the place of the routes of its service, if anything is in it."""
    profiles = {
        service_name(one.name, world.settings.cluster_domain): one
        for one in world.resources.of("linkerd.io", "ServiceProfile")
        if service_profile(one).is_used
    }
    for route in outbound_routes(world):
        for parent in route.parent_refs:
            for name, profile in profiles.items():
                named = name is not None and (name.name, name.namespace) == (parent.name, parent.namespace)
                if named and parent.kind == "Service":
                    yield Hit(
                        profile.at("metadata", "name"),
                        f"{profile} takes the place of {route.resource}, so the route is not used",
                        resource=profile,
                        hint="Remove the ServiceProfile once its settings are in routes and annotations.",
                        related=(Related(parent.field, "the route's parent"),),
                        about=str(route.resource),
                    )


def match_without_method(world: World, _: Parameters) -> Iterator[Hit]:
    """A match of a GRPCRoute that voids all that the proxy is told of a port."""
    for route in world.mesh.routes if uses_linkerd(world) else ():
        if not any(_is_for_proxies(parent) for parent in route.parent_refs):
            continue
        for rule in route.rules:
            for match in rule.matches:
                if isinstance(match, GrpcMatch) and match.lacks_method:
                    yield Hit(
                        match.field,
                        f"{route.resource} has a match without method, so the proxy refuses the whole policy "
                        "of the port and every call fails",
                        resource=route.resource,
                        hint="Name a service or a method in each match.",
                    )


def _is_for_proxies(parent: ParentRef) -> bool:
    kinds = ((POLICY, "Server"), (POLICY, "EgressNetwork"), ("", "Service"))
    return any(refers_to(parent, group, kind) for group, kind in kinds)
