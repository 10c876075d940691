"""The string, address and port algebra against verdicts of a real Envoy on istiod's own RBAC output."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from meshlint.matching import (
    AddressSet,
    PortSet,
    StringSet,
    in_trust_domains,
    istio_header,
    istio_host,
    istio_namespace,
    istio_path,
    istio_request_principal,
    istio_service_account,
    istio_sni,
    istio_string,
    istio_trust_domain,
    port_number,
    request_path,
)
from tests.shared import SHARED, needs_shared

Atom = dict[str, Any]


@cache
def atoms() -> tuple[Atom, ...]:
    """Single conditions with what Envoy said of them."""
    file = SHARED / "cases" / "envoy" / "authz-atoms.jsonl"
    return tuple(json.loads(line) for line in file.read_text().splitlines())


def _identity(read: Callable[[str], StringSet]) -> Callable[[str, Atom], bool]:
    def test(value: str, atom: Atom) -> bool:
        identity = atom["input"].get("source_principal") if atom["input"]["transport"] == "mtls" else None
        return identity is not None and read(value).admits(identity)

    return test


def _service_account(value: str, atom: Atom) -> bool:
    namespace = atom["workload"]["namespace"]
    return _identity(lambda text: istio_service_account(text, namespace))(value, atom)


def _address(key: str) -> Callable[[str, Atom], bool]:
    return lambda value, atom: AddressSet.of(value).admits(atom["input"][key])


def _port(value: str, atom: Atom) -> bool:
    return PortSet.of(port_number(value) or -1).admits(atom["input"]["destination_port"])


def _path(value: str, atom: Atom) -> bool:
    path = request_path(atom["input"]["path"])
    return path is not None and istio_path(value).admits(path)


def _sni(value: str, atom: Atom) -> bool:
    sni = atom["input"]["sni"]
    return sni is not None and istio_sni(value).admits(sni)


def _request_principal(value: str, atom: Atom) -> bool:
    token = atom["input"]["jwt"] or {}
    return istio_request_principal(value).admits(token.get("iss"), token.get("sub"))


def _texts(found: object) -> list[str]:
    """List the texts of a claim or header: itself, or its members; numbers and objects have none."""
    members = found if isinstance(found, list) else [found]
    return [text for text in members if isinstance(text, str)]


def _sent(found: object) -> list[str]:
    """List the values of a header as a server reads them: without the spaces around them."""
    return [text.strip(" ") for text in _texts(found)]


def _claim(*keys: str) -> Callable[[str, Atom], bool]:
    def test(value: str, atom: Atom) -> bool:
        found: Any = atom["input"]["jwt"]
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return any(istio_string(value).admits(text) for text in _texts(found))

    return test


def _header(name: str) -> Callable[[str, Atom], bool]:
    def test(value: str, atom: Atom) -> bool:
        sent = {key.lower(): found for key, found in atom["input"]["headers"].items()}
        return any(istio_header(value).admits(text) for text in _sent(sent.get(name.lower())))

    return test


def _metadata(value: str, atom: Atom) -> bool:
    found = (atom["input"]["dynamic_metadata"] or {}).get("envoy.filters.a.b", {}).get("c")
    return isinstance(found, str) and istio_string(value).admits(found)


_TESTS: dict[str, Callable[[str, Atom], bool]] = {
    "principals": _identity(istio_string),
    "source.principal": _identity(istio_string),
    "namespaces": _identity(istio_namespace),
    "source.namespace": _identity(istio_namespace),
    "trustDomains": _identity(istio_trust_domain),
    "serviceAccounts": _service_account,
    "requestPrincipals": _request_principal,
    "request.auth.principal": _request_principal,
    "request.auth.audiences": _claim("aud"),
    "request.auth.presenter": _claim("azp"),
    "request.auth.claims[iss]": _claim("iss"),
    "request.auth.claims[nested1][nested2]": _claim("nested1", "nested2"),
    "request.headers[X-header]": _header("X-header"),
    "request.headers[X-abc]": _header("X-abc"),
    "ipBlocks": _address("source_ip"),
    "source.ip": _address("source_ip"),
    "remoteIpBlocks": _address("remote_ip"),
    "remote.ip": _address("remote_ip"),
    "destination.ip": _address("destination_ip"),
    "ports": _port,
    "destination.port": _port,
    "paths": _path,
    "hosts": lambda value, atom: istio_host(value).admits(atom["input"]["host"]),
    "methods": lambda value, atom: istio_header(value).admits(atom["input"]["method"]),
    "connection.sni": _sni,
    "experimental.envoy.filters.a.b[c]": _metadata,
}


def _field(attribute: str) -> str:
    """Name the positive field: an atom holds the match before the `not`."""
    if attribute in _TESTS:
        return attribute
    plain = attribute.removeprefix("not")
    return plain[0].lower() + plain[1:]


def _expanded(atom: Atom) -> list[str]:
    """Spell out the trust domains: a list in an atom is one that istiod expanded."""
    if not isinstance(atom["value"], list):
        return [atom["value"]]
    workload = atom["workload"]
    domains = [workload["trust_domain"] or "cluster.local", *workload["trust_domain_aliases"]]
    return [text for value in atom["value"] for text in in_trust_domains(value, domains)]


def matches(atom: Atom) -> bool:
    """Whether a condition holds of its request."""
    values = _expanded(atom)
    return any(_TESTS[_field(atom["attr"])](value, atom) for value in values)


@needs_shared
@pytest.mark.parametrize("attribute", sorted(_TESTS))
def test_every_atom_gets_the_verdict_of_envoy(attribute: str) -> None:
    found = [atom for atom in atoms() if _field(atom["attr"]) == attribute]
    wrong = [atom for atom in found if matches(atom) is not atom["match"]]
    assert found
    assert wrong == []


@needs_shared
def test_no_atom_is_left_out() -> None:
    assert len(atoms()) > 3000
    assert {_field(atom["attr"]) for atom in atoms()} <= set(_TESTS)


@needs_shared
def test_paths_are_normalised_as_envoy_logged_them() -> None:
    file = SHARED / "cases" / "envoy" / "authz-http.jsonl"
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    seen = [(row["request"]["path"], row.get("envoy_path", row["request"]["path"])) for row in rows]
    wrong = [(sent, logged) for sent, logged in seen if request_path(sent) != logged.partition("?")[0]]
    assert len(rows) > 3000
    assert wrong == []
