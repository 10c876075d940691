"""Objects that may come to lie beside others of their kind, and that change what happens to requests.

Whoever judges an object of the kind alone must say the same of it whatever of these is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

Value = dict[str, Any]

_NETWORKING = "networking.istio.io/v1"
_SECURITY = "security.istio.io/v1"
_EFFECTS: tuple[Value, ...] = (
    {},
    {"action": "DENY", "rules": [{}]},
    {"rules": [{}]},
    {"rules": [{"to": [{"operation": {"methods": ["GET"]}}]}]},
    {"rules": [{"from": [{"source": {"principals": ["cluster.local/ns/strange/sa/x"]}}]}]},
    {"action": "DENY", "rules": [{"to": [{"operation": {"ports": ["80", "8080", "9080"]}}]}]},
    {"action": "DENY", "rules": [{"from": [{"source": {"notPrincipals": ["*"]}}]}]},
    {"action": "CUSTOM", "provider": {"name": "strange"}, "rules": [{}]},
)
_SUBSETS = [{"name": name, "labels": {"version": name}} for name in ("v1", "v2")]
_PORTS: tuple[Value, ...] = (
    {"clusterIP": "None"},
    {"type": "ExternalName", "externalName": "strange.example.com", "selector": None},
    {"ports": [{"port": 1, "name": "tcp"}]},
    {"ports": [{"port": 80, "name": "http", "targetPort": 8080}]},
)


def strangers(kind: str, objects: Sequence[Value]) -> Iterator[Value]:
    """Objects of a kind beside `objects`: copies of theirs in each namespace, and some that do much."""
    mine = [one for one in objects if one["kind"] == kind and isinstance(one.get("spec"), dict)]
    named = {str(one["metadata"].get("namespace", "default")) for one in objects}
    for space in sorted(named | {"istio-system", "strange"}):
        for one in mine:
            for name in (f"{one['metadata'].get('name')}-x", "a"):
                copied = deepcopy(one)
                copied["metadata"] |= {"name": name, "namespace": space}
                yield copied
        for number, (api, spec) in enumerate(_OF_KINDS.get(kind, _none)(mine)):
            metadata = {"name": f"stranger-{number}", "namespace": space}
            yield {"apiVersion": api, "kind": kind, "metadata": metadata, "spec": spec}


Made = Iterator[tuple[str, Value]]


def _none(_: Sequence[Value]) -> Made:
    return iter(())


def _authorization_policies(_: Sequence[Value]) -> Made:
    return ((_SECURITY, effect) for effect in _EFFECTS)


def _peer_authentications(_: Sequence[Value]) -> Made:
    return ((_SECURITY, {"mtls": {"mode": mode}}) for mode in ("STRICT", "DISABLE", "PERMISSIVE", "UNSET"))


def _request_authentications(_: Sequence[Value]) -> Made:
    yield _SECURITY, {"jwtRules": [{"issuer": "strange", "jwksUri": "https://strange.example.com/keys"}]}
    yield _SECURITY, {"jwtRules": []}


def _destination_rules(mine: Sequence[Value]) -> Made:
    for host in sorted({str(one["spec"].get("host")) for one in mine} | {"*", "*.local"}):
        for mode in ("DISABLE", "ISTIO_MUTUAL", "SIMPLE"):
            yield _NETWORKING, {"host": host, "trafficPolicy": {"tls": {"mode": mode}}, "subsets": _SUBSETS}


def _virtual_services(mine: Sequence[Value]) -> Made:
    hosts = _all(mine, "hosts") or ["strange"]
    for bound in ({}, {"gateways": _all(mine, "gateways")}):
        if bound.get("gateways", True):
            yield (
                _NETWORKING,
                {"hosts": hosts, **bound, "http": [{"route": [{"destination": {"host": "strange"}}]}]},
            )
            yield (
                _NETWORKING,
                {
                    "hosts": hosts,
                    **bound,
                    "http": [{"match": [{"uri": {"prefix": "/"}}], "delegate": {"name": "strange"}}],
                },
            )


def _services(mine: Sequence[Value]) -> Made:
    for one in mine:
        for other in _PORTS:
            spec = {**one["spec"], **other}
            yield "v1", {key: value for key, value in spec.items() if value is not None}


def _service_entries(mine: Sequence[Value]) -> Made:
    ports = [{"number": 443, "name": "https", "protocol": "TLS"}]
    for resolution in ("DNS", "STATIC", "NONE"):
        yield _NETWORKING, {"hosts": _all(mine, "hosts"), "ports": ports, "resolution": resolution}


def _all(mine: Sequence[Value], key: str) -> list[Any]:
    return [name for one in mine for name in one["spec"].get(key) or ()]


_OF_KINDS: Mapping[str, Callable[[Sequence[Value]], Made]] = {
    "AuthorizationPolicy": _authorization_policies,
    "DestinationRule": _destination_rules,
    "PeerAuthentication": _peer_authentications,
    "RequestAuthentication": _request_authentications,
    "Service": _services,
    "ServiceEntry": _service_entries,
    "VirtualService": _virtual_services,
}
