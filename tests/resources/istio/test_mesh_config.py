from __future__ import annotations

from typing import Any

import pytest

from meshlint.resources.istio.mesh_config import (
    MeshConfig,
    cluster_domain,
    mesh_config,
    mesh_config_in,
    mesh_config_of_values,
    values_in,
)
from tests.resources.istio.build import an_istio, line, plain
from tests.resources.reading import an_object, made_of

DEFAULTS = {
    "root_namespace": "istio-system",
    "trust_domain": "cluster.local",
    "enable_auto_mtls": True,
    "outbound_traffic_policy": "ALLOW_ANY",
    "default_service_export_to": ["*"],
    "default_virtual_service_export_to": ["*"],
    "default_destination_rule_export_to": ["*"],
    "path_normalization": "DEFAULT",
    "min_protocol_version": "TLSV1_2",
}
CONFIG_MAP = """
apiVersion: v1
kind: ConfigMap
metadata: {name: NAME, namespace: istio-system}
data:
  mesh: |-
    trustDomain: example.org
    enableAutoMtls: false
"""


def view(text: str) -> MeshConfig:
    return mesh_config(an_istio("Any", text).spec)


def trust_domain(api_version: str, kind: str, spec: Any) -> str | None:
    found = mesh_config_in(made_of(api_version, kind, spec))
    return found.trust_domain if found else None


def test_defaults_without_any_place() -> None:
    bare = MeshConfig()
    assert plain(bare) == DEFAULTS
    assert bare.default_http_retry_policy is None
    assert bare.default_traffic_policy is None
    assert bare.locality_lb_setting is None
    assert bare.default_config is None
    assert bare.default_providers("tracing") == ()


@pytest.mark.parametrize("text", ["{}", "{trustDomain: '', enableAutoMtls: 1, defaultServiceExportTo: []}"])
def test_defaults_of_what_is_not_written(text: str) -> None:
    assert plain(view(text)) == DEFAULTS


def test_what_is_written() -> None:
    found = view(
        """
        rootNamespace: root
        trustDomain: td
        trustDomainAliases: [old]
        enableAutoMtls: false
        outboundTrafficPolicy: {mode: REGISTRY_ONLY}
        defaultServiceExportTo: [.]
        defaultVirtualServiceExportTo: [a]
        defaultDestinationRuleExportTo: [b]
        extensionProviders:
        - {name: authz, envoyExtAuthzGrpc: {port: 1}}
        - {name: nothing}
        pathNormalization: {normalization: MERGE_SLASHES}
        discoverySelectors: [{matchLabels: {a: b}}]
        accessLogFile: /dev/stdout
        meshMTLS: {minProtocolVersion: TLSV1_3}
        """
    )
    assert plain(found) == {
        "root_namespace": "root",
        "trust_domain": "td",
        "trust_domain_aliases": ["old"],
        "outbound_traffic_policy": "REGISTRY_ONLY",
        "default_service_export_to": ["."],
        "default_virtual_service_export_to": ["a"],
        "default_destination_rule_export_to": ["b"],
        "extension_providers": [{"name": "authz", "type": "envoyExtAuthzGrpc"}, {"name": "nothing"}],
        "path_normalization": "MERGE_SLASHES",
        "discovery_selectors": [{"matchLabels": {"a": "b"}}],
        "access_log_file": "/dev/stdout",
        "min_protocol_version": "TLSV1_3",
    }


def test_blocks_that_are_read_on_demand() -> None:
    found = view(
        """
        defaultHttpRetryPolicy: {attempts: 1}
        defaultTrafficPolicy: {outlierDetection: {}}
        localityLbSetting: {enabled: false}
        defaultConfig: {concurrency: 2}
        defaultProviders: {tracing: [zipkin]}
        """
    )
    assert plain(found.default_http_retry_policy) == {"attempts": 1}
    assert found.default_traffic_policy is not None
    assert found.default_traffic_policy.outlier_detection is not None
    assert found.locality_lb_setting is not None
    assert found.locality_lb_setting.enabled is False
    assert plain(found.default_config) == {"concurrency": 2}
    assert found.default_providers("tracing") == ("zipkin",)
    assert view("{}").default_traffic_policy is None


@pytest.mark.parametrize("name", ["istio", "istio-canary"])
def test_the_yaml_in_a_config_map_is_placed_at_its_key(name: str) -> None:
    found = mesh_config_in(an_object(CONFIG_MAP.replace("NAME", name)))
    assert found is not None
    assert (found.trust_domain, found.enable_auto_mtls) == ("example.org", False)
    assert found.field is not None
    assert line(found.field / "trustDomain") == 2


@pytest.mark.parametrize("mesh", ["", "[1]", "text", "a: [", "# nothing"])
def test_a_config_map_may_hold_no_settings(mesh: str) -> None:
    resource = made_of("v1", "ConfigMap", None, data={"mesh": mesh}, metadata={"name": "istio"})
    assert mesh_config_in(resource) is None


def test_other_config_maps_are_none() -> None:
    assert mesh_config_in(an_object(CONFIG_MAP.replace("NAME", "other"))) is None
    assert mesh_config_in(made_of("v1", "ConfigMap", None, metadata={"name": "istio"})) is None


def test_settings_in_other_objects() -> None:
    config = {"trustDomain": "td"}
    operator = ("install.istio.io/v1alpha1", "IstioOperator")
    assert trust_domain(*operator, {"meshConfig": config}) == "td"
    assert trust_domain(*operator, {"values": {"meshConfig": config}}) == "td"
    assert trust_domain(*operator, {"meshConfig": 1}) is None
    assert trust_domain("sailoperator.io/v1", "Istio", {"values": {"meshConfig": config}}) == "td"
    assert trust_domain("sailoperator.io/v1", "IstioRevision", {"values": {"meshConfig": config}}) == "td"
    assert trust_domain("sailoperator.io/v1", "IstioCNI", {"values": {"meshConfig": config}}) is None


def test_settings_in_helm_values() -> None:
    values = an_istio("Any", "meshConfig: {trustDomain: td}").spec
    found = mesh_config_of_values(values)
    assert found is not None
    assert found.trust_domain == "td"
    assert mesh_config_of_values(values / "meshConfig") is None


def test_the_cluster_domain_stands_beside_the_settings() -> None:
    values = {"global": {"proxy": {"clusterDomain": "corp.local"}}}
    found = values_in(made_of("install.istio.io/v1alpha1", "IstioOperator", {"values": values}))
    assert found is not None
    assert cluster_domain(found) == "corp.local"
    assert cluster_domain(found / "global") is None
    assert values_in(made_of("v1", "ConfigMap", {"values": values})) is None
