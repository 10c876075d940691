"""AuthorizationPolicy: which requests a workload lets in."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.documents import Field, Text
from meshlint.resources.istio.parts import SpecView, parts_if_list
from meshlint.resources.istio.selection import TargetRef, WorkloadSelector, match_labels, target_refs
from meshlint.resources.resource import Resource
from meshlint.resources.view import filled_or
from meshlint.resources.view_class import view
from meshlint.values import frozen, once

DRY_RUN = "istio.io/dry-run"
_TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_SOURCE_LISTS: Mapping[str, str] = {
    "principals": "principals",
    "notPrincipals": "not_principals",
    "requestPrincipals": "request_principals",
    "notRequestPrincipals": "not_request_principals",
    "namespaces": "namespaces",
    "notNamespaces": "not_namespaces",
    "serviceAccounts": "service_accounts",
    "notServiceAccounts": "not_service_accounts",
    "trustDomains": "trust_domains",
    "notTrustDomains": "not_trust_domains",
    "ipBlocks": "ip_blocks",
    "notIpBlocks": "not_ip_blocks",
    "remoteIpBlocks": "remote_ip_blocks",
    "notRemoteIpBlocks": "not_remote_ip_blocks",
}
_OPERATION_LISTS: Mapping[str, str] = {
    "hosts": "hosts",
    "notHosts": "not_hosts",
    "ports": "ports",
    "notPorts": "not_ports",
    "methods": "methods",
    "notMethods": "not_methods",
    "paths": "paths",
    "notPaths": "not_paths",
}


@view
class Source:
    """One kind of caller: each list that is not empty must hold, by any of its values; a `not_` list by none.

    `field` is the place of `source`, which a broken policy may not have: then the source is any caller.
    """

    field: Field
    principals: tuple[Text, ...] = ()
    not_principals: tuple[Text, ...] = ()
    request_principals: tuple[Text, ...] = ()
    not_request_principals: tuple[Text, ...] = ()
    namespaces: tuple[Text, ...] = ()
    not_namespaces: tuple[Text, ...] = ()
    service_accounts: tuple[Text, ...] = ()
    not_service_accounts: tuple[Text, ...] = ()
    trust_domains: tuple[Text, ...] = ()
    not_trust_domains: tuple[Text, ...] = ()
    ip_blocks: tuple[Text, ...] = ()
    not_ip_blocks: tuple[Text, ...] = ()
    remote_ip_blocks: tuple[Text, ...] = ()
    not_remote_ip_blocks: tuple[Text, ...] = ()


@view
class Operation:
    """One kind of request, with lists that work like those of a source; `ports` are texts, too."""

    field: Field
    hosts: tuple[Text, ...] = ()
    not_hosts: tuple[Text, ...] = ()
    ports: tuple[Text, ...] = ()
    not_ports: tuple[Text, ...] = ()
    methods: tuple[Text, ...] = ()
    not_methods: tuple[Text, ...] = ()
    paths: tuple[Text, ...] = ()
    not_paths: tuple[Text, ...] = ()


@view
class Condition:
    """An attribute that must have one of `values` and none of `not_values`."""

    field: Field
    key: Text | None
    values: tuple[Text, ...]
    not_values: tuple[Text, ...]


@view
class Rule:
    """Any of `from_`, any of `to` and all of `when`. None is a missing list, which asks for nothing."""

    field: Field
    from_: tuple[Source, ...] | None
    to: tuple[Operation, ...] | None
    when: tuple[Condition, ...] | None


@frozen(eq=False, repr=False)
class AuthorizationPolicy(SpecView):
    """Rules of which any one suffices. Without any, nothing matches; an empty rule matches everything."""

    action: Text
    provider: Text | None
    rules: tuple[Rule, ...] | None
    selector: WorkloadSelector | None
    target_refs: tuple[TargetRef, ...]

    @once
    def is_dry_run(self) -> bool:
        """Whether an annotation keeps the policy from being enforced; it counts for ALLOW and DENY only."""
        written = self.resource.annotations.get(DRY_RUN)
        return written in _TRUE and self.action in ("ALLOW", "DENY")


def authorization_policy(resource: Resource) -> AuthorizationPolicy:
    """The view of an AuthorizationPolicy of any version; without `action` it is an ALLOW policy."""
    spec = resource.spec
    return AuthorizationPolicy(
        resource,
        action=filled_or(spec, "action", "ALLOW"),
        provider=(spec / "provider").text("name"),
        rules=parts_if_list(spec, "rules", _rule),
        selector=match_labels(spec),
        target_refs=target_refs(spec),
    )


def _rule(field: Field) -> Rule:
    return Rule(
        field,
        from_=parts_if_list(field, "from", lambda item: _source(item / "source")),
        to=parts_if_list(field, "to", lambda item: _operation(item / "operation")),
        when=parts_if_list(field, "when", _condition),
    )


def _source(field: Field) -> Source:
    return Source(field, **_lists(field, _SOURCE_LISTS))


def _operation(field: Field) -> Operation:
    return Operation(field, **_lists(field, _OPERATION_LISTS))


def _lists(field: Field, names: Mapping[str, str]) -> dict[str, tuple[Text, ...]]:
    """The lists that are written, of which most have one or two: by what a view calls them."""
    value = field.value
    if not isinstance(value, dict):
        return {}
    return {names[key]: field.texts(key) for key in value if key in names}


def _condition(field: Field) -> Condition:
    return Condition(field, field.text("key"), field.texts("values"), field.texts("notValues"))
