"""Linkerd's own HTTPRoute, of policy.linkerd.io."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.gateway_api.filters import filters
from meshlint.resources.gateway_api.matches import http_matches
from meshlint.resources.gateway_api.reference import BackendRef
from meshlint.resources.gateway_api.route import HTTPRoute, http_rules, route
from meshlint.resources.linkerd.group import POLICY
from meshlint.resources.resource import Resource
from meshlint.resources.view import pruned, text_or

_WITHOUT_WEIGHTS = frozenset({"v1alpha1", "v1beta1"})


def policy_http_route(resource: Resource) -> HTTPRoute:
    """`resource` read as an HTTPRoute of policy.linkerd.io, whose parents are of that group by default.

    Up to v1beta1 a backend reference knows no group, kind and weight, and its namespace is literally
    `default` unless written (Linkerd: CRD of HTTPRoute).
    """
    backend = _old_backend_ref if resource.version in _WITHOUT_WEIGHTS else None
    return route(resource, POLICY, http_matches, http_rules(resource), backend)


def _old_backend_ref(field: Field) -> BackendRef:
    return BackendRef(
        field=field,
        group=Text.of("", pruned(field, "group")),
        kind=Text.of("Service", pruned(field, "kind")),
        name=field.text("name"),
        namespace=text_or(field, "namespace", "default"),
        port=field.integer("port"),
        weight=1,
        filters=filters(field),
    )
