"""What meshlint is deployed with is fine by its own rules, and asks for no more than it reads."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from meshlint.api import check
from meshlint.api.inputs.cluster import wanted_kinds
from meshlint.api.requests.request import Request
from meshlint.engine.rule import Severity
from meshlint.resources.schema.store.catalogue import built_in
from meshlint.serve.admission.policy import policy_of
from meshlint.serve.security.tokens import holders_in
from tests.shared import PROJECT

DEPLOY = PROJECT / "deploy"
VARIANTS = ("cert-manager", "self-signed")
PLURALS = {"Ingress": "ingresses", "NetworkPolicy": "networkpolicies"}


def findings(paths: list[str], directory: Path) -> list[str]:
    outcome = check(paths, Request(directory=directory, no_config=True))
    assert outcome.summary.objects > 10
    return [f"{one.rule}: {one.message}" for one in outcome.findings if one.severity >= Severity.WARNING]


@pytest.mark.parametrize("variant", VARIANTS)
def test_nothing_is_found_in_the_manifests(variant: str) -> None:
    assert findings([f"kustomize/{variant}"], DEPLOY) == []


def rendered(variant: str) -> list[dict[str, Any]]:
    kubectl = shutil.which("kubectl") or pytest.skip(
        "kubectl is not installed, so nothing builds the manifests"
    )
    built = subprocess.run(
        [kubectl, "kustomize", str(DEPLOY / "kustomize" / variant)],
        capture_output=True,
        text=True,
        check=True,
    )
    return [one for one in yaml.safe_load_all(built.stdout) if one]


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_kustomize_builds_is_whole_and_fine(variant: str, tmp_path: Path) -> None:
    objects = rendered(variant)
    assert_whole(objects, "meshlint")
    (tmp_path / "all.json").write_text("\n---\n".join(map(json.dumps, objects)), encoding="utf-8")
    (tmp_path / "all.json").rename(tmp_path / "all.yaml")
    assert findings(["all.yaml"], tmp_path) == []


@pytest.mark.parametrize("more", [[], ["--set", "certificate.certManager=false,certificate.caBundle=QQ=="]])
def test_what_the_chart_renders_is_whole_and_fine(more: list[str], tmp_path: Path) -> None:
    helm = shutil.which("helm") or pytest.skip("helm is not installed, so nothing renders the chart")
    command = [
        helm,
        "template",
        "one",
        str(DEPLOY / "helm" / "meshlint"),
        "-n",
        "review",
        "--kube-version",
        "1.33",
    ]
    options = ["--set", "podMonitor=true,configurationNamespaces={istio-system}", *more]
    text = subprocess.run([*command, *options], capture_output=True, text=True, check=True).stdout
    assert_whole([one for one in yaml.safe_load_all(text) if one], "review")
    (tmp_path / "all.yaml").write_text(text, encoding="utf-8")
    assert findings(["all.yaml"], tmp_path) == []


def assert_whole(objects: list[dict[str, Any]], namespace: str) -> None:
    """Whether names that lead from one object to another lead somewhere, and pods are held down."""
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for one in objects:
        by_kind.setdefault(one["kind"], []).append(one)
    (deployment,), (webhook,) = by_kind["Deployment"], by_kind["ValidatingWebhookConfiguration"]
    template = deployment["spec"]["template"]
    (service,) = by_kind["Service"]
    target = webhook["webhooks"][0]["clientConfig"]["service"]
    assert (target["name"], target["namespace"]) == (service["metadata"]["name"], namespace)
    assert service["metadata"]["namespace"] == namespace
    assert service["spec"]["selector"].items() <= template["metadata"]["labels"].items()
    accounts = [one["metadata"]["name"] for one in by_kind["ServiceAccount"]]
    assert template["spec"]["serviceAccountName"] in accounts
    (container,) = template["spec"]["containers"]
    mounted = {one["name"] for one in container["volumeMounts"]}
    assert mounted == {one["name"] for one in template["spec"]["volumes"]}
    security = container["securityContext"]
    assert security["readOnlyRootFilesystem"]
    assert not security["allowPrivilegeEscalation"]
    assert template["spec"]["securityContext"]["runAsNonRoot"]
    roles = {one["metadata"]["name"] for one in by_kind["ClusterRole"]}
    assert {one["roleRef"]["name"] for one in by_kind["ClusterRoleBinding"]} <= roles


def test_the_arguments_are_those_of_the_command() -> None:
    from meshlint.cli.verbs.serve import command

    known = {name for parameter in command.params for name in parameter.opts}
    for variant in VARIANTS:
        (deployment,) = [one for one in rendered(variant) if one["kind"] == "Deployment"]
        arguments = deployment["spec"]["template"]["spec"]["containers"][0]["args"]
        assert arguments[0] == "serve"
        assert {one.partition("=")[0] for one in arguments[1:]} <= known


def rules_of_account() -> list[dict[str, Any]]:
    text = (DEPLOY / "kustomize" / "base" / "account.yaml").read_text(encoding="utf-8")
    (role,) = [one for one in yaml.safe_load_all(text) if one["kind"] == "ClusterRole"]
    found: list[dict[str, Any]] = role["rules"]
    return found


def test_the_account_may_read_what_is_read_and_change_nothing() -> None:
    rules = rules_of_account()
    assert {verb for rule in rules for verb in rule["verbs"]} == {"list", "watch"}
    assert "secrets" not in {name for rule in rules for name in rule["resources"]}
    for group, kind in sorted(wanted_kinds() - {("", "ConfigMap"), ("", "Secret")}):
        entry = built_in().entry(group, kind)
        plural = entry["plural"] if entry else PLURALS.get(kind, f"{kind.lower()}s")
        allowed = [
            rule for rule in rules if group in rule["apiGroups"] and {plural, "*"} & set(rule["resources"])
        ]
        assert allowed, f"{group}/{plural}"


def test_the_policy_and_the_tokens_can_be_read() -> None:
    base = DEPLOY / "kustomize" / "base"
    policy = yaml.safe_load((base / "policy.yaml").read_text(encoding="utf-8"))
    assert policy_of(yaml.safe_load(policy["data"]["policy.yaml"])).thresholds.deny is Severity.ERROR
    tokens = yaml.safe_load((base / "tokens.yaml").read_text(encoding="utf-8"))
    assert holders_in(tokens["stringData"]["tokens"], "tokens") == ()
    values = yaml.safe_load((DEPLOY / "helm" / "meshlint" / "values.yaml").read_text(encoding="utf-8"))
    assert policy_of(values["policy"]).thresholds.warn is Severity.WARNING
