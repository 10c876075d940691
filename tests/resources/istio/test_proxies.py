from __future__ import annotations

import pytest

from meshlint.resources.istio.envoy_filter import EnvoyPatch, envoy_filter
from meshlint.resources.istio.extension import traffic_extension, wasm_plugin
from meshlint.resources.istio.proxy_config import proxy_config
from tests.resources.istio.build import an_istio, line, plain


def patch(text: str) -> EnvoyPatch:
    (found,) = envoy_filter(an_istio("EnvoyFilter", f"configPatches: [{text}]")).config_patches
    return found


def test_envoy_filter() -> None:
    found = envoy_filter(
        an_istio(
            "EnvoyFilter",
            """
            priority: -5
            workloadSelector: {labels: {app: web}}
            targetRefs: [{kind: Gateway, name: w}]
            configPatches:
            - applyTo: HTTP_FILTER
              match:
                context: SIDECAR_INBOUND
                proxy: {proxyVersion: ^1.2}
                listener: {filterChain: {filter: {name: hcm, subFilter: {name: router}}}}
              patch:
                operation: INSERT_BEFORE
                filterClass: AUTHZ
                value: {name: lua, typed_config: {"@type": t}}
            """,
        )
    )
    assert plain(found) == {
        "priority": -5,
        "workload_selector": {"labels": {"app": "web"}},
        "target_refs": [{"kind": "Gateway", "name": "w"}],
        "config_patches": [
            {
                "apply_to": "HTTP_FILTER",
                "context": "SIDECAR_INBOUND",
                "proxy_version": "^1.2",
                "filter": {"name": "hcm", "sub_filter": "router"},
                "operation": "INSERT_BEFORE",
                "filter_class": "AUTHZ",
                "value": {"name": "lua", "typed_config": {"@type": "t"}},
                "name": "lua",
                "type_url": "t",
            }
        ],
    }
    assert line(found.config_patches[0].operation.field) == 11


def test_a_bare_patch_applies_anywhere_and_does_nothing() -> None:
    bare = patch("{}")
    assert (bare.apply_to, bare.context, bare.operation) == ("INVALID", "ANY", "INVALID")
    assert (bare.filter, bare.name, bare.type_url) == (None, None, None)
    assert not bare.value
    assert envoy_filter(an_istio("EnvoyFilter", "{}")).priority == 0


def test_other_ways_to_name_a_filter() -> None:
    waypoint = patch("{match: {waypoint: {filter: {name: f}}}, patch: {value: {typedConfig: {'@type': t}}}}")
    assert plain(waypoint.filter) == {"name": "f"}
    assert waypoint.type_url == "t"


def test_proxy_config() -> None:
    found = proxy_config(
        an_istio(
            "ProxyConfig",
            "{selector: {matchLabels: {a: b}}, concurrency: 0, environmentVariables: {A: b}, "
            "image: {imageType: distroless}}",
            "networking.istio.io/v1beta1",
        )
    )
    assert plain(found) == {
        "selector": {"labels": {"a": "b"}},
        "concurrency": 0,
        "environment_variables": {"A": "b"},
        "image_type": "distroless",
    }


def test_wasm_plugin() -> None:
    found = wasm_plugin(
        an_istio(
            "WasmPlugin",
            """
            selector: {matchLabels: {a: b}}
            url: oci://r/i:1
            sha256: s
            imagePullPolicy: Always
            imagePullSecret: p
            verificationKey: k
            pluginName: own
            pluginConfig: {c: d}
            failStrategy: FAIL_OPEN
            type: NETWORK
            vmConfig: {env: [{name: A}]}
            phase: AUTHN
            priority: 10
            match:
            - {mode: CLIENT, ports: [{number: 80}, {number: x}]}
            - {mode: UNDEFINED}
            - {}
            """,
            "extensions.istio.io/v1alpha1",
        )
    )
    assert plain(found) == {
        "selector": {"labels": {"a": "b"}},
        "phase": "AUTHN",
        "priority": 10,
        "match": [{"mode": "CLIENT", "ports": [80]}, *[{"mode": "CLIENT_AND_SERVER"}] * 2],
        "wasm": {
            "url": "oci://r/i:1",
            "sha256": "s",
            "image_pull_policy": "Always",
            "image_pull_secret": "p",
            "verification_key": "k",
            "plugin_name": "own",
            "plugin_config": {"c": "d"},
            "fail_strategy": "FAIL_OPEN",
            "type": "NETWORK",
            "vm_config": {"env": [{"name": "A"}]},
        },
    }


@pytest.mark.parametrize("phase", ["{}", "{phase: UNSPECIFIED_PHASE}", "{phase: UNSPECIFIED}", "{phase: 1}"])
def test_code_without_phase_comes_last(phase: str) -> None:
    found = wasm_plugin(an_istio("WasmPlugin", phase))
    assert found.phase is None
    assert plain(found.wasm) == {"fail_strategy": "FAIL_CLOSE"}


def test_traffic_extension_is_either_wasm_or_lua() -> None:
    wasm = traffic_extension(an_istio("TrafficExtension", "{wasm: {url: u}}"))
    assert plain(wasm.wasm) == {"url": "u", "fail_strategy": "FAIL_CLOSE"}
    lua = traffic_extension(an_istio("TrafficExtension", "{lua: {inlineCode: c}, phase: AUTHZ}"))
    assert plain(lua) == {"lua": "c", "phase": "AUTHZ"}
