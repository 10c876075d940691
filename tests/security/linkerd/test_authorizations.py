"""What opens a Server (linkerd.md, C5 and C6): objects, one call, and what becomes of it."""

from __future__ import annotations

import pytest
from attrs import evolve

from meshlint.mesh import MeshSettings
from tests.security.linkerd.worlds import (
    ENDING,
    REFS,
    Case,
    identity,
    linkerd,
    made,
    net,
    policy,
    raw_policy,
    saz,
    server,
    tls,
    tls_refs,
)

WEB = tls(identity("web"))
ANY = net("0.0.0.0/0", "::/0", name="all")
SERVER_TARGET = "targetRef: {group: policy.linkerd.io, kind: Server, name: cart}"
TLS_REF = "{group: policy.linkerd.io, kind: MeshTLSAuthentication, name: web}"

POLICIES = [
    Case("nothing opens the server", (server(),), "deny"),
    Case("a policy for the server admits the identity", (server(), policy("tls/web"), WEB), "allow"),
    Case("and no other", (server(), policy("tls/web"), WEB), "deny", who="api"),
    Case("and nobody without identity", (server(), policy("tls/web"), WEB), "deny", who=""),
    Case("nor TLS without identity", (server(), policy("tls/web"), WEB), "deny", who="tls"),
    Case("a policy for the namespace", (server(), policy("tls/web", target="Namespace/shop"), WEB), "allow"),
    Case(
        "two policies are alternatives",
        (server(), policy("sa/api"), policy("tls/web", name="q"), WEB),
        "allow",
    ),
    Case(
        "for the other one too",
        (server(), policy("sa/api"), policy("tls/web", name="q"), WEB),
        "allow",
        "api",
    ),
    Case(
        "the name of the server counts by letter",
        (server(), policy("tls/web", target="Server/Cart"), WEB),
        "deny",
    ),
    Case("a policy of another namespace", (server(), policy("tls/web", namespace="x"), WEB), "deny"),
    Case("no references admit anyone", (server(), policy()), "allow", who=""),
    Case("without the key nobody", (server(), raw_policy(SERVER_TARGET)), "deny"),
    Case("a service account", (server(), policy("sa/web")), "allow"),
    Case("a service account of another namespace", (server(), policy("sa/web@other")), "deny"),
    Case("it is admitted", (server(), policy("sa/web@other")), "allow", who=identity("web", "other")),
    Case("an account need not exist", (server(), policy("sa/nobody")), "allow", who="nobody"),
    Case(
        "identity and network, both fit",
        (server(), policy("tls/web", "net/nodes"), WEB, net("10.0.0.0/8")),
        "allow",
        address="10.1.1.1",
    ),
    Case(
        "identity fits, network does not",
        (server(), policy("tls/web", "net/nodes"), WEB, net("10.0.0.0/8")),
        "deny",
        address="11.1.1.1",
    ),
    Case(
        "network fits, identity does not",
        (server(), policy("tls/web", "net/nodes"), WEB, net("10.0.0.0/8")),
        "deny",
        who="api",
        address="10.1.1.1",
    ),
    Case(
        "the address is not known",
        (server(), policy("tls/web", "net/nodes"), WEB, net("10.0.0.0/8")),
        "depends",
    ),
    Case(
        "only a network needs no identity",
        (server(), policy("net/nodes"), net("10.0.0.0/8")),
        "allow",
        who="",
        address="10.1.1.1",
    ),
    Case(
        "an identity does no harm there",
        (server(), policy("net/nodes"), net("10.0.0.0/8")),
        "allow",
        address="10.1.1.1",
    ),
    Case("every address", (server(), policy("net/all"), ANY), "allow", who=""),
    Case(
        "an address that is left out",
        (server(), policy("net/nodes"), net("10.0.0.0/8 except 10.1.0.0/16")),
        "deny",
        who="",
        address="10.1.2.3",
    ),
    Case(
        "an address beside it",
        (server(), policy("net/nodes"), net("10.0.0.0/8 except 10.1.0.0/16")),
        "allow",
        who="",
        address="10.2.2.3",
    ),
    Case(
        "another entry takes it in again",
        (server(), policy("net/nodes"), net("10.0.0.0/8 except 10.1.0.0/16", "10.1.2.0/24")),
        "allow",
        who="",
        address="10.1.2.3",
    ),
    Case(
        "a bare address",
        (server(), policy("net/nodes"), net("10.1.2.3")),
        "allow",
        who="",
        address="10.1.2.3",
    ),
    Case(
        "only IPv4 is named",
        (server(), policy("net/nodes"), net("0.0.0.0/0")),
        "deny",
        who="",
        address="fd00::1",
    ),
    Case("a missing authentication voids the policy", (server(), policy("tls/web")), "deny"),
    Case(
        "a missing network voids it as well",
        (server(), policy("tls/web", "net/nodes"), WEB),
        "deny",
        address="10.1.1.1",
    ),
    Case("an authentication without identities voids it", (server(), policy("tls/web"), tls()), "deny"),
    Case(
        "a network list that is empty voids it",
        (server(), policy("tls/web", "net/nodes"), WEB, net()),
        "deny",
    ),
    Case(
        "a void CIDR voids it",
        (server(), policy("net/nodes"), net("10.0.0.0/8", "none")),
        "deny",
        who="",
        address="10.1.1.1",
    ),
    Case(
        "an authentication of another namespace",
        (server(), policy("tls/web@auth"), tls(identity("web"), namespace="auth")),
        "allow",
    ),
    Case(
        "it is not looked up elsewhere",
        (server(), policy("tls/web"), tls(identity("web"), namespace="auth")),
        "deny",
    ),
    Case(
        "two authentications of a kind are refused",
        (server(), policy("tls/web", "tls/api"), WEB, tls(identity("web"), name="api")),
        "deny",
    ),
    Case("two accounts are refused", (server(), policy("sa/web", "sa/api")), "deny"),
    Case(
        "an account beside an authentication is refused", (server(), policy("sa/web", "tls/web"), WEB), "deny"
    ),
    Case(
        "two networks are refused",
        (server(), policy("net/all", "net/nodes"), ANY, net("10.0.0.0/8")),
        "deny",
        who="",
        address="10.1.1.1",
    ),
    Case(
        "a target without group is refused",
        (
            server(),
            raw_policy(f"targetRef: {{kind: Server, name: cart}}, {REFS}: [{TLS_REF}]"),
            WEB,
        ),
        "deny",
    ),
    Case(
        "an authentication without group is refused",
        (
            server(),
            raw_policy(
                SERVER_TARGET + ", requiredAuthenticationRefs: [{kind: MeshTLSAuthentication, name: web}]"
            ),
            WEB,
        ),
        "deny",
    ),
    Case(
        "letter case of kinds does not count",
        (
            server(),
            raw_policy(
                f"targetRef: {{group: policy.linkerd.io, kind: server, name: cart}}, {REFS}: [{TLS_REF}]"
            ),
            WEB,
        ),
        "allow",
    ),
    Case(
        "the core group by its name",
        (
            server(),
            raw_policy(f"targetRef: {{group: core, kind: Namespace, name: shop}}, {REFS}: [{TLS_REF}]"),
            WEB,
        ),
        "allow",
    ),
    Case(
        "another namespace as target is refused",
        (server(), policy("tls/web", target="Namespace/x"), WEB),
        "deny",
    ),
    Case(
        "another kind as target is refused",
        (
            server(),
            raw_policy(f"targetRef: {{kind: Deployment, name: cart}}, {REFS}: [{TLS_REF}]"),
            WEB,
        ),
        "deny",
    ),
]

