"""What policies leave open beside what they guard."""

from __future__ import annotations

import pytest

from meshlint.mesh import Mesh
from meshlint.security.policies.gaps.default_deny import open_namespaces
from meshlint.security.policies.gaps.half_guarded import half_guarded
from meshlint.security.policies.gaps.rules import takes_every_address
from meshlint.security.policies.missed_pods import missed_pods
from meshlint.security.policies.tokens.rules import claims_of_any_issuer, unchecked_tokens
from meshlint.security.policies.unidentified import at_gateways, evaded_denials
from tests.counting import calls, grows_no_faster
from tests.security.istio_worlds import gateway, mesh, mesh_as_written, namespace, security, service, workload

IN = namespace("in", "istio-injection: enabled")
WEB = (workload("web", "in", label="version: v1"), service("web", "in"))
NEXT = workload("web", "in", label="version: v2").replace("name: web, namespace", "name: web-next, namespace")
ONLY = "rules: [{from: [{source: {principals: [cluster.local/ns/in/sa/client]}}]}]"


def policy(spec: str, name: str = "p", where: str = "in") -> str:
    return security("AuthorizationPolicy", name, where, spec)


def test_a_version_beside_a_guarded_one_is_open() -> None:
    guard = policy(f"{{selector: {{matchLabels: {{app: web, version: v1}}}}, {ONLY}}}")
    found = list(half_guarded(mesh(IN, *WEB, NEXT, guard)))
    assert [one.left_out.name for one in found] == ["web-next"]
    assert list(half_guarded(mesh(IN, *WEB, NEXT, guard, policy("{}", "nobody")))) == []
    assert list(half_guarded(mesh(namespace("in"), *WEB, NEXT, guard))) == []


@pytest.mark.parametrize(("where", "is_open"), [("in", False), ("istio-system", False), ("elsewhere", True)])
def test_an_empty_policy_closes_a_namespace(where: str, is_open: bool) -> None:
    found = list(open_namespaces(mesh(IN, *WEB, policy("{}", where=where))))
    assert bool(found) is is_open


@pytest.mark.parametrize(
    ("blocks", "is_open"),
    [("[0.0.0.0/0]", True), ("[0.0.0.0/1, 128.0.0.0/1]", True), ("[10.0.0.0/8]", False), ("[broken]", False)],
)
def test_every_address_is_no_demand(blocks: str, is_open: bool) -> None:
    world = mesh_as_written(policy(f"{{rules: [{{from: [{{source: {{ipBlocks: {blocks}}}}}]}}]}}"))
    (source,) = (world.authorization_policies.all[0].rules or ())[0].from_ or ()
    assert takes_every_address(source) is is_open


def test_a_selector_that_misses_by_a_letter_is_found_for_both_kinds() -> None:
    missed = "{selector: {matchLabels: {app: chekout}}}"
    tokens = security("RequestAuthentication", "t", "in", missed)
    assert len(list(missed_pods(mesh(IN, workload("checkout", "in"), policy(missed), tokens)))) == 2
    assert list(missed_pods(mesh(IN, *WEB, policy(missed), tokens))) == []


def jwt(*issuers: str, app: str = "web") -> str:
    rules = ", ".join(f"{{issuer: {issuer}, jwksUri: 'https://{issuer}/keys'}}" for issuer in issuers)
    return security(
        "RequestAuthentication",
        "t",
        "in",
        f"{{selector: {{matchLabels: {{app: {app}}}}}, jwtRules: [{rules}]}}",
    )


CLAIM = (
    "{{selector: {{matchLabels: {{app: web}}}}, "
    "rules: [{{{}when: [{{key: 'request.auth.claims[r]', values: [a]}}]}}]}}"
)


def issuers(world: Mesh) -> list[tuple[str, ...]]:
    return [found for _, found in claims_of_any_issuer(world)]


def test_a_claim_counts_whoever_issued_it() -> None:
    assert issuers(mesh(jwt("a.com", "b.com"), policy(CLAIM.format("")))) == [("a.com", "b.com")]
    assert issuers(mesh(jwt("a.com"), policy(CLAIM.format("")))) == []
    pinned = "from: [{source: {requestPrincipals: ['a.com/*']}}], "
    assert issuers(mesh(jwt("a.com", "b.com"), policy(CLAIM.format(pinned)))) == []


def test_tokens_are_missed_only_where_files_show_where_they_are_checked() -> None:
    asks = policy(CLAIM.format(""))
    assert len(list(unchecked_tokens(mesh(asks, jwt("a.com", app="other"))))) == 1
    assert list(unchecked_tokens(mesh(asks, jwt("a.com")))) == []
    assert list(unchecked_tokens(mesh(asks))) == []


@pytest.mark.parametrize(("mode", "is_evaded"), [("PERMISSIVE", True), ("STRICT", False), ("DISABLE", False)])
@pytest.mark.parametrize("is_closed", [False, True])
def test_plaintext_gets_past_a_denial_by_identity(mode: str, is_evaded: bool, is_closed: bool) -> None:
    deny = (
        "{selector: {matchLabels: {app: web}}, action: DENY, rules: [{from: [{source: {namespaces: [x]}}]}]}"
    )
    mtls = security("PeerAuthentication", "m", "in", f"{{mtls: {{mode: {mode}}}}}")
    allow = (policy(f"{{{ONLY}}}", "allow"),) if is_closed else ()
    world = mesh(IN, *WEB, mtls, policy(deny), *allow)
    assert bool(list(evaded_denials(world))) is (is_evaded and not is_closed)


def _edges(number: int) -> tuple[str, ...]:
    """So many gateways, each with policies that ask for an identity."""
    parts = []
    for each in (f"edge-{place}" for place in range(number)):
        labels = f"app: {each}, istio: {each}"
        parts.append(
            workload(each, "in", label=f"istio: {each}").replace(f"[{{name: {each}", "[{name: istio-proxy")
        )
        parts.append(gateway(each, "in", f"{{istio: {each}}}"))
        parts.append(policy(f"{{selector: {{matchLabels: {{app: {each}}}}}, {ONLY}}}", f"by-pods-of-{each}"))
        parts.append(policy(f"{{selector: {{matchLabels: {{{labels}}}}}, {ONLY}}}", f"by-labels-of-{each}"))
    return tuple(parts)


def test_gateways_of_policies_are_looked_up() -> None:
    def work(number: int) -> int:
        edges = mesh(*_edges(number))
        return calls(lambda: at_gateways(edges))

    found = {
        (one.found.policy.name, *(each.name for each in one.because)) for one in at_gateways(mesh(*_edges(3)))
    }
    assert found == {
        (f"by-{how}-of-edge-{one}", f"edge-{one}") for how in ("pods", "labels") for one in range(3)
    }
    work(2)
    assert grows_no_faster(work, 10)


@pytest.mark.parametrize(("selector", "is_near"), [("{istio: edge-0}", True), ("{istio: edge-1}", False)])
def test_a_gateway_that_asks_for_certificates_may_be_meant_as_well(selector: str, is_near: bool) -> None:
    asking = gateway("asking", "elsewhere", selector, "{mode: MUTUAL, credentialName: x}")
    found = at_gateways(mesh(namespace("elsewhere"), asking, *_edges(1)))
    assert ["by-labels-of-edge-0" in one.found.policy.name for one in found] == (
        [] if is_near else [True, False]
    )
