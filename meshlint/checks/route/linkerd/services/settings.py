"""Annotations on timeouts and retries that Linkerd ignores or cannot read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.linkerd_routes import outbound_routes
from meshlint.checks.shared.mended import removed
from meshlint.checks.world import World
from meshlint.documents import Field, Text
from meshlint.resources.gateway_api.reference import GROUP
from meshlint.resources.linkerd.annotations import RETRY, TIMEOUT, bad_condition, length
from meshlint.resources.resource import Resource


def setting_ignored(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A setting of a rule that Linkerd does not read."""
    for route in outbound_routes(world):
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
                        fix=removed(at, keeps_meaning=True),
                        about=str(at.path),
                    )


def _annotations(world: World, prefix: str) -> Iterator[tuple[Resource, str, Text]]:
    for resource in world.mesh.picked(world.resources.resources, _may_set):
        for key, value in resource.annotations.items():
            if key.startswith(prefix):
                yield resource, key, value


def _may_set(resource: Resource) -> bool:
    """Whether an object has such an annotation: all are asked, and none is to keep its annotations for it."""
    held = resource.written("annotations")
    return any(isinstance(key, str) and key.startswith((RETRY, TIMEOUT)) for key in held)


def timeout_grammar(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A timeout for Linkerd is written in a way that it does not read."""
    for owner, key, value in _annotations(world, TIMEOUT):
        if length(value) is None and not _is_refused(world, owner, value):
            yield _bad_duration(owner, key, value, value.field)
    for route in outbound_routes(world):
        for rule in route.rules if route.resource.group == GROUP else ():
            text = rule.timeouts.text("request")
            if text is not None and length(text) is None:
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
    for owner, key, value in _annotations(world, RETRY):
        kind = key.rpartition("/")[2]
        token = bad_condition(value, grpc=kind == "grpc") if kind in ("http", "grpc") else None
        if token is not None and not _is_refused(world, owner, value):
            yield Hit(
                value.field,
                f"{owner} retries on {token!r}, which Linkerd does not know, so nothing is retried",
                resource=owner,
                hint="Conditions are separated by commas without spaces.",
                about=token,
            )


def _is_refused(world: World, owner: Resource, value: Text) -> bool:
    """Whether the webhook refuses the object for an annotation, which another rule tells."""
    return any(one.at.path == value.field.path for one in world.admission.of(owner).remarks if one.refuses)


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