ACCESS = [
    Case("access policy all-authenticated, with identity", (server(access="all-authenticated"),), "allow"),
    Case("access policy all-authenticated, without", (server(access="all-authenticated"),), "deny", who=""),
    Case(
        "access policy all-authenticated, anonymous TLS",
        (server(access="all-authenticated"),),
        "deny",
        who="tls",
    ),
    Case("access policy all-unauthenticated", (server(access="all-unauthenticated"),), "allow", who=""),
    Case(
        "access policy cluster-authenticated, inside",
        (server(access="cluster-authenticated"),),
        "allow",
        address="10.1.1.1",
    ),
    Case(
        "access policy cluster-authenticated, outside",
        (server(access="cluster-authenticated"),),
        "deny",
        address="8.8.8.8",
    ),
    Case(
        "access policy cluster-unauthenticated, inside",
        (server(access="cluster-unauthenticated"),),
        "allow",
        who="",
        address="10.1.1.1",
    ),
    Case(
        "access policy cluster-unauthenticated, outside",
        (server(access="cluster-unauthenticated"),),
        "deny",
        who="",
        address="8.8.8.8",
    ),
    Case(
        "access policy cluster-unauthenticated, IPv6",
        (server(access="cluster-unauthenticated"),),
        "allow",
        who="",
        address="fd00::1",
    ),
    Case("access policy audit", (server(access="audit"),), "allow", who=""),
    Case("access policy deny", (server(access="deny"),), "deny"),
    Case("access policy that does not exist", (server(access="all_authenticated"),), "deny"),
    Case(
        "an older version knows no access policy",
        (server(access="all-unauthenticated", version="v1beta2"),),
        "deny",
    ),
    Case(
        "an access policy and a policy add up",
        (server(access="all-authenticated"), policy("sa/api")),
        "allow",
    ),
    Case("deny and a policy add up", (server(access="deny"), policy("sa/web")), "allow"),
]

