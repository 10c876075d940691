from __future__ import annotations

import pytest

from meshlint.resources.linkerd.authentication import mesh_tls_authentication, network_authentication
from meshlint.resources.linkerd.authorization_policy import authorization_policy
from meshlint.resources.linkerd.group import POLICY, policy_reference, refers_to
from meshlint.resources.linkerd.server import server
from meshlint.resources.linkerd.server_authorization import server_authorization
from tests.resources.reading import an_object, made_of

V1ALPHA1 = "policy.linkerd.io/v1alpha1"
SERVER = {
    "port": "http",
    "podSelector": {"matchLabels": {"app": "web"}},
    "externalWorkloadSelector": {},
    "proxyProtocol": "HTTP/2",
    "accessPolicy": "audit",
}


def test_a_server_as_written() -> None:
    web = server(made_of("policy.linkerd.io/v1beta3", "Server", SERVER))
    assert (web.port, web.proxy_protocol, web.access_policy) == ("http", "HTTP/2", "audit")
    assert web.pod_selector.value == {"matchLabels": {"app": "web"}}
    assert web.external_workload_selector


@pytest.mark.parametrize(
    ("version", "access", "external"),
    [
        ("v1alpha1", "deny", False),
        ("v1beta1", "deny", False),
        ("v1beta2", "deny", True),
        ("v1beta3", "audit", True),
    ],
)
def test_a_server_has_what_its_version_knows(version: str, access: str, external: bool) -> None:
    web = server(made_of(f"policy.linkerd.io/{version}", "Server", SERVER))
    assert web.access_policy == access
    assert bool(web.external_workload_selector) is external
    assert web.access_policy.field.path == ("spec", "accessPolicy")


def test_a_servers_defaults() -> None:
    web = server(made_of("policy.linkerd.io/v1beta3", "Server", {"port": 8080}))
    assert (web.port, web.proxy_protocol, web.access_policy) == (8080, "unknown", "deny")
    assert not web.pod_selector


def test_a_policy_looks_beside_itself() -> None:
    policy = authorization_policy(
        an_object(
            """
            apiVersion: policy.linkerd.io/v1alpha1
            kind: AuthorizationPolicy
            metadata: {name: p, namespace: shop}
            spec:
              targetRef: {group: policy.linkerd.io, kind: Server, name: web}
              requiredAuthenticationRefs:
              - {group: policy.linkerd.io, kind: MeshTLSAuthentication, name: m, namespace: other}
              - {kind: ServiceAccount, name: s}
            """
        )
    )
    assert refers_to(policy.target_ref, POLICY, "Server")
    assert (policy.target_ref.name, policy.target_ref.namespace) == ("web", "shop")
    assert policy.required_authentication_refs is not None
    mesh, account = policy.required_authentication_refs
    assert (mesh.name, mesh.namespace) == ("m", "other")
    assert refers_to(account, "", "ServiceAccount")
    assert account.namespace == "shop"


@pytest.mark.parametrize(("written", "read"), [([], ()), (None, None), ("x", None)])
def test_no_required_authentication_differs_from_a_missing_one(written: object, read: object) -> None:
    spec = {"requiredAuthenticationRefs": written}
    assert (
        authorization_policy(made_of(V1ALPHA1, "AuthorizationPolicy", spec)).required_authentication_refs
        == read
    )


@pytest.mark.parametrize(
    ("group", "kind", "same"),
    [
        ("core", "namespace", True),
        ("", "Namespace", True),
        (None, "NAMESPACE", True),
        ("x", "Namespace", False),
    ],
)
def test_linkerd_compares_kinds_without_case(group: str | None, kind: str, same: bool) -> None:
    spec = made_of(V1ALPHA1, "AuthorizationPolicy", {"targetRef": {"group": group, "kind": kind}}).spec
    assert refers_to(policy_reference(spec / "targetRef", "ns"), "", "Namespace") is same


def test_identities_and_their_references() -> None:
    spec = {"identities": ["*", 3], "identityRefs": [{"kind": "ServiceAccount", "name": "a"}]}
    authentication = mesh_tls_authentication(made_of(V1ALPHA1, "MeshTLSAuthentication", spec))
    assert authentication.identities == ("*",)
    assert authentication.identities[0].field.path == ("spec", "identities", 0)
    assert [(ref.name, ref.namespace) for ref in authentication.identity_refs] == [("a", "ns")]


def test_networks_with_exceptions() -> None:
    spec = {"networks": [{"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}, 7]}
    first, second = network_authentication(made_of(V1ALPHA1, "NetworkAuthentication", spec)).networks
    assert (first.cidr, first.except_) == ("10.0.0.0/8", ("10.1.0.0/16",))
    assert (second.cidr, second.except_) == (None, ())


def test_a_server_authorization_by_name() -> None:
    client = {
        "networks": [{"cidr": "::/0"}],
        "meshTLS": {
            "unauthenticatedTLS": True,
            "identities": ["*.ns"],
            "serviceAccounts": [{"name": "a"}, {"name": "b", "namespace": "other"}],
        },
    }
    spec = {"server": {"name": "web"}, "client": client}
    authorization = server_authorization(made_of("policy.linkerd.io/v1beta1", "ServerAuthorization", spec))
    assert authorization.server_name == "web"
    assert not authorization.server_selector
    mesh = authorization.client.mesh_tls
    assert mesh is not None
    assert (mesh.unauthenticated_tls, mesh.identities) == (True, ("*.ns",))
    assert [(a.name, a.namespace) for a in mesh.service_accounts] == [("a", "ns"), ("b", "other")]
    assert [network.cidr for network in authorization.client.networks] == ["::/0"]
    assert not authorization.client.unauthenticated


def test_a_server_authorization_for_everyone() -> None:
    spec = {"server": {"selector": {}}, "client": {"unauthenticated": True}}
    authorization = server_authorization(made_of("policy.linkerd.io/v1beta1", "ServerAuthorization", spec))
    assert authorization.server_name is None
    assert authorization.server_selector
    assert authorization.client.unauthenticated
    assert authorization.client.mesh_tls is None
