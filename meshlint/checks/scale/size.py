"""Configuration that grows with the mesh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.security.membership.istio import istio_sidecar

REGEX = "regex"


def unscoped_namespace(world: World, parameters: Mapping[str, Any]) -> Iterator[Hit]:
    """A namespace whose proxies are told of every service in a large mesh."""
    most, mesh = int(parameters["services"]), world.mesh
    count = len(mesh.services.all)
    scoped = {sidecar.resource.namespace for sidecar in mesh.sidecars}
    if count <= most or mesh.settings.root_namespace in scoped:
        return
    for namespace in mesh.workloads.namespaces:
        found = mesh.workloads.in_namespace(namespace)
        first = next((one for one in found if istio_sidecar(mesh, one).is_present), None)
        if namespace not in scoped and first is not None:
            declared = mesh.namespaces.get(namespace) or first.resource
            yield Hit(
                declared.at("metadata", "name"),
                f"Namespace '{namespace}' has no Sidecar, so each proxy is told of all {count} services",
                resource=declared,
                hint="Add a Sidecar that lists the hosts that its workloads call.",
                about=namespace,
            )


def many_expressions(world: World, parameters: Mapping[str, Any]) -> Iterator[Hit]:
    """A VirtualService with many regular expressions."""
    most = int(parameters["expressions"])
    for virtual_service in world.mesh.virtual_services:
        count = _expressions(virtual_service)
        if count > most:
            yield Hit(
                virtual_service.field / "http",
                f"{virtual_service.resource} has {count} regular expressions, so a request may try them all",
                resource=virtual_service.resource,
                on_key=True,
                hint="Use `exact` and `prefix` where they say the same: they are cheaper to compare.",
            )


def _expressions(virtual_service: VirtualService) -> int:
    matches = [match for route in virtual_service.http for match in route.match]
    return sum(match.uri is not None and match.uri.kind == REGEX for match in matches)


def many_routes(world: World, parameters: Mapping[str, Any]) -> Iterator[Hit]:
    """A VirtualService with very many routes."""
    most = int(parameters["routes"])
    for virtual_service in world.mesh.virtual_services:
        count = sum(max(1, len(route.match)) for route in virtual_service.http)
        if count > most:
            yield Hit(
                virtual_service.field / "http",
                f"{virtual_service.resource} has {count} routes, so each proxy that sees it holds them all",
                resource=virtual_service.resource,
                on_key=True,
                hint="Split it by delegation, or limit who sees it with `exportTo`.",
            )


def large_answer(world: World, parameters: Mapping[str, Any]) -> Iterator[Hit]:
    """A direct response whose body is pushed to every proxy."""
    most = int(parameters["bytes"])
    for virtual_service in world.mesh.virtual_services:
        for route in virtual_service.http:
            answer = route.direct_response
            body = None if answer is None else answer.body
            size = 0 if body is None else len(body.encode())
            if body is not None and size > most:
                yield Hit(
                    body.field,
                    f"{virtual_service.resource} answers with {size} bytes, so each proxy holds them",
                    resource=virtual_service.resource,
                    hint="Serve long answers from a workload.",
                )
