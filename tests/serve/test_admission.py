"""Reviews of the API server: what an object newly causes is denied or warned of, as the policy says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from meshlint.engine.rule import Severity
from meshlint.engine.usage import UsageError
from meshlint.serve.admission.endpoint import LONGEST_WARNING, deadline_of, review_of, warning
from meshlint.serve.admission.policy import AdmissionPolicy, Effect, policy_of, read_policy
from tests.advisor.workloads import services
from tests.serve.conftest import BOOKINFO, Running

SPACE = "bookinfo"


def route(subset: str, name: str = "reviews") -> dict[str, Any]:
    destination = {"host": "reviews", "subset": subset}
    spec = {"hosts": ["reviews"], "http": [{"route": [{"destination": destination}]}]}
    return thing("networking.istio.io/v1", "VirtualService", name, spec)


def thing(api: str, kind: str, name: str, spec: Any = None) -> dict[str, Any]:
    plain = {"apiVersion": api, "kind": kind, "metadata": {"name": name, "namespace": SPACE}}
    return plain if spec is None else {**plain, "spec": spec}


RULES = thing("networking.istio.io/v1", "DestinationRule", "reviews")
ANYBODY = thing(
    "security.istio.io/v1", "AuthorizationPolicy", "reviews",
    {
        "selector": {"matchLabels": {"app": "reviews"}},
        "rules": [{"from": [{"source": {"principals": ["*"]}}]}],
    },
)  # fmt: skip


def ask(running: Running, operation: str, new: Any = None, old: Any = None, **more: Any) -> dict[str, Any]:
    timeout = more.pop("timeout", "10s")
    request = {
        "uid": "u-1",
        "operation": operation,
        "namespace": SPACE,
        "object": new,
        "oldObject": old,
        **more,
    }
    body = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}
    with running.client() as client:
        answer = client.post("/admission", json=body, params={"timeout": timeout})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    assert (told["apiVersion"], told["kind"]) == ("admission.k8s.io/v1", "AdmissionReview")
    response: dict[str, Any] = told["response"]
    assert response["uid"] == "u-1"
    return response


def test_an_object_that_breaks_something_is_denied_with_the_reason(service: Running) -> None:
    told = ask(service, "UPDATE", route("v9"), route("v1"))
    assert not told["allowed"]
    assert told["status"]["code"] == 403
    assert "SUBSET001: VirtualService bookinfo/reviews routes to subset 'v9'" in told["status"]["message"]
    assert "/rules/SUBSET001" in told["status"]["message"]


def test_an_object_that_is_right_passes_without_a_word(service: Running) -> None:
    assert ask(service, "UPDATE", route("v1"), route("v1")) == {"uid": "u-1", "allowed": True}


def test_what_was_wrong_before_is_not_told_again(service: Running) -> None:
    """The example has a PeerAuthentication that admits plaintext: writing it again changes nothing."""
    own = thing("security.istio.io/v1", "PeerAuthentication", "default", {"mtls": {"mode": "PERMISSIVE"}})
    assert ask(service, "UPDATE", own, own) == {"uid": "u-1", "allowed": True}


def test_what_is_likely_wrong_is_warned_of(service: Running) -> None:
    told = ask(service, "CREATE", ANYBODY)
    assert told["allowed"]
    assert told["warnings"]
    assert all(len(one) <= LONGEST_WARNING and "/rules/" in one for one in told["warnings"])


def test_a_deletion_that_breaks_others_warns(service: Running) -> None:
    told = ask(service, "DELETE", None, RULES)
    assert told["allowed"]
    assert any("SUBSET001" in one for one in told["warnings"])


def test_the_scale_subresource_is_the_workload_with_other_replicas(service: Running) -> None:
    scale = thing("autoscaling/v1", "Scale", "reviews-v1", {"replicas": 0})
    told = ask(service, "UPDATE", scale, subResource="scale")
    assert "0 replicas" in str(told)
    assert ask(service, "UPDATE", {**scale, "spec": {"replicas": 3}}, subResource="scale")["allowed"]


@pytest.mark.parametrize("more", [{"subResource": "status"}, {"subResource": "ephemeralcontainers"}])
def test_what_meshlint_does_not_read_passes(service: Running, more: dict[str, Any]) -> None:
    assert ask(service, "UPDATE", route("v9"), **more) == {"uid": "u-1", "allowed": True}
    assert ask(service, "CONNECT", route("v9")) == {"uid": "u-1", "allowed": True}


def test_a_dry_run_and_a_review_leave_nothing_behind(service: Running) -> None:
    first = ask(service, "UPDATE", route("v9"), dryRun=True)
    assert not first["allowed"]
    assert ask(service, "CREATE", thing("v1", "ConfigMap", "other"), dryRun=True)["allowed"]
    with service.client() as client:
        assert client.get("/v1/workspaces/cluster").json()["objects"] == 17
    assert ask(service, "UPDATE", route("v9"), dryRun=True) == first


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview"},
        {"apiVersion": "admission.k8s.io/v1beta1", "kind": "AdmissionReview", "request": {"uid": "a"}},
        {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": 1}},
        {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
         "request": {"uid": "a", "operation": "CREATE", "object": "text"}},
    ],
)  # fmt: skip
def test_what_is_no_review_is_refused(service: Running, body: Any) -> None:
    with service.client() as client:
        assert client.post("/admission", json=body).status_code == 400


@pytest.mark.parametrize(
    "new",
    [
        {}, {"kind": "VirtualService"}, {"apiVersion": 3, "kind": [], "metadata": []},
        {"apiVersion": "v1", "kind": "List", "items": [1]}, {"metadata": {"name": {}, "namespace": 5}},
        {"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "x"}, "spec": 3},
        {**route("v1"), "spec": "text"},
    ],
)  # fmt: skip
def test_objects_of_any_shape_are_answered(service: Running, new: Any) -> None:
    assert ask(service, "CREATE", new)["uid"] == "u-1"


def test_the_deadline_is_kept_and_giving_up_is_said(serving: Callable[..., Running], tmp_path: Path) -> None:
    for name, text in services(400, spaces=4).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    lenient = tmp_path / "policy.yml.txt"
    lenient.write_text("on-timeout: allow\nworkspace: default\n", encoding="utf-8")
    running = serving(str(tmp_path), "--admission-policy", str(lenient))
    told = ask(running, "CREATE", route("v9"), timeout="20ms")
    assert told["allowed"]
    assert "gave up" in told["warnings"][0]
    strict = tmp_path / "strict.yml.txt"
    strict.write_text("workspace: default\n", encoding="utf-8")
    running = serving(str(tmp_path), "--admission-policy", str(strict))
    request = {"uid": "u", "operation": "CREATE", "namespace": SPACE, "object": route("v9")}
    body = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}
    with running.client() as client:
        answer = client.post("/admission", json=body, params={"timeout": "20ms"})
    assert answer.status_code == 504
    assert "longer than" in answer.json()["detail"]


def test_a_cluster_that_is_not_there_fails_the_review(serving: Callable[..., Running]) -> None:
    running = serving(str(BOOKINFO))
    body = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
            "request": {"uid": "u", "operation": "CREATE", "object": route("v9")}}  # fmt: skip
    with running.client() as client:
        assert client.post("/admission", json=body).status_code == 404


@pytest.mark.parametrize(
    ("timeout", "seconds"),
    [("10s", 9.5), ("", 9.5), ("1s", 0.5), ("500ms", 0.25), ("what", 9.5), ("30s", 29.5)],
)
def test_the_deadline_leaves_a_reserve(timeout: str, seconds: float) -> None:
    assert deadline_of(timeout) == seconds


def test_a_deletion_looks_at_what_is_left() -> None:
    review = review_of({"operation": "DELETE", "object": None, "oldObject": RULES, "namespace": SPACE})
    assert review is not None
    assert (review.new, review.old) == (None, RULES)


class TestPolicy:
    POLICY = policy_of({
        "deny": "error", "warn": "info",
        "rules": {"SUBSET": "warn", "SUBSET001": "deny", "ROUTE001": False, "MTLS": "deny"},
        "namespaces": {"kube-*": "off", "team-*": {"deny": "never"}, "strict": {"deny": "warning"}},
    })  # fmt: skip

    @pytest.mark.parametrize(
        ("rule", "severity", "namespace", "effect"),
        [
            ("AUTHZ001", Severity.ERROR, "shop", Effect.DENY),
            ("AUTHZ001", Severity.WARNING, "shop", Effect.WARN),
            ("AUTHZ001", Severity.WARNING, "strict", Effect.DENY),
            ("SUBSET002", Severity.ERROR, "shop", Effect.WARN),
            ("SUBSET001", Severity.ERROR, "shop", Effect.DENY),
            ("SUBSET001", Severity.ERROR, "team-a", Effect.WARN),
            ("SUBSET001", Severity.ERROR, "kube-system", Effect.OFF),
            ("ROUTE001", Severity.ERROR, "shop", Effect.OFF),
            ("MTLS002", Severity.WARNING, "shop", Effect.DENY),
        ],
    )
    def test_effects(self, rule: str, severity: Severity, namespace: str, effect: Effect) -> None:
        assert self.POLICY.effect(rule, severity, namespace) is effect

    def test_deletions_are_denied_only_if_that_is_wanted(self) -> None:
        wanted = policy_of({"delete": "deny"})
        assert wanted.effect("A", Severity.ERROR, "a", deletes=True) is Effect.DENY
        assert AdmissionPolicy().effect("A", Severity.ERROR, "a", deletes=True) is Effect.WARN

    @pytest.mark.parametrize(
        "text",
        ["denny: error", "deny: loud", "rules: [a]", "rules: {A: loud}", "namespaces: {a: 3}",
         "on-timeout: x", "delete: x", "- a", "a: b: c", "namespaces: {a: {denny: error}}"],
    )  # fmt: skip
    def test_slips_are_refused(self, tmp_path: Path, text: str) -> None:
        file = tmp_path / "policy.yaml"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError):
            read_policy(file)

    def test_a_warning_is_cut_and_plain(self) -> None:
        told = warning({"rule": "ROUTE001", "message": "a\nb\x1b[31m" + "x" * 500}, AdmissionPolicy())
        assert len(told) <= LONGEST_WARNING
        assert told.endswith("/rules/ROUTE001")
        assert told.isprintable()
