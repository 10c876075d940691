"""AuthorizationPolicies with values that no request ever has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.told import told
from meshlint.checks.world import World
from meshlint.security.policies.values import texts as judge
from meshlint.security.policies.values.texts import PolicyValue, values_named, values_of

Parameters = Mapping[str, Any]
_SHOWN = 40


def impossible_principal(world: World, _: Parameters) -> Iterator[Hit]:
    """A principal that no certificate of the mesh carries."""
    hint = "An identity reads `trust-domain/ns/namespace/sa/account`, with `*` at most at one end."
    return _never(world, judge.principal_field_fault, hint, "principals", "source.principal")


def star_inside(world: World, _: Parameters) -> Iterator[Hit]:
    """A star that is no wildcard."""
    hint = "Keep one `*`, at the start or at the end; paths may use `{*}` and `{**}`."
    return _never(world, judge.star_fault, hint, "hosts", "methods", "paths", "requestPrincipals")


def impossible_path(world: World, _: Parameters) -> Iterator[Hit]:
    """A path that no request has."""
    return _never(world, judge.path_fault, "Write the path alone, from its first `/` on.", "paths")


def impossible_method(world: World, _: Parameters) -> Iterator[Hit]:
    """A method that is not in capitals."""
    return _never(world, judge.method_fault, "Write it in capitals.", "methods")


def impossible_server_name(world: World, _: Parameters) -> Iterator[Hit]:
    """A server name with capitals."""
    return _never(world, judge.server_name_fault, "Server names are in lower case.", "connection.sni")


def impossible_account(world: World, _: Parameters) -> Iterator[Hit]:
    """A service account that none can have."""
    return told(world, Mistake.POLICY_ACCOUNT)


def doubtful_claim(world: World, _: Parameters) -> Iterator[Hit]:
    """A claim that is a number or a boolean in most tokens."""
    for found in values_named(world.mesh, "request.auth.claims["):
        fault = judge.claim_fault(found.name, found.value)
        if fault is not None:
            yield _hit(found, f"compares a claim with '{found.value}', which {fault}, so it hardly matches")


def workload_as_token(world: World, _: Parameters) -> Iterator[Hit]:
    """The identity of a workload where that of a token belongs."""
    issuers = [rule.issuer for one in world.mesh.request_authentications.all for rule in one.jwt_rules]
    for found in values_of(world.mesh, "requestPrincipals", "request.auth.principal"):
        known = any(issuer and found.value.startswith(f"{issuer}/") for issuer in issuers)
        if not known and judge.is_workload_in_token(found.name, found.value):
            message = f"names {_shown(found)} for the principal of a token, so {found.effect}"
            yield _hit(found, message, "Use `principals` for workloads; tokens have `issuer/subject`.")


def foreign_host(world: World, _: Parameters) -> Iterator[Hit]:
    """A host of others, in a policy for what comes in."""
    from meshlint.security.policies.values.foreign_hosts import foreign_hosts

    for found in foreign_hosts(world.mesh):
        policy = found.policy.resource
        is_whole = found.is_all and found.policy.action == "ALLOW"
        effects = {"ALLOW": "the rule admits nobody", "DENY": "it stops nobody", "CUSTOM": "it checks nobody"}
        effect = "every call is denied" if is_whole else effects.get(found.policy.action, "it is idle")
        yield Hit(
            found.host.field,
            f"{policy} is for calls to {found.workload}, which does not serve '{found.host}', so {effect}",
            resource=policy,
            hint="It is for what comes in: restrict what goes out with a Sidecar or at an egress gateway.",
            related=(Related(found.owner.at("metadata", "name"), f"{found.owner} defines the host"),),
        )


def refused_value(world: World, _: Parameters) -> Iterator[Hit]:
    """An address, port or template that Istio refuses."""
    return told(world, Mistake.POLICY_VALUE)


def denormalized_path(world: World, _: Parameters) -> Iterator[Hit]:
    """A path in a spelling that proxies replace before they compare."""
    for found in values_of(world.mesh, "paths"):
        seen = judge.changed_path(found.name, found.value)
        if seen is not None:
            message = f"names {_shown(found)}, which proxies turn into another path, so {found.effect}"
            yield _hit(found, message, f"Write '{seen}'.")


def _never(world: World, fault: Callable[[str, str], str | None], hint: str, *names: str) -> Iterator[Hit]:
    for found in values_of(world.mesh, *names):
        reason = fault(found.name, found.value)
        if reason is not None:
            message = f"names {_shown(found)}, which never matches, so {found.effect}. The value {reason}."
            yield _hit(found, message, hint)


def _shown(found: PolicyValue) -> str:
    value = found.value
    return f"'{value}'" if len(value) <= _SHOWN else f"'{value[: _SHOWN - 3]}...'"


def _hit(found: PolicyValue, message: str, hint: str | None = None) -> Hit:
    return Hit(
        found.value.field, f"{found.policy.resource} {message}", resource=found.policy.resource, hint=hint
    )