_AUTHORIZATIONS = [
    Case("an account", (server(), saz("meshTLS: {serviceAccounts: [{name: web}]}")), "allow"),
    Case("another account", (server(), saz("meshTLS: {serviceAccounts: [{name: web}]}")), "deny", who="api"),
    Case(
        "an account of a namespace",
        (server(), saz("meshTLS: {serviceAccounts: [{name: web, namespace: x}]}")),
        "allow",
        who=identity("web", "x"),
    ),
    Case("an identity", (server(), saz(f"meshTLS: {{identities: ['{identity('web')}']}}")), "allow"),
    Case(
        "identities and accounts are alternatives",
        (server(), saz(f"meshTLS: {{identities: ['{identity('a')}'], serviceAccounts: [{{name: web}}]}}")),
        "allow",
    ),
    Case("a star", (server(), saz("meshTLS: {identities: ['*']}")), "allow"),
    Case("a star needs an identity", (server(), saz("meshTLS: {identities: ['*']}")), "deny", who="tls"),
    Case(
        "any TLS",
        (server(), saz("meshTLS: {unauthenticatedTLS: true}")),
        "allow",
        who="tls",
        address="10.1.1.1",
    ),
    Case(
        "any TLS, with identity",
        (server(), saz("meshTLS: {unauthenticatedTLS: true}")),
        "allow",
        address="10.1.1.1",
    ),
    Case("any TLS, but plaintext", (server(), saz("meshTLS: {unauthenticatedTLS: true}")), "deny", who=""),
    Case("unauthenticated", (server(), saz("unauthenticated: true")), "allow", who="", address="10.1.1.1"),
    Case(
        "unauthenticated, only from the cluster unless networks are written",
        (server(), saz("unauthenticated: true")),
        "deny",
        who="",
        address="8.8.8.8",
    ),
    Case(
        "networks that are written count instead",
        (server(), saz("unauthenticated: true, networks: [{cidr: 8.0.0.0/8}]")),
        "allow",
        who="",
        address="8.8.8.8",
    ),
    Case(
        "networks and identity, wrong network",
        (server(), saz("networks: [{cidr: 8.0.0.0/8}], meshTLS: {serviceAccounts: [{name: web}]}")),
        "deny",
        address="10.1.1.1",
    ),
    Case("no client", (server(), saz("")), "deny"),
    Case("only networks", (server(), saz("networks: [{cidr: 0.0.0.0/0}]")), "deny", who=""),
    Case("an empty meshTLS", (server(), saz("meshTLS: {}")), "deny"),
    Case(
        "the server by its labels",
        (
            server(labels="app: cart"),
            saz("meshTLS: {serviceAccounts: [{name: web}]}", "selector: {matchLabels: {app: cart}}"),
        ),
        "allow",
    ),
    Case(
        "labels that it has not",
        (
            server(labels="app: x"),
            saz("meshTLS: {serviceAccounts: [{name: web}]}", "selector: {matchLabels: {app: cart}}"),
        ),
        "deny",
    ),
    Case(
        "the labels of the pods do not count",
        (server(), saz("meshTLS: {serviceAccounts: [{name: web}]}", "selector: {matchLabels: {app: cart}}")),
        "deny",
    ),
    Case(
        "a name wins over a selector",
        (server(), saz("meshTLS: {serviceAccounts: [{name: web}]}", "name: x, selector: {}")),
        "deny",
    ),
    Case(
        "an empty selector takes all",
        (server(), saz("meshTLS: {serviceAccounts: [{name: web}]}", "selector: {}")),
        "allow",
    ),
    Case("so does none", (server(), saz("meshTLS: {serviceAccounts: [{name: web}]}", "")), "allow"),
    Case(
        "another namespace",
        (server(), saz("meshTLS: {serviceAccounts: [{name: web}]}", namespace="x")),
        "deny",
    ),
    Case(
        "it adds up with a policy",
        (server(), saz("meshTLS: {serviceAccounts: [{name: api}]}"), policy("sa/web")),
        "allow",
    ),
]
# Without networks only the cluster's own count, so each of these calls comes from some address.
AUTHORIZATIONS = [evolve(case, address=case.address or "10.9.9.9") for case in _AUTHORIZATIONS]

