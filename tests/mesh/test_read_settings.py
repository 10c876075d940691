from __future__ import annotations

from textwrap import dedent

import pytest

from meshlint.documents import Field, read
from meshlint.mesh.settings.reading import read_settings, read_versions
from meshlint.mesh.settings.settings import MtlsMode, OutboundPolicy
from meshlint.resources import ResourceSet, collect

EMPTY = ResourceSet(())


def objects(text: str) -> ResourceSet:
    return collect(read("a.yaml", dedent(text).encode()).documents)


def root(text: str) -> Field:
    document = read("values.yaml", dedent(text).encode()).documents[0]
    return Field(document, (), document.value)


def test_defaults_are_assumed_and_not_declared() -> None:
    settings = read_settings(EMPTY, {})
    assert (settings.root_namespace, settings.trust_domain, settings.auto_mtls) == (
        "istio-system",
        "cluster.local",
        True,
    )
    assert not settings.is_declared("root_namespace")
    assert not settings.linkerd.is_declared("trust_domain")


ISTIO = """\
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: istio, namespace: istio-system}
    data:
      mesh: |
        rootNamespace: mesh-root
        trustDomain: corp
        trustDomainAliases: [old, older]
        enableAutoMtls: false
        outboundTrafficPolicy: {mode: REGISTRY_ONLY}
        defaultServiceExportTo: ["."]
        extensionProviders:
          - name: authz
            envoyExtAuthzGrpc: {service: authz.shop.svc.cluster.local, port: 9000}
          - name: wrong
            envoyExtAuthzHttp: {service: authz, port: 70000}
          - {zipkin: {service: z, port: 1}}
    """


def test_the_settings_of_istio_come_from_its_object() -> None:
    settings = read_settings(objects(ISTIO), {})
    assert (settings.root_namespace, settings.trust_domain) == ("mesh-root", "corp")
    assert settings.trust_domain_aliases == ("old", "older")
    assert not settings.auto_mtls
    assert settings.outbound_policy is OutboundPolicy.REGISTRY_ONLY
    assert settings.default_service_export_to == (".",)
    assert settings.extension_providers == ("authz", "wrong")
    assert settings.extension_provider_kinds == (("authz", "envoyExtAuthzGrpc"), ("wrong", ""))
    assert settings.declared >= {"root_namespace", "auto_mtls", "outbound_policy"}
    assert "default_virtual_service_export_to" not in settings.declared


def test_configuration_wins_over_named_files_and_those_over_objects() -> None:
    named = [root("meshConfig: {trustDomain: first}"), root("trustDomain: named")]
    found = objects(ISTIO)
    assert read_settings(found, {}, mesh_configs=named).trust_domain == "named"
    assert read_settings(found, {}, mesh_configs=named).root_namespace == "mesh-root"
    assert read_settings(found, {"trust-domain": "mine"}, mesh_configs=named).trust_domain == "mine"


def test_a_named_file_that_is_another_object_says_nothing() -> None:
    other = root("{apiVersion: v1, kind: Service, metadata: {name: a}, trustDomain: no}")
    assert read_settings(EMPTY, {}, mesh_configs=[other, root("[1]")]).trust_domain == "cluster.local"


def test_a_named_operator_gives_its_settings_and_its_values() -> None:
    operator = root("""\
        apiVersion: install.istio.io/v1alpha1
        kind: IstioOperator
        spec:
          meshConfig: {rootNamespace: mesh-root}
          values: {global: {proxy: {clusterDomain: corp.local}}}
        """)
    settings = read_settings(EMPTY, {}, mesh_configs=[operator])
    assert (settings.root_namespace, settings.cluster_domain) == ("mesh-root", "corp.local")


def test_other_objects_carry_no_settings() -> None:
    assert read_settings(objects(ISTIO.replace("name: istio,", "name: other,")), {}).declared == frozenset()


LINKERD = """\
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: linkerd-config, namespace: linkerd-control}
    data:
      values: |
        identityTrustDomain: corp
        clusterNetworks: 10.0.0.0/8, 192.168.0.0/16
        proxy: {defaultInboundPolicy: deny, opaquePorts: "25"}
        proxyInit: {ignoreInboundPorts: "4567", ignoreOutboundPorts: ""}
    """


