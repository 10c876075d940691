from __future__ import annotations

from fractions import Fraction

import pytest

from meshlint.resources.kubernetes.workload import TEMPLATES, Workload, is_workload, workload
from tests.resources.reading import an_object, made_of

WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
      annotations: {linkerd.io/inject: enabled}
    spec:
      serviceAccount: legacy
      securityContext: {runAsUser: 1337}
      initContainers:
      - {name: wait}
      - name: proxy
        restartPolicy: Always
        ports: [{containerPort: 4143}]
      containers:
      - name: web
        image: web:1
        ports: [{name: http, containerPort: 8080}, {containerPort: 53, protocol: UDP, hostPort: 53}]
        securityContext: {runAsUser: 0}
        resources:
          requests: {cpu: 100m, memory: lots}
          limits: {cpu: 1, ephemeral-storage: 1Gi}
        livenessProbe: {httpGet: {port: http, path: /live}}
        readinessProbe: {tcpSocket: {port: 8080}}
        startupProbe: {}
      - name: helper
        livenessProbe: {httpGet: {port: 80}}
      volumes: [{name: tmp, emptyDir: {}}]
"""


def web() -> Workload:
    found = workload(an_object(WEB))
    assert found is not None
    return found


def placed(group: str, kind: str, template: object) -> Workload | None:
    spec = template
    for step in reversed(TEMPLATES[group, kind][1:]):
        spec = {step: spec}
    return workload(made_of(f"{group}/v1" if group else "v1", kind, spec))


def test_the_workload_says_what_its_pods_are() -> None:
    assert (web().kind, web().name, web().namespace, web().replicas) == ("Deployment", "web", "shop", 0)
    assert web().pod.labels == {"app": "web"}
    assert web().pod.annotations == {"linkerd.io/inject": "enabled"}
    assert web().selector.value == {"matchLabels": {"app": "web"}}
    assert web().pod.labels["app"].field.span().line == 10
    assert web().pod.field.path == ("spec", "template")
    assert web().controller_labels == {"pod-template-hash"}


@pytest.mark.parametrize(("group", "kind"), [key for key, path in TEMPLATES.items() if path])
def test_pods_come_from_every_template(group: str, kind: str) -> None:
    found = placed(group, kind, {"metadata": {"labels": {"a": "b"}}, "spec": {"hostNetwork": True}})
    assert found is not None
    assert found.pod.labels == {"a": "b"}
    assert found.pod.host_network is True


def test_a_naked_pod_is_its_own_template() -> None:
    pod = made_of("v1", "Pod", {"serviceAccountName": "me", "replicas": 3})
    found = workload(pod)
    assert found is not None
    assert found.pod.field is pod.field
    assert found.pod.service_account_name == "me"
    assert found.replicas is None
    assert found.controller_labels == frozenset()


@pytest.mark.parametrize("spec", [None, 3, {}, {"template": None}, {"template": [1]}])
def test_without_a_template_there_is_no_workload(spec: object) -> None:
    resource = made_of("apps/v1", "Deployment", spec)
    assert is_workload(resource)
    assert workload(resource) is None


def test_other_kinds_make_no_pods() -> None:
    other = made_of("v1", "Service", {"template": {}})
    assert not is_workload(other)
    assert workload(other) is None


def test_the_legacy_account_counts_only_alone() -> None:
    assert web().pod.service_account_name == "legacy"
    both = workload(made_of("v1", "Pod", {"serviceAccount": "old", "serviceAccountName": "new"}))
    none = workload(made_of("v1", "Pod", {"serviceAccountName": ""}))
    assert both is not None
    assert none is not None
    assert both.pod.service_account_name == "new"
    assert none.pod.service_account_name == "default"
    assert none.pod.service_account_name.field.path == ("spec", "serviceAccountName")


def test_containers_and_native_sidecars() -> None:
    pod = web().pod
    assert [one.name for one in pod.running_containers] == ["web", "helper", "proxy"]
    assert [(port.name, port.container_port, port.protocol) for port in pod.ports()] == [
        ("http", 8080, "TCP"),
        (None, 53, "UDP"),
        (None, 4143, "TCP"),
    ]
    assert [one.is_init for one in pod.init_containers] == [True, True]
    assert pod.containers[0].ports[1].host_port == 53
    assert [volume.text("name") for volume in pod.volumes] == ["tmp"]
    assert pod.spec.path == ("spec", "template", "spec")


def test_the_containers_user_wins_over_the_pods() -> None:
    pod = web().pod
    assert [pod.user_of(one) for one in pod.containers] == [0, 1337]


def test_requests_default_to_limits() -> None:
    first, second = web().pod.containers
    assert first.limits == {"cpu": Fraction(1), "ephemeral-storage": Fraction(2**30)}
    assert first.requests == {"cpu": Fraction(1, 10), "memory": None, "ephemeral-storage": Fraction(2**30)}
    assert second.requests == {}


def test_probes_have_their_defaults() -> None:
    first, second = web().pod.containers
    assert [(p.field.name, p.handler, p.port, p.path) for p in first.probes] == [
        ("livenessProbe", "httpGet", "http", "/live"),
        ("readinessProbe", "tcpSocket", 8080, "/"),
        ("startupProbe", "", None, "/"),
    ]
    (only,) = second.probes
    assert (only.port, only.path, only.scheme) == (80, "/", "HTTP")


def test_defaults_of_an_empty_pod() -> None:
    found = workload(made_of("v1", "Pod", {}))
    assert found is not None
    pod = found.pod
    assert (pod.restart_policy, pod.host_network, pod.run_as_user) == ("Always", False, None)
    assert pod.automount_service_account_token is None
    assert pod.containers == ()
