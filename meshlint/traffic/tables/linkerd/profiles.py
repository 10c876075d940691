"""The route table that a ServiceProfile makes of a service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from meshlint.documents import Field
from meshlint.matching import StringSet, rust_regex_problem
from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.resources.linkerd.service_profile import ProfileRoute, ServiceProfile, service_profile
from meshlint.traffic.conditions.condition import ANYTHING, Condition
from meshlint.traffic.tables.entries import Entry, Forward, RouteTable, Target

_DEEPEST = 30
_MOST_BOXES = 500
Box = tuple[StringSet, StringSet]
"""Paths and methods."""


def profile_for(mesh: Mesh, client_namespace: str, service: ServiceName) -> ServiceProfile | None:
    """The profile of a service that a client's proxy uses: its own namespace's, else the service's.

    One without routes and `dstOverrides` takes the place of nothing: the routes that are attached to the
    service count (Linkerd: lookup of profiles; the proxy's choice between profiles and policies).
    """
    name = service.host(mesh.settings.cluster_domain)
    found = [one for one in mesh.resources.of("linkerd.io", "ServiceProfile") if one.name == name]
    for place in (client_namespace, service.namespace):
        for resource in found:
            if resource.namespace == place:
                profile = service_profile(resource)
                return profile if profile.is_used else None
    return None


def profile_table(profile: ServiceProfile, host: str, port: int) -> RouteTable:
    """The routes of a profile in their order, and what becomes of requests that none of them takes.

    Routes tell requests apart but all go to the same destinations, by the weights of `dstOverrides` where
    there are any (Linkerd: ServiceProfile).
    """
    resource = profile.resource
    action = Forward(_targets(profile, host, port))
    entries = [
        Entry(resource, route.field, route.condition, condition, action)
        for route in profile.routes
        for condition in conditions_of(route)
    ]
    rest = Entry(resource, resource.spec, None, Condition(is_catch_all=True), action)
    return RouteTable(host, (*entries, rest))


def conditions_of(route: ProfileRoute) -> tuple[Condition, ...]:
    """The requests that a route takes, as alternatives; none for a condition that cannot be read."""
    boxes = _boxes(route.condition, positive=True)
    return tuple(Condition(path=path, method=method) for path, method in boxes)


def _boxes(condition: Field, *, positive: bool, depth: int = 0) -> Sequence[Box]:
    """The paths and methods that a tree of conditions admits, or with `positive` false keeps out."""
    if not isinstance(condition.value, dict) or depth > _DEEPEST:
        return ()
    deeper = depth + 1
    parts: list[Sequence[Box]] = []
    for key, every in (("all", positive), ("any", not positive)):
        inner = [_boxes(part, positive=positive, depth=deeper) for part in (condition / key).items()]
        if inner:
            parts.append(_every(inner) if every else _any(inner))
    if condition / "not":
        parts.append(_boxes(condition / "not", positive=not positive, depth=deeper))
    parts.extend(_leaves(condition, positive=positive))
    return _every(parts) if positive else _any(parts)


def _leaves(condition: Field, *, positive: bool) -> Iterator[Sequence[Box]]:
    path, method = condition.text("pathRegex"), condition.text("method")
    if path is not None:
        paths = _paths(path)
        yield [(paths if positive else ~paths, ANYTHING)]
    if method is not None:
        methods = StringSet.exact(method)
        yield [(ANYTHING, methods if positive else ~methods)]


def _paths(pattern: str) -> StringSet:
    """The paths in which a pattern is found, with `^` before it and `$` behind it if it lacks them.

    So of alternatives the first is bound to the start and the last to the end (Linkerd: profiles in the
    proxy).
    """
    anchored = pattern.strip()
    anchored = anchored if anchored.startswith("^") else f"^{anchored}"
    anchored = anchored if anchored.endswith("$") else f"{anchored}$"
    if "|" in anchored and rust_regex_problem(anchored) is None:
        return StringSet.rust_regex(f"(?s:.*)(?:{anchored})(?s:.*)")
    return StringSet.rust_regex(anchored)


def _any(parts: Sequence[Sequence[Box]]) -> Sequence[Box]:
    return [box for part in parts for box in part]


def _every(parts: Sequence[Sequence[Box]]) -> Sequence[Box]:
    boxes: list[Box] = [(ANYTHING, ANYTHING)] if parts else []
    for part in parts:
        boxes = [(path & mine, method & theirs) for path, method in boxes for mine, theirs in part]
        if len(boxes) > _MOST_BOXES:
            return ()
    return boxes


def _targets(profile: ServiceProfile, host: str, port: int) -> tuple[Target, ...]:
    overrides = [one for one in profile.dst_overrides if one.authority and one.weight and one.weight > 0]
    total = sum((one.weight for one in overrides if one.weight), Fraction(0))
    if not total:
        return (Target(profile.resource.spec, host, Fraction(1), port),)
    return tuple(
        _override(one.field, str(one.authority), one.weight / total, port) for one in overrides if one.weight
    )


def _override(field: Field, authority: str, part: Fraction, port: int) -> Target:
    name, colon, number = authority.rpartition(":")
    if colon and number.isdecimal():
        return Target(field, name.rstrip("."), part, int(number))
    return Target(field, authority.rstrip("."), part, port)