IDENTITIES = [
    Case("a star is anyone in the mesh", (server(), policy("tls/web"), tls("*")), "allow", who="x.y.z"),
    Case("a star is nobody outside of it", (server(), policy("tls/web"), tls("*")), "deny", who=""),
    Case("an ending", (server(), policy("tls/web"), tls(f"*.shop.{ENDING}")), "allow"),
    Case(
        "an ending of another namespace",
        (server(), policy("tls/web"), tls(f"*.shop.{ENDING}")),
        "deny",
        who=identity("web", "x"),
    ),
    Case(
        "an ending needs its dot",
        (server(), policy("tls/web"), tls(f"*.shop.{ENDING}")),
        "deny",
        who=identity("web", "eshop"),
    ),
    Case(
        "an ending is not itself a member",
        (server(), policy("tls/web"), tls(f"*.shop.{ENDING}")),
        "deny",
        who=f"shop.{ENDING}",
    ),
    Case("an ending spans several labels", (server(), policy("tls/web"), tls("*.cluster.local")), "allow"),
    Case("a star in the middle is a letter", (server(), policy("tls/web"), tls(f"web.*.{ENDING}")), "deny"),
    Case("letter case counts", (server(), policy("tls/web"), tls(identity("Web"))), "deny"),
    Case(
        "another trust domain",
        (server(), policy("tls/web"), tls("web.shop.serviceaccount.identity.linkerd.example.org")),
        "deny",
    ),
    Case(
        "an account refers to the trust domain",
        (server(), policy("sa/web")),
        "allow",
        who="web.shop.serviceaccount.identity.l5d.example.org",
        settings=linkerd(trust_domain="example.org", namespace="l5d"),
    ),
    Case(
        "and not to the default one",
        (server(), policy("sa/web")),
        "deny",
        settings=linkerd(trust_domain="example.org"),
    ),
    Case(
        "an account by reference",
        (server(), policy("tls/web"), tls_refs("{kind: ServiceAccount, name: web}")),
        "allow",
    ),
    Case(
        "an account by reference, of a namespace",
        (server(), policy("tls/web"), tls_refs("{kind: ServiceAccount, name: web, namespace: x}")),
        "allow",
        who=identity("web", "x"),
    ),
    Case(
        "a namespace by reference",
        (server(), policy("tls/web"), tls_refs("{kind: Namespace, name: shop}")),
        "allow",
    ),
    Case(
        "a namespace by reference, no other",
        (server(), policy("tls/web"), tls_refs("{kind: Namespace, name: shop}")),
        "deny",
        who=identity("web", "x"),
    ),
    Case(
        "a reference without a name",
        (server(), policy("tls/web"), tls_refs("{kind: ServiceAccount}")),
        "deny",
    ),
    Case(
        "an external workload",
        (server(), policy("tls/web"), tls("spiffe://root.linkerd.cluster.local/vm")),
        "allow",
        who="spiffe://root.linkerd.cluster.local/vm",
    ),
    Case(
        "an external workload by a star at the end is a letter",
        (server(), policy("tls/web"), tls("spiffe://root.linkerd.cluster.local/*")),
        "deny",
        who="spiffe://root.linkerd.cluster.local/vm",
    ),
    Case(
        "Istio's form is no identity here",
        (server(), policy("tls/web"), tls("spiffe://cluster.local/ns/shop/sa/web")),
        "deny",
    ),
    Case("the default account", (server(), policy("sa/default")), "allow", who="default"),
]


@pytest.mark.parametrize("case", [*POLICIES, *ACCESS, *AUTHORIZATIONS, *IDENTITIES], ids=str)
def test_verdict(case: Case) -> None:
    assert made(case).verdict.value == case.verdict


def test_a_firm_grant_is_named_before_an_audited_one() -> None:
    case = Case("both", (server(access="audit"), policy("sa/web")), "allow")
    assert [grant.label for grant in made(case).deciding] == ["AuthorizationPolicy shop/p"]
    assert not made(case).is_audited


def test_only_audited() -> None:
    case = Case("audit", (server(access="audit"), policy("sa/api")), "allow")
    assert made(case).is_audited


def test_what_lies_outside_of_the_files_leaves_it_open() -> None:
    case = Case("open", (server(), policy("tls/web@auth")), "depends", settings=MeshSettings())
    decision = made(case)
    assert decision.verdict.value == "depends"
    assert decision.depends_on == ("what AuthorizationPolicy shop/p requires, which is not in the files",)
