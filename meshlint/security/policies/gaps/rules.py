"""Whom the rules of an ALLOW policy let in, judged rule by rule."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.placement import Alike
from meshlint.mesh.remembered import kept, remembered
from meshlint.mesh.workloads.gateways import means_gateways
from meshlint.resources.istio.authorization_policy import (
    AuthorizationPolicy,
    Operation,
    Rule,
    Source,
)
from meshlint.resources.kubernetes.workload import Workload

_OPEN_BY_NATURE = ("health", "live", "metrics", "ready", "stats")
_EVERY_PATH = frozenset({"*", "/*", "/{**}"})
_IDENTITY_KEYS = frozenset({"source.namespace", "source.principal", "source.trustDomain"})
SOURCE_KEYS = ("source.", "remote.ip", "request.auth.", "connection.sni")
"""How the keys of conditions begin that ask something of the caller."""


@remembered
def allow_policies(mesh: Mesh) -> tuple[AuthorizationPolicy, ...]:
    """The ALLOW policies that are enforced."""
    return tuple(filter(is_allowing, mesh.authorization_policies.all))


def is_allowing(policy: AuthorizationPolicy) -> bool:
    """Whether a policy is an ALLOW policy that is enforced."""
    return policy.action == "ALLOW" and not policy.is_dry_run


def required(source: Source) -> tuple[Text, ...]:
    """Every value that a source demands, whatever of the caller it is about."""
    return (
        *source.principals,
        *source.request_principals,
        *source.namespaces,
        *source.service_accounts,
        *source.trust_domains,
        *source.ip_blocks,
        *source.remote_ip_blocks,
    )


def excluded(source: Source) -> tuple[Text, ...]:
    """Every value that a source keeps out."""
    return (
        *source.not_principals,
        *source.not_request_principals,
        *source.not_namespaces,
        *source.not_service_accounts,
        *source.not_trust_domains,
        *source.not_ip_blocks,
        *source.not_remote_ip_blocks,
    )


def asks_nothing_of_callers(rule: Rule) -> bool:
    """Whether a rule admits every caller, with or without an identity."""
    sources = rule.from_ or ()
    if sources and not any(not required(source) and not excluded(source) for source in sources):
        return False
    return not any((condition.key or "").startswith(SOURCE_KEYS) for condition in rule.when or ())


def asks_nothing_of_requests(rule: Rule) -> bool:
    """Whether a rule admits every request."""
    operations = rule.to or ()
    return (not operations or any(not _demands(operation) for operation in operations)) and not rule.when


def is_torn_apart(policy: AuthorizationPolicy, rule: Rule) -> bool:
    """Whether `rule` has nothing but requests, and the one before it nothing but callers.

    Requests for health and metrics are open to everyone by intention, and one of several rules for requests
    in a row is one of a list.
    """
    rules = policy.rules or ()
    place = next((index for index, one in enumerate(rules) if one is rule), 0)
    before = rules[place - 1] if place else None
    if (
        before is None
        or not _is_for_requests(rule)
        or any(map(_is_for_requests, rules[place + 1 : place + 2]))
    ):
        return False
    if _is_for_preflights(rule):
        return False
    if any(
        word in path for operation in rule.to or () for path in operation.paths for word in _OPEN_BY_NATURE
    ):
        return False
    return bool(before.from_) and not before.to and not before.when


def _is_for_preflights(rule: Rule) -> bool:
    """Whether a rule lets preflights pass alone, which browsers send without a token (Fetch: preflights)."""
    operations = rule.to or ()
    return bool(operations) and all(list(one.methods) == ["OPTIONS"] for one in operations)


def _is_for_requests(rule: Rule) -> bool:
    return bool(rule.to) and not rule.from_ and not rule.when


@remembered
def opened(mesh: Mesh, policy: AuthorizationPolicy) -> tuple[Workload, ...]:
    """The workloads in the files that `policy` is for."""
    selected = mesh.authorization_policies.selected(policy)
    return mesh.namespaces.placement.going_with(policy.resource, _alike(mesh, selected))


@kept
def _alike(_: Mesh, workloads: tuple[Workload, ...]) -> Alike[Workload]:
    """The workloads of many policies: those that select alike have the very same ones."""
    return Alike(workloads)


def is_for_gateway(policy: AuthorizationPolicy) -> bool:
    """Whether a policy is for gateways, whose business it is to take callers from outside."""
    if any(ref.kind == "Gateway" for ref in policy.target_refs):
        return True
    return policy.selector is not None and means_gateways(policy.selector.labels)


def _demands(operation: Operation) -> bool:
    """Whether an operation leaves any request out; a value that fits all of them asks for nothing."""
    narrow = (values for values in (operation.hosts, operation.methods) if values and "*" not in values)
    paths = operation.paths and not any(value in _EVERY_PATH for value in operation.paths)
    return bool(
        any(narrow)
        or paths
        or operation.ports
        or operation.not_hosts
        or operation.not_ports
        or operation.not_methods
        or operation.not_paths
    )


def takes_every_address(source: Source) -> bool:
    """Whether a source asks for nothing but an address, and any will do."""
    blocks = (*source.ip_blocks, *source.remote_ip_blocks)
    if not blocks or len(blocks) != len(required(source)) or excluded(source):
        return False
    held = (values for values in (source.ip_blocks, source.remote_ip_blocks) if values)
    return all(_holds_all(values) for values in held)


def _holds_all(blocks: tuple[Text, ...]) -> bool:
    from meshlint.matching import AddressSet, address_problem

    every = AddressSet.of(*(block for block in blocks if address_problem(block) is None))
    return AddressSet.of("0.0.0.0/0").is_subset(every)


def any_identity_conditions(rule: Rule) -> Iterator[Text]:
    """Conditions that every identity satisfies, in a rule that asks nothing else of the caller."""
    of_callers = [one for one in rule.when or () if (one.key or "").startswith(SOURCE_KEYS)]
    sources = rule.from_ or ()
    if len(of_callers) != 1 or (sources and all(required(one) or excluded(one) for one in sources)):
        return
    for one in of_callers:
        if one.key in _IDENTITY_KEYS and not one.not_values:
            yield from (value for value in one.values if value == "*")
