"""Checks on Istio's kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshlint.resources.schema.constraints.reading import REFUSED, has, items, mapping, text
from meshlint.resources.schema.fault import Broken
from meshlint.resources.schema.words.writing import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

UNIX = "unix://"


def ports_need_selector(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """portLevelMtls needs a selector with labels (Istio: it is ignored on a whole namespace).

    A selector that is not there is told where it belongs; one that is there says that the whole namespace
    is meant, so it is the ports that do not go with it.
    """
    del params
    if not has(value, "portLevelMtls") or mapping(mapping(value, "selector"), "matchLabels"):
        return None
    message = f'"portLevelMtls" needs a selector with matchLabels, {REFUSED}'
    if not has(value, "selector"):
        return Broken(message, (), on_key=True, related=(("portLevelMtls",),))
    return Broken(message, ("portLevelMtls",), on_key=True, related=(("selector",),))


def _resolution(value: Any) -> str:
    return text(value, "resolution") or "NONE"


def addresses_resolution(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """A CIDR among the addresses goes only with resolution STATIC or NONE."""
    del params
    resolution = _resolution(value)
    for index, address in enumerate(items(value, "addresses")):
        if isinstance(address, str) and "/" in address and resolution not in ("STATIC", "NONE"):
            message = (
                f"{quoted(address)} is a CIDR, which resolution {quoted(resolution)} does not take, {REFUSED}"
            )
            return Broken(message, ("resolution",), related=(("addresses", index),))
    return None


def none_endpoints(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """Resolution NONE, also the default, takes no endpoints."""
    del params
    if not has(value, "endpoints") or _resolution(value) != "NONE":
        return None
    message = f'"endpoints" are given and resolution is "NONE", which takes none, {REFUSED}'
    at = ("resolution",) if has(value, "resolution") else ()
    hint = "Set resolution: STATIC or DNS."
    return Broken(message, at, on_key=True, suggestion=hint, related=(("endpoints",),))


def round_robin_endpoints(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """Resolution DNS_ROUND_ROBIN takes at most one endpoint; where any are listed, at least `least`."""
    if text(value, "resolution") != "DNS_ROUND_ROBIN" or not has(value, "endpoints"):
        return None
    count = len(items(value, "endpoints"))
    if count < params.get("least", 0):
        message = f'Resolution "DNS_ROUND_ROBIN" takes one endpoint and "endpoints" is empty, {REFUSED}'
        return Broken(message, ("resolution",), related=(("endpoints",),))
    if count <= 1:
        return None
    message = f'Resolution "DNS_ROUND_ROBIN" takes one endpoint and there are more, {REFUSED}'
    return Broken(message, ("resolution",), related=(("endpoints", 1),))


def unix_ports(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """A Unix socket has no ports."""
    del params
    if not text(value, "address").startswith(UNIX) or not has(value, "ports"):
        return None
    message = f'"ports" are given for a Unix socket, which has none, {REFUSED}'
    return Broken(message, ("address",), related=(("ports",),))


def unix_address(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """A Unix socket is an absolute path or an abstract name, and no directory."""
    del params
    if not isinstance(value, str) or not value.startswith(UNIX):
        return None
    if value[len(UNIX) : len(UNIX) + 1] in ("/", "@") and not value.endswith("/"):
        return None
    return Broken(f"{quoted(value)} is not the absolute path of a Unix socket, {REFUSED}")


def not_star(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """The host `*` alone is too wide for a ServiceEntry."""
    del params
    return Broken(f'"*" alone is no host of a ServiceEntry, {REFUSED}') if value == "*" else None


def tag_override(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """UPSERT of a tag needs a value and REMOVE has none."""
    del params
    operation = text(value, "operation")
    if operation == "REMOVE" and has(value, "value"):
        return Broken(f'operation "REMOVE" takes no value, {REFUSED}', ("value",), on_key=True)
    if operation == "UPSERT" and not text(value, "value"):
        at = ("value",) if has(value, "value") else ("operation",)
        return Broken(f'operation "UPSERT" needs a value, {REFUSED}', at)
    return None


def env_value(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """A variable taken from the host has no value of its own."""
    del params
    if text(value, "valueFrom") != "HOST" or not has(value, "value"):
        return None
    return Broken(f'"value" is set beside valueFrom "HOST", {REFUSED}', ("valueFrom",), related=(("value",),))
