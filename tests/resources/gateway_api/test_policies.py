from __future__ import annotations

import pytest

from meshlint.resources.gateway_api.backend_tls_policy import backend_tls_policy
from meshlint.resources.gateway_api.reference_grant import reference_grant
from tests.resources.reading import made_of

GROUP = "gateway.networking.k8s.io"
TARGET = {"group": "", "kind": "Service", "name": "db", "sectionName": "tls"}
CA = [{"kind": "ConfigMap", "name": "ca", "group": ""}]
SPECS = {
    "v1alpha2": {"targetRef": TARGET, "tls": {"caCertRefs": CA, "hostname": "db.example.com"}},
    "v1alpha3": {
        "targetRefs": [TARGET],
        "validation": {"caCertificateRefs": CA, "hostname": "db.example.com"},
    },
}
SPECS["v1"] = SPECS["v1alpha3"]


@pytest.mark.parametrize("version", SPECS)
def test_a_backend_policy_in_the_words_of_its_version(version: str) -> None:
    policy = backend_tls_policy(made_of(f"{GROUP}/{version}", "BackendTLSPolicy", SPECS[version]))
    (target,) = policy.target_refs
    assert target.is_a("", "Service")
    assert (target.name, target.namespace, target.section_name) == ("db", "ns", "tls")
    assert policy.validation.hostname == "db.example.com"
    (ca,) = policy.validation.ca_certificate_refs
    assert (ca.kind, ca.name, ca.namespace) == ("ConfigMap", "ca", "ns")
    assert policy.validation.well_known_ca_certificates is None


def test_a_backend_policy_may_trust_the_system() -> None:
    tls = {"wellKnownCACertificates": "System", "subjectAltNames": [{"type": "URI", "uri": "spiffe://a/b"}]}
    validation = backend_tls_policy(
        made_of(f"{GROUP}/v1", "BackendTLSPolicy", {"validation": tls})
    ).validation
    assert validation.well_known_ca_certificates == "System"
    assert [name.text("uri") for name in validation.subject_alt_names] == ["spiffe://a/b"]
    old = {"tls": {"wellKnownCACerts": "System"}, "targetRef": None}
    before = backend_tls_policy(made_of(f"{GROUP}/v1alpha2", "BackendTLSPolicy", old))
    assert before.validation.well_known_ca_certificates == "System"
    assert before.target_refs == ()


def test_a_grant_without_a_name_is_for_all_of_the_kind() -> None:
    spec = {
        "from": [{"group": GROUP, "kind": "HTTPRoute", "namespace": "web"}],
        "to": [{"group": "", "kind": "Service"}, {"kind": "Secret", "name": "cert"}],
    }
    grant = reference_grant(made_of(f"{GROUP}/v1beta1", "ReferenceGrant", spec))
    assert [(one.group, one.kind, one.namespace) for one in grant.from_] == [(GROUP, "HTTPRoute", "web")]
    assert [(one.group, one.kind, one.name) for one in grant.to] == [
        ("", "Service", None),
        ("", "Secret", "cert"),
    ]
