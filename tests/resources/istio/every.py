"""All views of all kinds, for tests that hold for every one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from meshlint.documents import Field, Text
from meshlint.resources import Resource
from tests.resources.fields import names_of

KINDS = {
    "VirtualService": "virtual_service",
    "DestinationRule": "destination_rule",
    "Gateway": "gateway",
    "ServiceEntry": "service_entry",
    "Sidecar": "sidecar",
    "WorkloadEntry": "workload_entry",
    "WorkloadGroup": "workload_group",
    "EnvoyFilter": "envoy_filter",
    "ProxyConfig": "proxy_config",
    "AuthorizationPolicy": "authorization_policy",
    "PeerAuthentication": "peer_authentication",
    "RequestAuthentication": "request_authentication",
    "Telemetry": "telemetry",
    "WasmPlugin": "wasm_plugin",
    "TrafficExtension": "traffic_extension",
}
_MODULES = {"WasmPlugin": "extension", "TrafficExtension": "extension"}


def builder(kind: str) -> Callable[[Resource], Any]:
    """The function that makes the view of a kind."""
    module = import_module(f"meshlint.resources.istio.{_MODULES.get(kind, KINDS[kind])}")
    build: Callable[[Resource], Any] = getattr(module, KINDS[kind])
    return build


def places(view: Any) -> Iterator[Field]:
    """Every place that a view or any part of it names, its properties computed."""
    if isinstance(view, Text):
        yield view.field
    elif isinstance(view, Field):
        yield view
    elif isinstance(view, tuple | dict):
        for inner in view.values() if isinstance(view, dict) else view:
            yield from places(inner)
    elif names_of(type(view)) and not isinstance(view, Resource):
        for name in _names(type(view)):
            yield from places(getattr(view, name))


def _names(cls: type) -> set[str]:
    fields = set(names_of(cls))
    return fields | {name for name in dir(cls) if isinstance(getattr(cls, name), property)}
