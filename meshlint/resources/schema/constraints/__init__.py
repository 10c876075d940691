"""The checks that a schema names by `x-meshlint-check`: what JSON Schema cannot say.

Each is a function of the value as the cluster stores it (nulls pruned, defaults in) and of the parameters
that the schema gives beside its name. They are tolerant: of a value of another shape they say nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from meshlint.resources.schema.constraints import fields, gateway_api, istio, linkerd, lists

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from meshlint.resources.schema.fault import Broken

CHECKS: Final[Mapping[str, Callable[[Any, Mapping[str, Any]], Broken | None]]] = {
    "address": gateway_api.address,
    "addresses-resolution": istio.addresses_resolution,
    "aligned": lists.aligned,
    "apart": lists.apart,
    "ca-source": gateway_api.ca_source,
    "certificates": gateway_api.certificates,
    "distinct": lists.distinct,
    "duration": fields.duration,
    "env-value": istio.env_value,
    "fraction": gateway_api.fraction,
    "grpc-method": gateway_api.grpc_method,
    "key-prefix": fields.key_prefix,
    "listeners": gateway_api.listeners,
    "not-cluster-local": gateway_api.not_cluster_local,
    "not-star": istio.not_star,
    "none-endpoints": istio.none_endpoints,
    "once": lists.once,
    "path-value": gateway_api.path_value,
    "permanent-cookie": gateway_api.permanent_cookie,
    "port-name": linkerd.port_name,
    "ports-need-selector": istio.ports_need_selector,
    "prefix-rewrite": gateway_api.prefix_rewrite,
    "redirect-alone": gateway_api.redirect_alone,
    "round-robin-endpoints": istio.round_robin_endpoints,
    "service-port": gateway_api.service_port,
    "shut-out": fields.shut_out,
    "sni-hostnames": gateway_api.sni_hostnames,
    "tag-override": istio.tag_override,
    "timeouts": gateway_api.timeouts,
    "together": fields.together,
    "total": lists.total,
    "union": fields.union,
    "unix-address": istio.unix_address,
    "unix-ports": istio.unix_ports,
    "url": fields.url,
    "wildcard-alone": lists.wildcard_alone,
}

_ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "addresses-resolution": ("addresses",),
    "env-value": ("valueFrom",),
    "none-endpoints": ("endpoints",),
    "ports-need-selector": ("portLevelMtls",),
    "round-robin-endpoints": ("endpoints",),
    "tag-override": ("operation",),
    "unix-ports": ("ports",),
}


def broken(check: Mapping[str, Any], value: Any) -> Broken | None:
    """What is wrong with `value` by `check`; None when it holds. KeyError for a check that does not exist."""
    return CHECKS[check["check"]](value, check)


def asked_of(check: Mapping[str, Any]) -> frozenset[str]:
    """The fields of which a mapping has to set one for a check to break; none where that is not known."""
    name = check["check"]
    return frozenset(check["fields"] if name == "shut-out" else _ASKED.get(name, ()))
