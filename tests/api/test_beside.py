"""What is said of one object may rest on another one of its kind that an edit does not concern itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from meshlint.api.after.incremental import known_of
from meshlint.api.inputs.files import read_files
from meshlint.api.judging.checking import check_project
from tests.api.test_incremental import PLAN, POLICY, files_of, read_again, told

PODS = """
apiVersion: v1
kind: Namespace
metadata: {name: PLACE, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: db, namespace: PLACE}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: a, image: a, ports: [{containerPort: 5432}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: PLACE}
spec: {selector: {app: db}, ports: [{name: tcp-db, port: 5432}]}
"""
POLICY_OF = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: NAME, namespace: shop}
spec: SPEC
"""
RULE_OF = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: db, namespace: PLACE}
spec: {host: db.till.svc.cluster.local, subsets: [{name: v1, labels: {app: db}}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: db, namespace: FROM}
spec:
  hosts: [db.till.svc.cluster.local]
  http: [{route: [{destination: {host: db.till.svc.cluster.local, subset: v1}}]}]
"""


def held(*texts: str) -> dict[str, Any]:
    found: Iterator[Any] = (one for text in texts for one in yaml.safe_load_all(text))
    return {f"{number}.yaml": one for number, one in enumerate(found)}


def after(before: Mapping[str, Any], edited: Mapping[str, Any]) -> list[str]:
    """The rules that tell something after an edit, which is what they tell without anything known."""
    project = read_files(files_of(before))
    known = known_of(project, PLAN)
    assert known is not None
    outcome = known.after(read_again(edited, project, before), POLICY)
    assert outcome is not None
    assert told(outcome) == told(check_project(read_files(files_of(edited)), PLAN, POLICY))
    return [one.rule for one in outcome.findings]


def rolled_out(objects: Mapping[str, Any], place: str) -> dict[str, Any]:
    """The set with another image in the pods of a Deployment."""
    new = yaml.safe_load(yaml.safe_dump(dict(objects)).replace("image: a", "image: b"))
    return {key: new[key] if is_of(one, "Deployment", place) else one for key, one in objects.items()}


def is_of(one: Mapping[str, Any], kind: str, place: str) -> bool:
    return (one["kind"], one["metadata"].get("namespace")) == (kind, place)


OPEN = "{action: ALLOW, rules: [{to: [{operation: {methods: [GET]}}]}]}"
ENTERED = (
    '{selector: {matchLabels: {app: db}}, action: ALLOW, rules: [{from: [{source: {principals: ["*"]}}]}]}'
)


def test_a_rule_without_callers_counts_once_another_policy_opens_its_port() -> None:
    before = held(PODS.replace("PLACE", "shop"), POLICY_OF.replace("NAME", "open").replace("SPEC", OPEN))
    entered = yaml.safe_load(POLICY_OF.replace("NAME", "entered").replace("SPEC", ENTERED))
    assert "AUTHZ004" in after(before, {**before, "entered.yaml": entered})
    assert "AUTHZ004" not in after({**before, "entered.yaml": entered}, before)


EXCLUDING = '{rules: [{from: [{source: {notPrincipals: ["cluster.local/ns/till/sa/db"]}}]}]}'
STOPPING = '{action: DENY, rules: [{from: [{source: {notPrincipals: ["*"]}}]}]}'


def test_a_policy_that_names_the_namespace_of_an_edit_is_seen_beside_those_of_its_own() -> None:
    policies = [
        POLICY_OF.replace("NAME", name).replace("SPEC", spec)
        for name, spec in (("excluding", EXCLUDING), ("stopping", STOPPING))
    ]
    before = held(PODS.replace("PLACE", "shop"), PODS.replace("PLACE", "till"), *policies)
    assert "AUTHZ006" not in after(before, rolled_out(before, "till"))


@pytest.mark.parametrize("place", ["shop", "till"])
@pytest.mark.parametrize("edited", ["shop", "till"])
def test_a_subset_is_used_by_whichever_route_leads_to_its_host(place: str, edited: str) -> None:
    rules = RULE_OF.replace("PLACE", place).replace("FROM", "far")
    pods = [PODS.replace("PLACE", one) for one in ("shop", "till", "far")]
    before = held(*pods, rules)
    assert "SUBSET003" not in after(before, rolled_out(before, edited))


def test_a_subset_is_idle_once_the_route_to_it_leads_elsewhere() -> None:
    pods = [PODS.replace("PLACE", one) for one in ("shop", "till", "far")]
    before = held(*pods, RULE_OF.replace("PLACE", "shop").replace("FROM", "shop"))
    text = yaml.safe_dump(before).replace("subset: v1", "port: {number: 5432}")
    assert "SUBSET003" in after(before, yaml.safe_load(text))
