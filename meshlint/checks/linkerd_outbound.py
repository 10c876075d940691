"""Routes, profiles and annotations that Linkerd refuses, ignores or reads differently."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.documents import Field, Text
from meshlint.matching import rust_regex_problem
from meshlint.mesh import Missing
from meshlint.mesh.names.expansion import service_name
from meshlint.resources.gateway_api.reference import GROUP
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.linkerd.group import POLICY
from meshlint.resources.resource import Resource

_DURATION = re.compile(r"0|[0-9]+(?:ms|s|m|h|d)", re.ASCII)
_GRPC_CODES = frozenset({"cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable"})
_UNSUPPORTED = frozenset({"RequestMirror", "URLRewrite", "ExtensionRef", "CORS"})
_GROUPS = {"Service": ("", "core"), "Server": (POLICY,), "EgressNetwork": (POLICY,)}


def _of_linkerd(route: AnyRoute) -> bool:
    """Whether Linkerd reads a route: one of its parents is a Service, a Server or an EgressNetwork."""
    return any(
        parent.kind in _GROUPS and parent.group in _GROUPS[parent.kind] for parent in route.parent_refs
    )


def _outbound(world: World) -> Iterator[AnyRoute]:
    """Routes for callers in a set that shows Linkerd at all; others are left to Istio and gateways."""
    if not uses_linkerd(world):
        return
    for route in world.mesh.routes:
        if any(parent.kind in ("Service", "EgressNetwork") for parent in route.parent_refs):
            yield route


def uses_linkerd(world: World) -> bool:
    """Whether anything in the set belongs to Linkerd."""
    groups = {group for group, _kind in world.resources.kinds}
    if groups & {POLICY, "linkerd.io", "multicluster.linkerd.io"}:
        return True
    pods = (workload.pod.annotations for workload in world.mesh.workloads.all)
    namespaces = (one.annotations for one in world.resources.of("", "Namespace"))
    return any("linkerd.io/inject" in annotations for annotations in (*namespaces, *pods))


def parent_group(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A parent has no group, and the one that counts instead has no such kind."""
    for route in world.mesh.routes:
        for parent in route.parent_refs:
            known = _GROUPS.get(str(parent.kind))
            wrong = known is not None and parent.group not in known
            if wrong and known is not None and not parent.field / "group":
                wanted = known[-1] if known[0] == "" else known[0]
                yield Hit(
                    parent.field / "kind",
                    f"{route.resource} has a parent of kind {parent.kind} without a group, "
                    f"which means {parent.group}, so it is ignored",
                    resource=route.resource,
                    hint=f"Write `group: {wanted}`.",
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
    for route in _outbound(world):
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
    for route in _outbound(world):
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
    for route in _outbound(world):
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


def setting_ignored(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A setting of a rule that Linkerd does not read."""
    for route in _outbound(world):
        for rule in route.rules:
            for at in (
                rule.timeouts / "backendRequest",
                rule.field / "retry",
                rule.field / "sessionPersistence",
            ):
                if at:
                    yield Hit(
                        at,
                        f"{route.resource} sets {at.name}, which Linkerd does not read, so it has no effect",
                        resource=route.resource,
                        on_key=True,
                        hint="Use `timeouts.request`, or the annotations `timeout.linkerd.io/…` and "
                        "`retry.linkerd.io/…`.",
                        about=str(at.path),
                    )


def _annotations(world: World, prefix: str) -> Iterator[tuple[Resource, str, Text]]:
    kinds = [resource for resource in world.resources.resources if resource.annotations]
    for resource in kinds:
        for key, value in resource.annotations.items():
            if key.startswith(prefix):
                yield resource, key, value


def timeout_grammar(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A timeout for Linkerd is written in a way that it does not read."""
    for owner, key, value in _annotations(world, "timeout.linkerd.io/"):
        if not _DURATION.fullmatch(value):
            yield _bad_duration(owner, key, value, value.field)
    for route in _outbound(world):
        for rule in route.rules if route.resource.group == GROUP else ():
            text = rule.timeouts.text("request")
            if text is not None and not _DURATION.fullmatch(text):
                yield _bad_duration(route.resource, "timeouts.request", text, text.field)


def _bad_duration(owner: Resource, key: str, value: str, at: Field) -> Hit:
    return Hit(
        at,
        f"{owner} sets {key} to {str(value)!r}, which Linkerd does not read, so there is no timeout",
        resource=owner,
        hint="Write one whole number with ms, s, m, h or d, such as `1500ms`.",
    )


def retry_grammar(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A condition for retries is written in a way that Linkerd does not read."""
    for owner, key, value in _annotations(world, "retry.linkerd.io/"):
        kind = key.rpartition("/")[2]
        if kind not in ("http", "grpc"):
            continue
        for token in value.split(","):
            if not (_is_http_condition(token) if kind == "http" else token in _GRPC_CODES):
                yield Hit(
                    value.field,
                    f"{owner} retries on {token!r}, which Linkerd does not know, so nothing is retried",
                    resource=owner,
                    hint="Conditions are separated by commas without spaces.",
                    about=token,
                )
                break


def _is_http_condition(token: str) -> bool:
    if token in ("5xx", "gateway-error"):
        return True
    low, dash, high = token.partition("-")
    codes = [low, high] if dash else [low]
    return all(code.isascii() and code.isdecimal() and 100 <= int(code[:4] or 0) <= 599 for code in codes)


def retry_limit_zero(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A limit of no retries means one."""
    for owner, key, value in _annotations(world, "retry.linkerd.io/limit"):
        conditions = {"retry.linkerd.io/http", "retry.linkerd.io/grpc"} & set(owner.annotations)
        if value == "0" and conditions:
            yield Hit(
                value.field,
                f"{owner} sets {key} to 0, which counts as unset, so requests are retried once",
                resource=owner,
                hint="Remove the conditions to turn retries off.",
            )


def profile_shadows(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A ServiceProfile takes the place of the routes of its service."""
    profiles = {
        service_name(one.name, world.settings.cluster_domain): one
        for one in world.resources.of("linkerd.io", "ServiceProfile")
    }
    for route in _outbound(world):
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


def several_rules(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A TLS or TCP route has another number of rules than one."""
    for route in _outbound(world):
        if route.kind in ("TLSRoute", "TCPRoute") and len(route.rules) > 1:
            yield Hit(
                route.rules[1].field,
                f"{route.resource} has {len(route.rules)} rules, so Linkerd's webhook refuses it",
                resource=route.resource,
                hint="Write one route for each rule.",
            )


def regex_refused(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """An expression is none that Linkerd's proxy can read."""
    for route in _outbound(world):
        for text in _expressions(route):
            problem = rust_regex_problem(text)
            if problem is not None:
                yield Hit(
                    text.field,
                    f"{route.resource} matches expression {str(text)!r}, which Linkerd cannot read, "
                    "so it is refused",
                    resource=route.resource,
                    hint=f"The pattern {problem}.",
                )


def _expressions(route: AnyRoute) -> Iterator[Text]:
    for rule in route.rules:
        for match in rule.matches:
            path = getattr(match, "path", None)
            if path is not None and path.type == "RegularExpression":
                yield path.value
            for test in (*getattr(match, "headers", ()), *getattr(match, "query_params", ())):
                if test.type == "RegularExpression" and test.value is not None:
                    yield test.value
