"""What is counted, and that it is counted rightly: on texts, on real manifests, and on synthetic ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from bench.generate import synthetic_mesh
from meshlint.advisor import Given, MeshChoice, load_weights
from meshlint.advisor.evidence.profile import Profile, profile_of
from meshlint.advisor.evidence.sizing import size_of
from meshlint.advisor.evidence.workloads import Role
from meshlint.api import Project, Request, load
from meshlint.api.reading.project import read_texts
from tests.advisor.workloads import annotated, labelled, services
from tests.shared import SHARED, needs_shared

MIB = 2**20
CORPUS = SHARED / "corpus"


def profile(texts: Mapping[str, str], nodes: int | None = None) -> Profile:
    return profile_of(read_texts(texts).mesh, load_weights(), nodes)


def counted(found: Profile, *names: str) -> tuple[int, ...]:
    known = {one.id: one.value for one in found.tallies}
    return tuple(known.get(name, 0) for name in names)


def workload(kind: str, spec: str, name: str = "one", api: str = "apps/v1") -> str:
    return f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"


POD = "template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: i}]%s}}"
PLAIN = POD % ""


class TestPods:
    def pods(self, *documents: str, nodes: int | None = None) -> tuple[int, ...]:
        return counted(
            profile({"a.yaml": "---\n".join(documents)}, nodes), "pods-fewest", "pods", "pods-most", "jobs"
        )

    def test_replicas_count_as_written(self) -> None:
        assert self.pods(workload("Deployment", f"{{replicas: 3, {PLAIN}}}")) == (3, 3, 3, 0)

    def test_one_where_none_is_written(self) -> None:
        assert self.pods(workload("Deployment", f"{{{PLAIN}}}")) == (1, 1, 1, 0)

    def test_none_where_zero_is_written(self) -> None:
        assert self.pods(workload("Deployment", f"{{replicas: 0, {PLAIN}}}")) == (0, 0, 0, 0)

    def test_a_daemon_set_has_one_on_each_node(self) -> None:
        assert self.pods(workload("DaemonSet", f"{{{PLAIN}}}"), nodes=7) == (7, 7, 7, 0)

    def test_nodes_are_assumed_from_the_pods_that_fill_them(self) -> None:
        documents = (
            workload("Deployment", f"{{replicas: 100, {PLAIN}}}"),
            workload("DaemonSet", f"{{{PLAIN}}}"),
        )
        assert self.pods(*documents) == (104, 104, 104, 0)

    def test_an_autoscaler_gives_the_bounds(self) -> None:
        scaler = workload(
            "HorizontalPodAutoscaler",
            "{scaleTargetRef: {kind: Deployment, name: one}, minReplicas: 2, maxReplicas: 9}",
            api="autoscaling/v2",
        )
        assert self.pods(workload("Deployment", f"{{{PLAIN}}}"), scaler) == (2, 2, 9, 0)
        assert self.pods(workload("Deployment", f"{{replicas: 5, {PLAIN}}}"), scaler) == (2, 5, 9, 0)
        assert self.pods(workload("Deployment", f"{{replicas: 50, {PLAIN}}}"), scaler) == (2, 9, 9, 0)

    def test_a_scaled_object_of_keda_has_its_own_defaults(self) -> None:
        scaler = workload("ScaledObject", "{scaleTargetRef: {name: one}}", api="keda.sh/v1alpha1")
        assert self.pods(workload("Deployment", f"{{{PLAIN}}}"), scaler) == (0, 0, 100, 0)

    def test_jobs_are_counted_apart(self) -> None:
        job = workload("Job", f"{{parallelism: 4, {PLAIN}}}", api="batch/v1")
        cron = workload("CronJob", f"{{jobTemplate: {{spec: {{{PLAIN}}}}}}}", api="batch/v1")
        assert self.pods(job, cron) == (0, 0, 0, 2)

    def test_pods_on_the_network_of_the_host_are_counted_apart(self) -> None:
        found = profile({"a.yaml": workload("DaemonSet", f"{{{POD % ', hostNetwork: true'}}}")})
        assert counted(found, "pods", "host-network") == (0, 1)

    def test_a_workload_that_is_written_twice_counts_once(self) -> None:
        one, other = (workload("Deployment", f"{{replicas: {n}, {PLAIN}}}") for n in (2, 3))
        found = profile({"a.yaml": one, "b.yaml": other})
        assert counted(found, "workloads", "repeated") == (1, 1)

    def test_what_belongs_to_a_mesh_is_counted_apart(self) -> None:
        istiod = workload("Deployment", f"{{{PLAIN.replace('app: a', 'app: istiod')}}}")
        assert counted(profile({"a.yaml": istiod}), "workloads", "mesh-parts") == (0, 1)

    @pytest.mark.parametrize("replicas", ["-3", "many", "1.5", "[1]", "{}", "10000000000000000000000"])
    def test_nonsense_counts_as_something_sane(self, replicas: str) -> None:
        found = self.pods(workload("Deployment", f"{{replicas: {replicas}, {PLAIN}}}"))
        assert all(0 <= count <= 1_000_000 for count in found)


class TestRequests:
    def requested(self, containers: str, *more: str) -> tuple[float, float, int]:
        pod = f"{{metadata: {{labels: {{app: a}}}}, spec: {{containers: {containers}}}}}"
        template = f"{{replicas: 2, template: {pod}}}"
        found = profile({"a.yaml": "---\n".join([workload("Deployment", template), *more])})
        size = size_of(found, (), Given())
        (lacking,) = counted(found, "without-memory")
        return float(size.cpu), float(size.memory) / MIB, lacking

    def test_requests_are_summed_over_containers_and_pods(self) -> None:
        first = "{name: a, resources: {requests: {cpu: 100m, memory: 64Mi}}}"
        second = "{name: b, resources: {requests: {cpu: 1, memory: 1Gi}}}"
        assert self.requested(f"[{first}, {second}]") == (2.2, 2176, 0)

    def test_a_limit_stands_in_for_a_request(self) -> None:
        assert self.requested("[{name: a, resources: {limits: {cpu: 2, memory: 1Gi}}}]") == (4, 2048, 0)

    def test_what_is_missing_is_assumed_and_told(self) -> None:
        assert self.requested("[{name: a}]") == (0.2, 256, 1)

    def test_a_limit_range_gives_the_default(self) -> None:
        limits = "{limits: [{type: Container, defaultRequest: {cpu: 1, memory: 1Gi}}]}"
        assert self.requested("[{name: a}]", workload("LimitRange", limits, api="v1")) == (2, 2048, 0)

    def test_a_proxy_that_stands_in_the_manifest_already_does_not_count(self) -> None:
        proxy = "{name: istio-proxy, resources: {requests: {cpu: 5, memory: 5Gi}}}"
        app = "{name: a, resources: {requests: {cpu: 1, memory: 1Gi}}}"
        assert self.requested(f"[{proxy}, {app}]") == (2, 2048, 0)

    @pytest.mark.parametrize("amount", ["-1", "lots", "[]", "{}", "1e999", "null"])
    def test_nonsense_is_as_good_as_nothing(self, amount: str) -> None:
        cpu, _, _ = self.requested(f"[{{name: a, resources: {{requests: {{cpu: {amount}}}}}}}]")
        assert cpu == 0.2


class TestScoping:
    def seen(self, *sidecars: str) -> int:
        texts = {**services(6, replicas=1, spaces=2)}
        texts |= {f"sidecar-{n}.yaml": text for n, text in enumerate(sidecars)}
        return size_of(profile(texts), (), Given()).seen

    def sidecar(self, spec: str, namespace: str = "team-0") -> str:
        head = "apiVersion: networking.istio.io/v1\nkind: Sidecar\n"
        return f"{head}metadata: {{name: s, namespace: {namespace}}}\nspec: {spec}\n"

    def test_without_sidecars_every_proxy_is_told_of_every_service(self) -> None:
        assert self.seen() == 6 * 6

    def test_a_sidecar_of_a_namespace_hides_the_others(self) -> None:
        assert self.seen(self.sidecar("{egress: [{hosts: ['./*']}]}")) == 3 * 3 + 3 * 6

    def test_the_one_of_the_root_namespace_is_for_all(self) -> None:
        assert self.seen(self.sidecar("{egress: [{hosts: ['./*']}]}", "istio-system")) == 6 * 3

    def test_a_selector_comes_first(self) -> None:
        chosen = (
            "{workloadSelector: {labels: {app: s0}}, egress: [{hosts: ['*/s1.team-1.svc.cluster.local']}]}"
        )
        assert self.seen(self.sidecar(chosen)) == 1 + 5 * 6

    def test_hosts_without_egress_and_everything_hide_nothing(self) -> None:
        assert self.seen(self.sidecar("{egress: [{hosts: ['*/*']}]}"), self.sidecar("{}")) == 6 * 6


class TestCurrentMesh:
    def test_by_the_labels_of_namespaces(self) -> None:
        on_sidecars = {**services(2), **labelled(1, istio_injection="enabled")}
        on_ambient = {**services(2), **labelled(1, dataplane="ambient")}
        on_linkerd = {**services(2), **annotated(1, linkerd="enabled")}
        assert profile(on_sidecars).current is MeshChoice.ISTIO_SIDECAR
        assert profile(on_ambient).current is MeshChoice.ISTIO_AMBIENT
        assert profile(on_linkerd).current is MeshChoice.LINKERD

    def test_by_objects_where_no_namespace_is_in_the_files(self) -> None:
        policy = "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: p}\n"
        assert profile({**services(2), "p.yaml": policy}).current is MeshChoice.ISTIO_SIDECAR
        assert profile(services(2)).current is None


# Counted by reading the files: `kind:` and `replicas:` line by line, the requests added up on paper.
# In none of the three is anything written twice, scaled automatically, or on the network of the host.
BY_HAND: dict[str, dict[str, int]] = {
    # 12 Deployments (the eleven services and redis-cart), of which only loadgenerator writes `replicas: 1`;
    # 12 Services: nine gRPC (adservice, cartservice, checkout, currency, email, payment, productcatalog,
    # recommendation, shipping), frontend twice on http, redis-cart on tcp. CPU: 9 x 100m (one of them the
    # load generator's 300m apart), 2 x 200m, 70m and 300m = 1570m; memory: 8 x 64 + 180 + 200 + 256 + 220.
    "GoogleCloudPlatform+microservices-demo/release/kubernetes-manifests.yaml": {
        "services": 12, "workloads": 12, "pods": 12, "namespaces": 1, "stateful": 0, "jobs": 0,
        "ports-grpc": 9, "ports-http": 2, "ports-tcp": 1, "ingress": 1, "cpu": 1570, "memory": 1368,
    },
    # webapp with 3 replicas; authors, books and traffic with 1 each; three Services with one port named
    # "service", which tells no protocol; no container requests anything, so 6 x 100m and 6 x 128Mi.
    "linkerd+website/run.linkerd.io/public/booksapp.yml": {
        "services": 3, "workloads": 4, "pods": 6, "namespaces": 1, "ports-unknown": 3,
        "without-cpu": 4, "without-memory": 4, "cpu": 600, "memory": 768,
    },
    # emoji, voting and web with 100m, vote-bot with 10m; no memory at all, so 4 x 128Mi. emoji-svc and
    # voting-svc have a gRPC port and one named "prom", web-svc has one for http.
    "linkerd+website/run.linkerd.io/public/emojivoto.yml": {
        "services": 3, "workloads": 4, "pods": 4, "ports-grpc": 2, "ports-http": 1, "ports-unknown": 2,
        "without-cpu": 0, "without-memory": 4, "cpu": 310, "memory": 512,
    },
    # 7 Deployments and the StatefulSets accounts-db and ledger-db, none scaled: 9 pods. 8 Services, six on
    # http and the two databases on tcp; frontend is a LoadBalancer. CPU: 8 x 100m + 260m; memory: 2176Mi.
    "GoogleCloudPlatform+bank-of-anthos/kubernetes-manifests": {
        "services": 8, "workloads": 9, "pods": 9, "stateful": 2, "ports-http": 6, "ports-tcp": 2,
        "ingress": 1, "without-cpu": 0, "cpu": 1060, "memory": 2176,
    },
    # details, ratings and productpage, and reviews in three versions; 4 Services on http, no requests.
    "istio+istio/samples/bookinfo/platform/kube/bookinfo.yaml": {
        "services": 4, "workloads": 6, "pods": 6, "ports-http": 4, "without-cpu": 6,
        "cpu": 600, "memory": 768,
    },
}  # fmt: skip


@needs_shared
@pytest.mark.parametrize("path", BY_HAND)
def test_counts_are_those_that_were_counted_by_hand(path: str) -> None:
    found = profile_of(project(path).mesh, load_weights())
    expected = dict(BY_HAND[path])
    size = size_of(found, (), Given())
    assert (int(size.cpu * 1000), int(size.memory / MIB)) == (expected.pop("cpu"), expected.pop("memory"))
    assert dict(zip(expected, counted(found, *expected), strict=True)) == expected


@needs_shared
@pytest.mark.parametrize(
    "path",
    [
        "kubeflow+manifests",
        "istio+istio/samples/bookinfo",
        "GoogleCloudPlatform+microservices-demo",
        "BuoyantIO+emojivoto",
        "linkerd+website",
    ],
)
def test_counts_agree_with_a_plain_reading_of_the_same_files(path: str) -> None:
    """The objects of each kind by name, read with PyYAML alone, from the files that were read."""
    read = project(path)
    found = profile_of(read.mesh, load_weights())
    objects = {
        (one["kind"], (one.get("metadata") or {}).get("namespace", "default"), one["metadata"]["name"])
        for name in read.texts
        for one in plain_objects(read.texts[name].content)
    }
    counted_kinds = {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet", "Pod"}
    workloads = {one for one in objects if one[0] in counted_kinds}
    here = {
        (one.workload.kind, one.workload.namespace, one.workload.name)
        for one in found.workforce.all
        if one.workload.kind in counted_kinds
    }
    assert here == workloads
    assert found.services == len({one for one in objects if one[0] == "Service"})


def plain_objects(text: str) -> list[dict[str, Any]]:
    """The named objects in a file; patches, which have no containers, make no pods."""
    try:
        documents = list(yaml.safe_load_all(text))
    except yaml.YAMLError:
        return []
    found = [one for one in documents if isinstance(one, dict)]
    lists = [one for one in found if str(one.get("kind", "")).endswith("List")]
    candidates = [*found, *(item for one in lists for item in one.get("items", []))]
    return [one for one in candidates if is_named(one) and is_counted(one)]


def is_named(one: dict[str, Any]) -> bool:
    metadata = one.get("metadata")
    named = isinstance(metadata, dict) and bool(metadata.get("name"))
    return named and bool(one.get("kind") and one.get("apiVersion"))


def is_counted(one: Mapping[str, Any]) -> bool:
    spec = one.get("spec") or {}
    if one["kind"] == "Service":
        return one["apiVersion"] == "v1" and spec.get("type") != "ExternalName"
    if one["kind"] == "CronJob":
        spec = (spec.get("jobTemplate") or {}).get("spec") or {}
    pod = one if one["kind"] == "Pod" else spec.get("template") or {}
    return bool((pod.get("spec") or {}).get("containers")) and not is_patch(one, spec, pod)


def is_patch(one: Mapping[str, Any], spec: Mapping[str, Any], pod: Mapping[str, Any]) -> bool:
    """A controller of `apps/v1` without selector and without labels of its own is refused: it is a patch."""
    labels = (pod.get("metadata") or {}).get("labels") or {}
    own = [label for label in labels if "istio.io/" not in label and "linkerd.io/" not in label]
    return one["apiVersion"] == "apps/v1" and not spec.get("selector") and not own


def project(path: str) -> Project:
    return load([str(CORPUS / path)], Request(no_config=True))


@pytest.mark.parametrize("count", [20, 120])
def test_counts_of_a_synthetic_mesh_are_those_it_was_made_with(count: int) -> None:
    texts = synthetic_mesh(count)
    found = profile(texts)
    deployments = sum(text.count("kind: Deployment") for text in texts.values())
    assert counted(found, "services", "workloads", "pods") == (count, deployments, 2 * deployments)
    assert found.current is MeshChoice.ISTIO_SIDECAR
    signs = {need: len(evidence) for need, evidence in found.evidence.items()}
    assert signs["identity-authorization"] == count
    assert signs["traffic-splitting"] == deployments - count


def test_roles_are_told_apart() -> None:
    assert {role.value for role in Role} == {"serving", "job", "host network", "part of a mesh"}
