"""What is said of the mistakes that people make."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from meshlint.data import data_directory
from meshlint.resources.schema.deprecations import deprecations
from meshlint.resources.schema.forms.patterns import FORMS
from meshlint.resources.schema.shape.node import Node
from meshlint.resources.schema.store.store import BUILT_IN
from meshlint.resources.schema.validate import validate
from meshlint.resources.schema.violation import Violation

VIRTUAL_SERVICE = ("networking.istio.io", "v1", "VirtualService")
DESTINATION_RULE = ("networking.istio.io", "v1", "DestinationRule")
SERVER = ("policy.linkerd.io", "v1beta3", "Server")


def only(key: tuple[str, str, str], spec: dict[str, Any]) -> Violation:
    body = {"apiVersion": f"{key[0]}/{key[1]}", "kind": key[2], "metadata": {"name": "a"}, "spec": spec}
    (violation,) = validate(*key, body)
    return violation


@pytest.mark.parametrize(
    ("key", "spec", "message", "suggestion"),
    [
        (
            ("security.istio.io", "v1", "AuthorizationPolicy"),
            {"rule": []},
            '"rule" is not a field of spec, so it is dropped or refused',
            'Did you mean "rules"?',
        ),
        (
            ("policy.linkerd.io", "v1beta1", "Server"),
            {"podSelector": {}, "port": 80, "accessPolicy": "deny"},
            '"accessPolicy" is not a field of spec, so it is dropped or refused at version v1beta1',
            '"accessPolicy" is a field of version v1beta3: use apiVersion policy.linkerd.io/v1beta3.',
        ),
        (
            SERVER,
            {"podSelector": {}, "port": "8080"},
            '"8080" is in quotes and so the name of a port, not its number, so it matches no port',
            "Write 8080 without quotes.",
        ),
        (
            SERVER,
            {"podSelector": {}, "externalWorkloadSelector": {}, "port": 80},
            '"podSelector" and "externalWorkloadSelector" are both set and exclude each other, '
            "so it is refused",
            'Keep one of "podSelector" and "externalWorkloadSelector".',
        ),
        (
            SERVER,
            {"podSelector": {}, "port": 80, "proxyProtocol": "http/2"},
            '"http/2" is no value of proxyProtocol, so it is refused',
            'Did you mean "HTTP/2"?',
        ),
        (
            ("policy.linkerd.io", "v1alpha1", "AuthorizationPolicy"),
            {"targetRef": {"kind": "Server", "name": "a"}, "requiredAuthentication": {"identities": ["*"]}},
            '"requiredAuthentication" is not a field of spec, so it is dropped, and the required '
            "requiredAuthenticationRefs is missing",
            'Put the identities into a MeshTLSAuthentication and name it in "requiredAuthenticationRefs".',
        ),
        (
            DESTINATION_RULE,
            {"host": "a", "connectionPool": {}},
            '"connectionPool" is not a field of spec, so it is dropped or refused',
            "It belongs in spec.trafficPolicy.",
        ),
        (
            VIRTUAL_SERVICE,
            {"http": [{"route": [{"destination": {"host": "a", "port": 80}}]}]},
            "80 is a number where port takes a mapping, so it is refused",
            'Write it below "number".',
        ),
        (
            VIRTUAL_SERVICE,
            {"http": [{"timeout": "10"}]},
            '"10" is not a duration, so it is refused',
            'Give it a unit, such as "10s".',
        ),
        (
            VIRTUAL_SERVICE,
            {"http": [{"route": [{"destination": {"host": "a"}, "timeout": "10s"}]}]},
            '"timeout" is not a field of route[0], so it is dropped or refused',
            "It belongs in spec.http[0].",
        ),
    ],
)
def test_words(key: tuple[str, str, str], spec: dict[str, Any], message: str, suggestion: str) -> None:
    violation = only(key, spec)
    assert (violation.message, violation.suggestion) == (message, suggestion)


def names(node: Node, path: str = "") -> Iterator[str]:
    """The dotted names of all fields, indices left out."""
    item = node.item
    if item is not None:
        yield from names(item, path)
    for name in node.properties:
        child = node.child(name)
        yield f"{path}.{name}"
        if child is not None:
            yield from names(child, f"{path}.{name}")


def test_fields_of_the_notes_exist_or_do_not_as_they_say() -> None:
    """A note about an unknown field is about none of the schema, and every other one about one it has."""
    notes = json.loads((data_directory("schemas") / "fields.json").read_text())
    for name, rows in notes.items():
        group, _, kind = name.partition("/")
        node = BUILT_IN.node(group, BUILT_IN.versions(group, kind)[0], kind)
        assert node is not None
        known = set(names(node))
        for row in rows:
            exists = any(one.endswith(f".{row['path']}") for one in known)
            assert exists == (row["state"] != "unknown"), row


def test_deprecated_value() -> None:
    body = {"spec": {"trafficPolicy": {"loadBalancer": {"simple": "LEAST_CONN"}}}}
    (violation,) = deprecations("networking.istio.io", "DestinationRule", body)
    assert violation.replacement == "LEAST_REQUEST"
    assert not violation.on_key
    body["spec"]["trafficPolicy"]["loadBalancer"]["simple"] = "RANDOM"
    assert deprecations("networking.istio.io", "DestinationRule", body) == []


def test_every_form_in_words_is_a_pattern_of_some_schema() -> None:
    texts = [file.read_text() for file in data_directory("schemas").glob("*/*.json")]
    unused = [form for form in FORMS if not any(json.dumps(form)[1:-1] in text for text in texts)]
    assert unused == []
