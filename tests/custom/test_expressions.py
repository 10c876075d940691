"""Expressions in CEL: what they see, what they may ask, and where they are stopped."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from meshlint.checks.custom import cel
from meshlint.engine.rule import Severity
from meshlint.engine.usage import UsageError
from tests.custom.files import findings, rule

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {tier: gold}}\n---\n"
WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: a, image: a, ports: [{containerPort: 80}]}]}
"""
SHOP = WEB.replace("{name: web}", "{name: web, namespace: shop}")


def told(directory: Path, expression: str, manifests: str = SHOP, **given: object) -> list[str]:
    values = {"kinds": ["Deployment"], **given}
    found = findings(directory, rule(expression=expression, **{"with": values}), manifests)
    return [f"{one.severity} {one.message}" for one in found]


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("object.spec.replicas >= 2", False),
        ("object.spec.replicas < 2", True),
        ("object.metadata.namespace == 'default'", True),
        ("has(object.spec.minReadySeconds)", False),
        ("!has(object.spec.strategy) || object.spec.strategy.type == 'Recreate'", True),
        ("object.spec.template.spec.containers.all(c, !has(c.command) || size(c.command) > 9)", True),
        ("object.spec.template.spec.containers.exists(c, c.image.startsWith('b'))", False),
        ("object.metadata.name.matches('^we.$') && params.least == 3", True),
        ("false && object.absent.field == 1", False),
        ("object.absent.field == 1 || true", True),
        ("dataplane(object) == 'none' || dataplane(object) == 'istio sidecar'", True),
        ("size(policies(object, 'AuthorizationPolicy')) == 0", True),
        ("objects('Deployment').exists(d, d.metadata.name == 'web')", True),
        ("size(objects('apps/Deployment', 'shop')) == 0", True),
    ],
)
def test_what_an_expression_says(tmp_path: Path, expression: str, holds: bool) -> None:
    found = told(tmp_path, expression, WEB, params={"least": 3})
    assert found == (
        [] if holds else ["warning Deployment default/web does not keep to what the rule demands"]
    )


def test_the_namespace_is_an_object(tmp_path: Path) -> None:
    gold = "has(namespaceObject.metadata) && namespaceObject.metadata.labels.tier == 'gold'"
    assert told(tmp_path, gold, NAMESPACE + SHOP) == []
    assert len(told(tmp_path, gold, SHOP)) == 1


def test_a_question_of_the_mesh(tmp_path: Path) -> None:
    policy = """\
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: none, namespace: shop}
spec: {action: DENY, rules: [{to: [{operation: {paths: [/admin]}}]}]}
"""
    world = NAMESPACE.replace("tier: gold", "istio-injection: enabled") + SHOP + policy
    call = "{'to': 'shop/web', 'port': 80, 'from': 'shop/web', 'method': 'GET', 'path': '%s'}"
    assert told(tmp_path, f"access({call % '/admin'}) == 'deny'", world) == []
    assert told(tmp_path, f"access({call % '/'}) == 'allow'", world) == []
    assert told(tmp_path, f"transport({call % '/'}) == 'mTLS'", world) == []
    assert len(told(tmp_path, f"access({call % '/admin'}) == 'allow'", world)) == 1


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("object.absent.field == 1", "absent"),
        ("object.metadata.name", "neither true nor false"),
        ("access({'to': 'shop/nobody'}) == 'allow'", '"shop/nobody" is nothing in the manifests'),
        ("access({'port': 1}) == 'allow'", 'a call needs "to"'),
        ("size(policies(object, 'Nothing')) == 0", "Nothing"),
        ("[1, 2, 3].all(a, [1, 2, 3].all(b, object.metadata.name + 1 == 'x'))", ""),
        ("[" + "1, " * 300 + "1].all(a, [" + "1, " * 300 + "1].all(b, a + b > 0))", "more steps"),
        (
            "['"
            + "x" * 900
            + "'].map(a, a+a+a+a+a+a+a+a+a+a+a+a).map(a, a+a+a+a+a+a+a+a+a+a+a+a).size() == 1",
            "steps",
        ),
    ],
)
def test_what_cannot_be_told_is_no_finding_of_its_level(tmp_path: Path, expression: str, why: str) -> None:
    (found,) = findings(tmp_path, rule(expression=expression, **{"with": {"kinds": ["Deployment"]}}), SHOP)
    assert found.severity is Severity.INFO
    assert found.message.startswith("Whether Deployment shop/web keeps to the rule cannot be told: ")
    assert why in found.message
    assert "Activation" not in found.message


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("object.spec.(", "no CEL"),
        ("spec.replicas > 1", '"spec" is no variable'),
        ("open('/etc/passwd') == ''", '"open" is no function'),
        ("object.metadata.name.reduce(a, b, 0, a + b) == 1", "is no"),
        ("object.name == 'x" + "\\a" * 400, "does not end"),
        ("'''a''' == 'a'", "does not end"),
        ("x" * 5000, "longer than"),
    ],
)
def test_what_is_no_expression(text: str, why: str) -> None:
    started = time.monotonic()
    with pytest.raises(cel.NoExpression, match=why):
        cel.expression(text, ("object",), ())
    assert time.monotonic() - started < 5


def test_deep_nesting_is_no_crash(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nested too deeply"):
        told(tmp_path, "(" * 1500 + "true" + ")" * 1500)
    assert told(tmp_path, "(" * 12 + "true" + ")" * 12) == []


def test_a_rule_that_asks_for_too_much_ends_for_all_objects(tmp_path: Path) -> None:
    many = "---\n".join(WEB.replace("name: web}", f"name: web{n}}}") for n in range(200))
    heavy = "[" + "1, " * 300 + "1].all(a, [" + "1, " * 300 + "1].all(b, a + b > 0))"
    started = time.monotonic()
    found = told(tmp_path, heavy, many)
    assert found
    assert time.monotonic() - started < 90
