"""What proxies answer by themselves: injected faults, and the headers of CORS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.mending import Add, Fix
from meshlint.checks.shared.http_routes import http_routes
from meshlint.checks.shared.mended import removed, replaced
from meshlint.checks.world import World


def fault_without_percentage(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A fault has no percentage, which counts as none of the requests."""
    for owner, route in http_routes(world):
        fault = route.fault
        for name, part in (("delay", fault.delay), ("abort", fault.abort)) if fault is not None else ():
            if part is not None and not part.field / "percentage" and not part.field / "percent":
                yield Hit(
                    part.field,
                    f"{owner} injects a fault without percentage, so it never happens",
                    resource=owner,
                    on_key=True,
                    hint="Write `percentage.value`, from 0 to 100.",
                    fix=Fix("write 100 %", (Add(part.field, "percentage", {"value": 100}),), safe=False),
                    about=name,
                )


def fault_active(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A fault is injected."""
    for owner, route in http_routes(world):
        fault = route.fault
        for name, part in (("delay", fault.delay), ("abort", fault.abort)) if fault is not None else ():
            if part is not None and part.percentage:
                yield Hit(
                    part.field,
                    f"{owner} injects a fault ({name}) into {part.percentage:g} % of them, so users feel it",
                    resource=owner,
                    on_key=True,
                    hint="Remove the fault when the test is over.",
                    fix=removed(part.field, safe=False),
                    about=name,
                )


def cors_any_origin(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Any origin may send requests with credentials."""
    for owner, route in http_routes(world):
        cors = route.cors_policy
        if cors is None or not cors.allow_credentials:
            continue
        for origin in cors.allow_origins:
            if _any_origin(origin.kind, origin.value):
                yield Hit(
                    origin.value.field if origin.value else origin.field,
                    f"{owner} lets any origin send credentials, so any page acts as the user",
                    resource=owner,
                    hint="List the origins, or set `allowCredentials: false`.",
                    fix=replaced(cors.field / "allowCredentials", False, safe=False),
                )
        for text in cors.allow_origin if not cors.allow_origins else ():
            if text == "*":
                yield Hit(
                    text.field,
                    f"{owner} lets any origin send credentials, so any page acts as the user",
                    resource=owner,
                    hint="List the origins under `allowOrigins`.",
                )


def cors_any_origin_plain(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Pages of any origin may read answers, though without credentials."""
    for owner, route in http_routes(world):
        cors = route.cors_policy
        for origin in cors.allow_origins if cors is not None and not cors.allow_credentials else ():
            if _any_origin(origin.kind, origin.value):
                yield Hit(
                    origin.value.field if origin.value else origin.field,
                    f"{owner} lets any origin read answers, so pages of strangers may call it",
                    resource=owner,
                    hint="List the origins that call.",
                )


def _any_origin(kind: str, value: str) -> bool:
    if kind == "regex":
        return value in (".*", ".+", "*", "^.*$", "https?://.*", "https://.*", "http://.*", "(.*)")
    return value == "*" or (kind == "prefix" and value in ("http", "https", "https://", "http://", "h"))


def resilience_beside_fault(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Retries or a timeout stand beside a fault on one route, where they do nothing.

    The fault comes of the client's proxy itself, before its retries (Istio: HTTPRoute, fault).
    """
    for owner, route in http_routes(world):
        fault = route.fault
        parts = () if fault is None else (fault.delay, fault.abort)
        if not any(part is not None and part.percentage for part in parts):
            continue
        for name in ("retries", "timeout"):
            if route.field / name:
                yield Hit(
                    route.field / name,
                    f"{owner} sets {name} beside a fault, which comes first, so it changes nothing there",
                    resource=owner,
                    on_key=True,
                    hint="To try them, inject the fault at the server, by another client or an EnvoyFilter.",
                    about=name,
                )
