"""The settings of an Envoy that judges many cases at once.

A case of HTTP is a route, chosen by a header, that sets its own RBAC filters; one of TCP is a listener.
A caller's identity and the address that it means to reach come in the PROXY header of its connection.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

import trustme

from tests.oracle.authz.rbac import ACTIONS, PEER, Config

CASE, METADATA = "x-case", "x-metadata"
TOKEN_KEY = b"a key for tokens on the loopback interface"
TLV_IDENTITY, TLV_METADATA = 0xE0, 0xE1
TCP_METADATA = ("envoy.filters.a.b", "c")
"""The metadata that a caller over TCP may set: the owner and the key."""
NORMALIZATIONS = ("NONE", "BASE", "MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES")

_TYPE = "type.googleapis.com/envoy.extensions"
_HTTP, _NETWORK, _LISTENER = (f"{_TYPE}.filters.{kind}" for kind in ("http", "network", "listener"))
_LUA = """
function envoy_on_request(handle)
  local text = handle:headers():get("x-metadata")
  if text == nil then return end
  local owner, key, kind, value = text:match("([^|]*)|([^|]*)|([^|]*)|(.*)")
  if kind == "list" then
    local found = {}
    for item in value:gmatch("[^,]+") do table.insert(found, item) end
    value = found
  end
  handle:streamInfo():dynamicMetadata():set(owner, key, value)
end
"""


def bootstrap(
    http: Mapping[str, Sequence[tuple[str, Mapping[str, Config]]]],
    tcp: Sequence[Mapping[str, Config]],
    ports: Sequence[int],
) -> Config:
    """Cases of HTTP by how paths are normalised, each with its name, and cases of TCP.

    The first ports are those of `NORMALIZATIONS`, the others those of the TCP cases.
    """
    listeners = []
    for normalization, port in zip(NORMALIZATIONS, ports, strict=False):
        manager = _manager(http.get(normalization, ()), normalization)
        listeners.append(_listener(port, [_typed("http", _NETWORK + ".http_connection_manager.v3", manager)]))
    for rules, port in zip(tcp, ports[len(NORMALIZATIONS) :], strict=True):
        chain = [_network_rbac(action, rules[action]) for action in ACTIONS if action in rules]
        listeners.append(_listener(port, [*chain, _typed("echo", _NETWORK + ".echo.v3", {}, "Echo")]))
    return {"static_resources": {"listeners": listeners}}


def _typed(name: str, package: str, settings: Config, message: str = "HttpConnectionManager") -> Config:
    return {"name": name, "typed_config": {"@type": f"{package}.{message}", **settings}}


def _listener(port: int, filters: Sequence[Config]) -> Config:
    chain = [_set_identity(), *filters]
    secured = {"filter_chain_match": {"transport_protocol": "tls"}, "transport_socket": _tls()}
    plain = {"filter_chain_match": {"transport_protocol": "raw_buffer"}}
    return {
        "address": {"socket_address": {"address": "127.0.0.1", "port_value": port}},
        "listener_filters": [
            _typed("proxy", _LISTENER + ".proxy_protocol.v3", _proxy_rules(), "ProxyProtocol"),
            _typed("tls", _LISTENER + ".tls_inspector.v3", {}, "TlsInspector"),
        ],
        "filter_chains": [secured | {"filters": chain}, plain | {"filters": chain}],
    }


def _proxy_rules() -> Config:
    owner, key = TCP_METADATA
    told = {TLV_IDENTITY: ("caller", "identity"), TLV_METADATA: (owner, key)}
    rules = [
        {"tlv_type": tlv, "on_tlv_present": {"metadata_namespace": namespace, "key": name}}
        for tlv, (namespace, name) in told.items()
    ]
    return {"rules": rules}


def _set_identity() -> Config:
    text = {"text_format_source": {"inline_string": "%DYNAMIC_METADATA(caller:identity)%"}}
    value = {
        "object_key": PEER,
        "factory_key": "envoy.string",
        "format_string": text | {"omit_empty_values": True},
        "skip_if_empty": True,
    }
    return _typed("peer", _NETWORK + ".set_filter_state.v3", {"on_new_connection": [value]}, "Config")


def _tls() -> Config:
    issued = trustme.CA().issue_cert("localhost").private_key_and_cert_chain_pem
    pem = {"inline_string": issued.bytes().decode()}
    context = {"common_tls_context": {"tls_certificates": [{"certificate_chain": pem, "private_key": pem}]}}
    package = f"{_TYPE}.transport_sockets.tls.v3"
    return _typed("tls", package, context, "DownstreamTlsContext")


def _network_rbac(action: str, rules: Config) -> Config:
    return _typed(f"rbac-{action}", _NETWORK + ".rbac.v3", rules | {"stat_prefix": action}, "RBAC")


def _manager(cases: Sequence[tuple[str, Mapping[str, Config]]], normalization: str) -> Config:
    decodes = normalization == "DECODE_AND_MERGE_SLASHES"
    routes = [_route(name, rules) for name, rules in cases]
    return {
        "stat_prefix": normalization,
        "normalize_path": normalization != "NONE",
        "merge_slashes": normalization in ("MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES"),
        "path_with_escaped_slashes_action": "UNESCAPE_AND_FORWARD" if decodes else "KEEP_UNCHANGED",
        "use_remote_address": False,
        "http_protocol_options": {"allow_custom_methods": True},
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": routes}]},
        "http_filters": _http_filters(),
    }


def _http_filters() -> list[Config]:
    script = {"default_source_code": {"inline_string": _LUA}}
    custom, *others = [_typed(f"rbac-{action}", _HTTP + ".rbac.v3", {}, message="RBAC") for action in ACTIONS]
    return [
        _typed("lua", _HTTP + ".lua.v3", script, "Lua"),
        custom,
        _typed("envoy.filters.http.jwt_authn", _HTTP + ".jwt_authn.v3", _tokens(), "JwtAuthentication"),
        *others,
        _typed("router", _HTTP + ".router.v3", {}, "Router"),
    ]


def _tokens() -> Config:
    key = base64.urlsafe_b64encode(TOKEN_KEY).decode().rstrip("=")
    keys = json.dumps({"keys": [{"kty": "oct", "alg": "HS256", "k": key}]})
    provider: dict[str, Any] = {
        "local_jwks": {"inline_string": keys},
        "payload_in_metadata": "payload",
        "normalize_payload_in_metadata": {"space_delimited_claims": ["scope", "permission"]},
    }
    asked = {"requires_any": {"requirements": [{"provider_name": "any"}, {"allow_missing": {}}]}}
    return {"providers": {"any": provider}, "rules": [{"match": {"prefix": "/"}, "requires": asked}]}


def _route(name: str, rules: Mapping[str, Config]) -> Config:
    kind = _HTTP + ".rbac.v3.RBACPerRoute"
    chosen = {"name": CASE, "string_match": {"exact": name}}
    return {
        "match": {"prefix": "/", "headers": [chosen]},
        "direct_response": {"status": 200},
        "typed_per_filter_config": {
            f"rbac-{action}": {"@type": kind, "rbac": settings} for action, settings in rules.items()
        },
    }
