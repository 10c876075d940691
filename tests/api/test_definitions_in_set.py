"""Definitions that lie in the set win for their kinds, over every release."""

from __future__ import annotations

from typing import Any

import yaml

from meshlint.api import CheckOptions, Selection, check_texts
from meshlint.resources.schema.cel import MISSING
from meshlint.resources.schema.store.crds import with_definitions
from meshlint.resources.schema.store.store import BUILT_IN
from meshlint.resources.schema.validate import validate
from meshlint.resources.schema.violation import Reason

SERVER = ("policy.linkerd.io", "v1beta9", "Server")


def definition(**fields: Any) -> dict[str, Any]:
    """A Server as no release has it."""
    spec = {"type": "object", "properties": {"port": {"type": "integer"}, **fields}}
    version = {
        "name": "v1beta9",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": spec}}},
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "servers.policy.linkerd.io"},
        "spec": {
            "group": "policy.linkerd.io",
            "names": {"kind": "Server", "plural": "servers"},
            "scope": "Namespaced",
            "versions": [version],
        },
    }


def server(version: str = "v1beta9", **spec: Any) -> dict[str, Any]:
    head = {"apiVersion": f"policy.linkerd.io/{version}", "kind": "Server"}
    return {**head, "metadata": {"name": "a", "namespace": "b"}, "spec": spec}


def told(*values: dict[str, Any]) -> list[str]:
    text = yaml.safe_dump_all(values, sort_keys=False)
    options = CheckOptions(Selection(select=("SCHEMA", "UPGRADE")))
    outcome = check_texts({"all.yaml": text}, options)
    assert MISSING not in outcome.summary.notes
    return [finding.rule for finding in outcome.findings]


def test_a_definition_in_the_set_wins() -> None:
    assert "SCHEMA009" in told(server(port=1))
    assert told(definition(), server(port=1)) == []
    assert told(definition(), server(port=1, colour="red")) == ["SCHEMA001"]
    assert told(definition(colour={"type": "string"}), server(port=1, colour="red")) == []
    assert told(definition(), server("v1beta3", port=1)) == ["SCHEMA009"]


def test_definitions_that_differ_and_patches_are_passed_by() -> None:
    patch = {**definition(), "spec": {"group": "policy.linkerd.io", "names": {"kind": "Server"}}}
    broken = definition(colour={"type": "string"})
    assert with_definitions(BUILT_IN, [patch, 3], {SERVER[::2]}).given == {}
    assert with_definitions(BUILT_IN, [definition(), broken], {SERVER[::2]}).given == {}
    assert list(with_definitions(BUILT_IN, [definition(), definition()], {SERVER[::2]}).given) == [SERVER]
    assert with_definitions(BUILT_IN, [definition()], set()).given == {}


def test_a_known_rule_needs_no_library_for_cel() -> None:
    rule = {"rule": "self == '' || self.size() > 0"}
    known = {"rule": "self != '*'"}
    store = with_definitions(
        BUILT_IN,
        [definition(host={"type": "string", "x-kubernetes-validations": [known, rule]})],
        {SERVER[::2]},
    )
    node = store.given[SERVER].child("spec")
    assert node is not None
    host = node.child("host")
    assert host is not None
    assert [check["check"] for check in host.checks] == ["not-star"]
    assert host.cel == (rule,)
    found = validate(*SERVER, server(host="*"), store)
    assert [one.reason for one in found] == [Reason.CONSTRAINT]
