"""Definitions that the user gives: structure and CEL, end to end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from meshlint.api import Request, UsageError, check
from meshlint.resources.schema import cel
from meshlint.resources.schema.cel import MISSING
from meshlint.resources.schema.store.crds import load_crds
from meshlint.resources.schema.validate import validate
from meshlint.resources.schema.violation import Reason

DEFINITION: dict[str, Any] = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "quotas.example.com"},
    "spec": {
        "group": "example.com",
        "names": {"kind": "Quota", "plural": "quotas"},
        "scope": "Namespaced",
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {
                            "spec": {
                                "type": "object",
                                "required": ["limit"],
                                "properties": {
                                    "limit": {"type": "integer", "minimum": 1},
                                    "burst": {"type": "integer", "default": 10},
                                    "share": {"type": "number"},
                                    "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                                },
                                "x-kubernetes-validations": [
                                    {"rule": "self.burst >= self.limit", "message": "burst is under limit"},
                                    {"rule": "!has(self.share) || self.share < 0.5", "message": "too large"},
                                    {"rule": "self.limit == oldSelf.limit", "message": "limit never changes"},
                                ],
                            }
                        },
                    }
                },
            },
            {"name": "v1alpha1", "served": False, "storage": False, "schema": {"openAPIV3Schema": {}}},
        ],
    },
}


def quota(version: str = "v1", **spec: Any) -> dict[str, Any]:
    return {"apiVersion": f"example.com/{version}", "kind": "Quota", "metadata": {"name": "q"}, "spec": spec}


def reasons(value: dict[str, Any]) -> list[Reason]:
    return [one.reason for one in validate("example.com", "v1", "Quota", value, load_crds([DEFINITION]))]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"limit": 3}, []),
        ({"limit": 3, "burst": None, "free": {"a": [1]}}, []),
        ({"limit": 3, "share": 0}, []),
        ({"limit": 20}, [Reason.CONSTRAINT]),
        ({"limit": 3, "share": 1}, [Reason.CONSTRAINT]),
        ({"limit": 0}, [Reason.BOUNDS]),
        ({"limt": 3}, [Reason.UNKNOWN_FIELD]),
        ({}, [Reason.MISSING_FIELD]),
        ({"limit": "3"}, [Reason.WRONG_TYPE]),
    ],
)
def test_structure_and_rules(spec: dict[str, Any], expected: list[Reason]) -> None:
    assert reasons(quota(**spec)) == expected


def test_given_schema_wins_over_the_built_in_one() -> None:
    definition = {**DEFINITION, "spec": {**DEFINITION["spec"], "group": "policy.linkerd.io"}}
    definition["spec"]["names"] = {"kind": "Server", "plural": "servers"}
    definition["spec"]["versions"] = [{**DEFINITION["spec"]["versions"][0], "name": "v1beta3"}]
    server = {"apiVersion": "policy.linkerd.io/v1beta3", "kind": "Server", "spec": {"limit": 3}}
    assert validate("policy.linkerd.io", "v1beta3", "Server", server, load_crds([definition])) == []
    assert validate("policy.linkerd.io", "v1beta3", "Server", server) != []


def test_scope_is_that_of_the_definition() -> None:
    store = load_crds([DEFINITION])
    assert store.is_namespaced("example.com", "Quota") is True
    assert store.is_namespaced("example.com", "Other") is None


@pytest.mark.parametrize(
    "broken", [{"spec": 3}, {"spec": {}}, {"spec": {"group": "a", "names": {"kind": "B"}}}]
)
def test_broken_definition_is_named(broken: dict[str, Any]) -> None:
    store = load_crds([{"kind": "CustomResourceDefinition", "metadata": {"name": "bad"}, **broken}, 3, None])
    assert not store.given
    assert "bad" in store.notes[0]


def test_missing_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cel, "find_spec", lambda _name: None)
    store = load_crds([DEFINITION])
    assert store.notes == (MISSING,)
    assert validate("example.com", "v1", "Quota", quota(limit=20), store) == []


def test_definitions_from_a_directory_are_enforced_end_to_end(tmp_path: Path) -> None:
    (tmp_path / "crds").mkdir()
    listed = {"apiVersion": "v1", "kind": "List", "items": [DEFINITION]}
    (tmp_path / "crds" / "all.yaml").write_text(yaml.safe_dump(listed))
    manifests = [quota(limit=20), quota(limt=2), quota("v1alpha1", limit=3)]
    for index, manifest in enumerate(manifests):
        manifest["metadata"]["name"] = f"q{index}"
    (tmp_path / "quotas.yaml").write_text(yaml.safe_dump_all(manifests, sort_keys=False))
    request = Request(crds=(Path("crds"),), directory=tmp_path, select=("SCHEMA",), no_config=True)
    outcome = check(["quotas.yaml"], request)
    assert sorted((one.rule, one.location.span.line) for one in outcome.findings) == [
        ("SCHEMA001", 13),
        ("SCHEMA008", 5),
        ("SCHEMA009", 15),
    ]
    with pytest.raises(UsageError, match="no CustomResourceDefinition"):
        check(["quotas.yaml"], Request(crds=(tmp_path / "quotas.yaml",), directory=tmp_path, no_config=True))


@pytest.mark.parametrize("rule", ["0 < self && self <= 65535", "-1 <= self && self < 8"])
@pytest.mark.parametrize("value", [-2, -1, 0, 1, 7, 8, 65535, 65536])
def test_bounds_are_judged_as_the_library_judges_them(rule: str, value: int) -> None:
    library = cel.broken_rule({"rule": f"({rule})"}, value, {"type": "integer"})
    assert (cel.broken_rule({"rule": rule}, value, {"type": "integer"}) is None) == (library is None)
