from __future__ import annotations

from typing import Any

import pytest

from meshlint.resources.kubernetes.workload import TEMPLATES
from meshlint.resources.schema.forms.grammars import GRAMMARS
from meshlint.resources.schema.metadata import _known, check_metadata
from meshlint.resources.schema.violation import Reason


def found(kind: str, value: dict[str, Any], group: str = "") -> list[tuple[Reason, str]]:
    return [
        (one.reason, str(one.path[-1]))
        for one in check_metadata(group, kind, value, TEMPLATES.get((group, kind)))
    ]


def annotated(**annotations: str) -> dict[str, Any]:
    return {"metadata": {"annotations": annotations}}


@pytest.mark.parametrize("name", sorted(GRAMMARS))
def test_every_grammar_is_used_and_refuses_something(name: str) -> None:
    assert any(row.get("value") == name for rows in _known().values() for row in rows)
    assert not GRAMMARS[name][1]("!")


@pytest.mark.parametrize(
    ("grammar", "value"),
    [
        ("bool", "True"),
        ("cidr-list", "10.0.0.0/8, 10.1.2.3"),
        ("cidr-list-or-all", "*"),
        ("duration", "1h30m"),
        ("int", "-1"),
        ("json", '[{"name": "a"}]'),
        ("linkerd-duration", "10s"),
        ("port", "4191"),
        ("port-list", "80,443"),
        ("port-list-or-all", "*"),
        ("port-ranges", "80,8000-8080"),
        ("port-ranges-or-names", "80,mysql,1-2"),
        ("quantity", "1.5Gi"),
        ("ratio", "0.2"),
        ("uint", "0"),
    ],
)
def test_sound_values(grammar: str, value: str) -> None:
    assert GRAMMARS[grammar][1](value)


@pytest.mark.parametrize("value", ["80-", "90-80", "70000", "a b"])
def test_unsound_ports(value: str) -> None:
    assert not GRAMMARS["port-ranges-or-names"][1](value)


def test_misspelt_key_names_the_right_one() -> None:
    (violation,) = check_metadata("", "Pod", annotated(**{"sidecar.istio.io/rewriteAppHttpProbes": "true"}))
    assert violation.reason is Reason.UNKNOWN_KEY
    assert violation.replacement == "sidecar.istio.io/rewriteAppHTTPProbers"


@pytest.mark.parametrize(
    "key",
    [
        "topology.istio.io/zone",
        "example.com/inject",
        "linkerd.io/somebodys-own",
        "gateway.istio.io/new-thing",
    ],
)
def test_keys_that_may_be_somebodys_are_left_in_peace(key: str) -> None:
    assert found("Pod", annotated(**{key: "x"})) == []


def test_pod_key_on_a_workload_belongs_in_its_template() -> None:
    body = annotated(**{"config.linkerd.io/opaque-ports": "80"})
    (violation,) = check_metadata("apps", "Deployment", body, TEMPLATES["apps", "Deployment"])
    assert violation.reason is Reason.MISPLACED_KEY
    assert "spec.template.metadata.annotations" in violation.suggestion


def test_copy_of_a_pod_key_on_the_workload_does_no_harm() -> None:
    body = annotated(**{"linkerd.io/inject": "enabled"})
    body["spec"] = {"template": {"metadata": dict(body["metadata"])}}
    assert found("Deployment", body, "apps") == []


def test_template_of_a_cron_job_is_read() -> None:
    template = {"template": annotated(**{"linkerd.io/inject": "yes"})}
    body = {"metadata": {}, "spec": {"jobTemplate": {"spec": template}}}
    assert found("CronJob", body, "batch") == [(Reason.BAD_VALUE, "linkerd.io/inject")]


def test_exported_is_a_label() -> None:
    body = annotated(**{"mirror.linkerd.io/exported": "true"})
    assert found("Service", body) == [(Reason.MISPLACED_KEY, "mirror.linkerd.io/exported")]


def test_a_value_of_a_vendor_is_left_in_peace() -> None:
    assert found("Pod", annotated(**{"linkerd.io/inject": "windows"})) == []
    assert found("Pod", annotated(**{"linkerd.io/inject": "enable"})) != []


def test_placeholders_and_wrong_types_are_not_judged() -> None:
    assert found("Pod", annotated(**{"config.linkerd.io/admin-port": "${PORT}"})) == []
    assert found("Pod", {"metadata": {"annotations": {"linkerd.io/inject": True}, "labels": ["x"]}}) == []
    assert found("Pod", {"metadata": 3}) == []


def test_metadata_of_foreign_kinds_is_not_judged() -> None:
    assert found("Widget", annotated(**{"linkerd.io/inject": "x"}), "example.com") == []


def test_metadata_of_all_that_makes_pods_is_judged() -> None:
    body = annotated(**{"linkerd.io/inject": "enabled"})
    assert found("Rollout", body, "argoproj.io") == [(Reason.MISPLACED_KEY, "linkerd.io/inject")]


def test_keys_of_domains_whose_annotations_are_all_known() -> None:
    assert found("Service", annotated(**{"networking.istio.io/exportThree": "."})) == [
        (Reason.UNKNOWN_KEY, "networking.istio.io/exportThree")
    ]
    assert found("Service", {"metadata": {"labels": {"istio.io/team": "a"}}}) == []


def test_the_class_of_an_ingress_is_of_its_own_kind_alone() -> None:
    mine = {"kubernetes.io/ingress.class": "istio"}
    assert found("Ingress", annotated(**mine), "networking.k8s.io") == []
    assert found("Namespace", annotated(**mine)) == [(Reason.MISPLACED_KEY, "kubernetes.io/ingress.class")]
    assert found("Namespace", annotated(**{"kubernetes.io/ingress.class": "nginx"})) == []
    assert found("Ingress", annotated(**{"istio.io/ingress.class": "istio"}), "networking.k8s.io") == [
        (Reason.UNKNOWN_KEY, "istio.io/ingress.class")
    ]


def test_a_deprecated_key_where_nothing_reads_it_is_misplaced() -> None:
    key = "sidecar.istio.io/statsInclusionPrefixes"
    template = {"spec": {"template": annotated(**{key: "x"})}}
    assert found("Deployment", annotated(**{key: "x"}), "apps") == [(Reason.MISPLACED_KEY, key)]
    assert found("Deployment", template, "apps") == [(Reason.DEPRECATED_KEY, key)]