def test_the_values_of_linkerd_come_from_its_object() -> None:
    linkerd = read_settings(objects(LINKERD), {}).linkerd
    assert (linkerd.namespace, linkerd.trust_domain) == ("linkerd-control", "corp")
    assert linkerd.default_inbound_policy == "deny"
    assert linkerd.cluster_networks == ("10.0.0.0/8", "192.168.0.0/16")
    assert (linkerd.skip_inbound_ports, linkerd.skip_outbound_ports) == ("4567", "")
    assert linkerd.is_declared("opaque_ports")


def test_the_domain_of_the_cluster_comes_from_the_values_of_linkerd() -> None:
    text = LINKERD.replace("identityTrustDomain: corp", "clusterDomain: corp.local")
    settings = read_settings(objects(text), {})
    assert settings.cluster_domain == "corp.local"
    assert settings.declared == frozenset()
    assert read_settings(objects(text), {"cluster-domain": "mine"}).cluster_domain == "mine"


@pytest.mark.parametrize("values", ["", "[1]", "'text'", "{{ broken"])
def test_values_of_linkerd_that_are_none_leave_the_defaults(values: str) -> None:
    text = (
        f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: linkerd-config}}\ndata: {{values: {values!r}}}\n"
    )
    assert read_settings(objects(text), {}).linkerd.default_inbound_policy == "all-unauthenticated"


def test_the_section_mesh_of_the_configuration() -> None:
    settings = read_settings(
        EMPTY,
        {
            "mtls": "strict",
            "outbound-policy": "REGISTRY_ONLY",
            "trust-domain-aliases": ["old"],
            "linkerd": {"default-inbound-policy": "cluster-authenticated"},
        },
    )
    assert settings.mtls is MtlsMode.STRICT
    assert settings.outbound_policy is OutboundPolicy.REGISTRY_ONLY
    assert settings.trust_domain_aliases == ("old",)
    assert settings.linkerd.default_inbound_policy == "cluster-authenticated"
    assert settings.linkerd.is_declared("default_inbound_policy")


def test_versions_and_what_lies_outside() -> None:
    settings = read_settings(
        EMPTY,
        {},
        complete=True,
        versions=read_versions(EMPTY, {"istio": "v1.20.3", "gateway-api": "1.2", "linkerd": "edge"}),
        external={"hosts": ["api.example.com"], "namespaces": ["other"]},
    )
    assert settings.versions.istio == (1, 20)
    assert settings.versions.gateway_api == (1, 2)
    assert settings.versions.linkerd == read_settings(EMPTY, {}).versions.linkerd
    assert settings.external_hosts == ("api.example.com",)
    assert settings.external_namespaces == ("other",)
    assert settings.complete


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("istio-sidecar-injector", '{"sidecarInjectorWebhook": {"enableNamespacesByDefault": true}}', True),
        ("istio-sidecar-injector-next", "sidecarInjectorWebhook: {enableNamespacesByDefault: true}", True),
        ("istio-sidecar-injector", '{"sidecarInjectorWebhook": {"enableNamespacesByDefault": false}}', False),
        ("istio-sidecar-injectors", '{"sidecarInjectorWebhook": {"enableNamespacesByDefault": true}}', False),
        ("istio-sidecar-injector", "[", False),
    ],
)
def test_the_injector_says_whether_namespaces_are_injected_by_default(
    name: str, values: str, expected: bool
) -> None:
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{values: '{values}'}}\n"
    settings = read_settings(collect(read("a.yaml", text.encode()).documents), {})
    assert settings.enable_namespaces_by_default is expected


def test_the_values_of_an_installer_say_it_too() -> None:
    text = (
        "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: a}\n"
        "spec: {values: {sidecarInjectorWebhook: {enableNamespacesByDefault: true}}}\n"
    )
    settings = read_settings(collect(read("a.yaml", text.encode()).documents), {})
    assert settings.enable_namespaces_by_default
    assert settings.is_declared("enable_namespaces_by_default")
