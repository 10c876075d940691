from __future__ import annotations

import pytest

from meshlint.resources.kubernetes.autoscaler import horizontal_pod_autoscaler
from meshlint.resources.kubernetes.config import config_map, secret
from meshlint.resources.kubernetes.disruption_budget import pod_disruption_budget
from meshlint.resources.kubernetes.ingress import Ingress, ingress
from meshlint.resources.kubernetes.network_policy import network_policy
from tests.resources.reading import made_of


def test_a_config_map_gives_its_texts() -> None:
    found = config_map(made_of("v1", "ConfigMap", None, data={"mesh": "a: b", "n": 1}))
    assert found.data == {"mesh": "a: b"}
    assert found.data["mesh"].field.path == ("data", "mesh")


def test_a_secret_keeps_what_it_holds() -> None:
    found = secret(made_of("v1", "Secret", None, data={"tls.key": "c2VjcmV0"}, stringData={"tls.crt": "x"}))
    assert found.type == "Opaque"
    assert found.keys == {"tls.key", "tls.crt"}


@pytest.mark.parametrize(("written", "fewest"), [(None, 1), (0, 0), (3, 3)])
def test_an_autoscaler_keeps_one_replica_by_default(written: int | None, fewest: int) -> None:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    spec = {"scaleTargetRef": target, "minReplicas": written, "maxReplicas": 5}
    found = horizontal_pod_autoscaler(made_of("autoscaling/v2", "HorizontalPodAutoscaler", spec))
    assert (found.min_replicas, found.max_replicas) == (fewest, 5)
    ref = found.scale_target_ref
    assert (ref.api_version, ref.kind, ref.name) == ("apps/v1", "Deployment", "web")


def test_a_budget_counts_or_takes_a_share() -> None:
    found = pod_disruption_budget(made_of("policy/v1", "PodDisruptionBudget", {"minAvailable": "50%"}))
    assert (found.min_available, found.max_unavailable) == ("50%", None)
    assert not found.selector


@pytest.mark.parametrize(
    ("spec", "types"),
    [
        ({}, ("Ingress",)),
        ({"egress": [{}]}, ("Ingress", "Egress")),
        ({"policyTypes": ["Egress"]}, ("Egress",)),
    ],
)
def test_the_directions_that_a_network_policy_closes(spec: object, types: object) -> None:
    found = network_policy(made_of("networking.k8s.io/v1", "NetworkPolicy", spec))
    assert found.policy_types == types


def test_ports_of_a_network_policy() -> None:
    rule = {
        "ports": [{"port": 80}, {"port": "dns", "protocol": "UDP", "endPort": 90}],
        "from": [{"podSelector": {}}],
    }
    spec = {"podSelector": {}, "ingress": [rule], "egress": [{"to": []}]}
    found = network_policy(made_of("networking.k8s.io/v1", "NetworkPolicy", spec))
    (ingress_rule,), (egress_rule,) = found.ingress, found.egress
    assert [(port.port, port.end_port, port.protocol) for port in ingress_rule.ports] == [
        (80, None, "TCP"),
        ("dns", 90, "UDP"),
    ]
    assert len(ingress_rule.peers) == 1
    assert egress_rule.peers == ()
    assert egress_rule.ports == ()


def ingress_of(path: object, version: str = "networking.k8s.io/v1", **spec: object) -> Ingress:
    rules = [{"host": "a.example.com", "http": {"paths": [path]}}, {}]
    return ingress(made_of(version, "Ingress", spec | {"rules": rules}))


@pytest.mark.parametrize(("port", "read"), [({"number": 80}, 80), ({"name": "http"}, "http"), ({}, None)])
def test_paths_of_an_ingress(port: object, read: object) -> None:
    backend = {"service": {"name": "web", "port": port}}
    (path,) = ingress_of({"path": "/a", "pathType": "Prefix", "backend": backend}).paths
    assert (path.host, path.path, path.path_type) == ("a.example.com", "/a", "Prefix")
    assert (path.backend.service, path.backend.port) == ("web", read)


def test_paths_of_an_old_ingress() -> None:
    backend = {"serviceName": "web", "servicePort": "http"}
    found = ingress_of({"backend": backend}, "extensions/v1beta1", backend=backend)
    assert found.default_backend is not None
    assert [found.default_backend.service, found.paths[0].backend.service] == ["web", "web"]
    assert found.paths[0].backend.port == "http"


def test_the_class_of_an_ingress_by_field_or_by_annotation() -> None:
    annotations = {"kubernetes.io/ingress.class": "old"}
    metadata = {"name": "x", "annotations": annotations}
    by_annotation = ingress(made_of("networking.k8s.io/v1", "Ingress", {}, metadata=metadata))
    by_field = ingress(
        made_of("networking.k8s.io/v1", "Ingress", {"ingressClassName": "new"}, metadata=metadata)
    )
    assert (by_annotation.ingress_class, by_field.ingress_class) == ("old", "new")
    assert by_field.default_backend is None
    assert by_field.tls == ()
