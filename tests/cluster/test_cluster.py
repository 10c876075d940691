"""A live cluster, over HTTP: what is read of it, what is survived, and what never leaves it."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from meshlint.api import check
from meshlint.api.inputs.cluster import check_cluster, cluster_files, connect, kinds_of, unread_notes
from meshlint.api.requests.request import Request
from meshlint.cli.process import run
from meshlint.engine.usage import UsageError
from meshlint.sources.cluster.model import Api
from meshlint.sources.cluster.watching import Kept, follow
from tests.cluster.fake import Cluster, running
from tests.serve.conftest import BOOKINFO

SECRET = "c2VjcmV0LWtleQ=="
PLURALS = {"Gateway": "gateways", "AuthorizationPolicy": "authorizationpolicies"}
ROUTES = "/apis/networking.istio.io/v1/virtualservices"


def plural_of(kind: str) -> str:
    return PLURALS.get(kind, re.sub("y$", "ie", kind.lower()) + "s")


def bookinfo() -> list[dict[str, Any]]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(BOOKINFO).glob("*.yaml"))]
    return [one for text in texts for one in yaml.safe_load_all(text) if one]


@pytest.fixture
def cluster() -> Cluster:
    found = Cluster()
    for value in bookinfo():
        found.add(value, plural_of(value["kind"]))
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "tls", "namespace": "bookinfo"},
              "type": "kubernetes.io/tls", "data": {"tls.key": SECRET}}  # fmt: skip
    found.add(secret, "secrets")
    return found


@pytest.fixture
def api(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    pytest.importorskip("kubernetes")
    serving = running(cluster, tmp_path)
    monkeypatch.setenv("KUBECONFIG", str(next(serving)))
    monkeypatch.setattr(
        "kubernetes.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", str(tmp_path / "kubeconfig")
    )
    yield connect("current")
    next(serving, None)


def told(findings: Any) -> list[tuple[Any, ...]]:
    return sorted((one.rule, one.fingerprint, one.message, str(one.object), one.path) for one in findings)


def test_findings_are_those_of_the_files(api: Api) -> None:
    """Places apart, a cluster is what was applied to it."""
    found = check_cluster(api, Request(no_config=True))
    expected = check([str(BOOKINFO)], Request(no_config=True))
    assert expected.findings
    assert told(found.findings) == told(expected.findings)
    assert {one.location.file.split("/")[0] for one in found.findings} == {"cluster"}


def test_no_data_of_a_secret_is_asked_for(api: Api, cluster: Cluster) -> None:
    files, _ = cluster_files(api)
    assert "cluster/bookinfo_Secret_tls.json" in files
    assert all(SECRET.encode() not in data for data in files.values())
    asked = [accept for path, accept in cluster.asked if path.endswith("/secrets")]
    assert asked
    assert all("PartialObjectMetadataList" in accept and "," not in accept for accept in asked)


def test_what_the_server_adds_is_left_out(api: Api) -> None:
    files, _ = cluster_files(api)
    assert all(b"managedFields" not in data and b"resourceVersion" not in data for data in files.values())


def test_configuration_of_others_is_not_read(api: Api, cluster: Cluster) -> None:
    for namespace in ("bookinfo", "istio-system"):
        metadata = {"name": "istio", "namespace": namespace}
        cluster.add(
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"a": "b"}}, "configmaps"
        )
    files, _ = cluster_files(api)
    assert [name for name in files if "ConfigMap" in name] == ["cluster/istio-system_ConfigMap_istio.json"]


def test_pages_are_followed_and_a_list_that_expires_is_begun_again(api: Api, cluster: Cluster) -> None:
    cluster.page = 1
    cluster.expire["/api/v1/services"] = 2
    files, unread = cluster_files(api)
    assert len([name for name in files if "_Service_" in name]) == 3
    assert not unread
    cluster.expire["/api/v1/services"] = 99
    _, unread = cluster_files(api)
    assert [one.what for one in unread] == ["Service"]


def test_what_is_forbidden_is_told_and_the_rest_is_read(api: Api, cluster: Cluster) -> None:
    cluster.forbidden |= {"/api/v1/secrets", "/apis/security.istio.io/v1"}
    outcome = check_cluster(api, Request(no_config=True))
    (note,) = [note for note in outcome.summary.notes if note.startswith("Not read")]
    assert note == "Not read (forbidden): Secret, security.istio.io/v1"
    assert outcome.summary.objects == len(bookinfo()) - 2


def test_kinds_that_are_not_there_are_no_matter(api: Api, cluster: Cluster) -> None:
    kinds, unread = kinds_of(api)
    assert not unread
    assert ("linkerd.io", "ServiceProfile") not in {(one.group, one.kind) for one in kinds}


def test_objects_of_controllers_and_other_kinds_are_left_out(api: Api, cluster: Cluster) -> None:
    owner = [{"kind": "CronJob", "controller": True, "name": "a"}]
    metadata = {"name": "made", "namespace": "bookinfo", "ownerReferences": owner}
    cluster.add({"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata}, "jobs")
    cluster.add({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "a"}}, "pods")
    files, _ = cluster_files(api)
    assert not [name for name in files if "made" in name or "_Pod_" in name]


def test_names_lead_nowhere(api: Api, cluster: Cluster) -> None:
    cluster.add(
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "../../x", "namespace": ".."}},
        "services",
    )
    files, _ = cluster_files(api)
    assert all(not {"..", "."} & set(name.split("/")) for name in files)


def test_a_server_that_lets_nobody_in_is_told(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.cluster.fake.TOKEN", "another")
    with pytest.raises(UsageError, match="401"):
        check_cluster(api, Request(no_config=True))


def test_a_context_that_is_not_there_is_told(api: Api) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        connect("nowhere")


def test_the_command_reads_a_cluster(
    api: Api,
    cluster: Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cluster.forbidden.add("/api/v1/secrets")
    monkeypatch.chdir(tmp_path)
    assert run(["check", "--cluster", "-o", "json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["summary"]["objects"] == len(bookinfo())
    assert "Not read (forbidden): Secret" in err
    assert run(["check", "--cluster", "nowhere"]) == 2
    assert run(["check", "--cluster", "test", "k8s"]) == 2


def test_notes_are_by_reason() -> None:
    assert unread_notes([]) == []


class TestWatching:
    @pytest.fixture
    def kept(self, api: Api, cluster: Cluster) -> Iterator[Kept]:
        kept, stop = Kept(), threading.Event()
        kind = next(one for one in kinds_of(api)[0] if one.kind == "VirtualService")
        thread = threading.Thread(target=follow, args=(kept, api, kind, stop), daemon=True)
        thread.start()
        eventually(lambda: len(kept.now()[1]) == 2)
        yield kept
        stop.set()
        cluster.add(route("last"), "virtualservices")
        thread.join(10)
        assert not thread.is_alive()

    def test_changes_are_followed(self, kept: Kept, cluster: Cluster) -> None:
        cluster.add(route("new"), "virtualservices")
        eventually(lambda: ("networking.istio.io", "VirtualService", "bookinfo", "new") in kept.now()[1])
        cluster.remove(ROUTES, "new")
        eventually(lambda: len(kept.now()[1]) == 2)

    def test_thousands_of_changes_are_followed(self, kept: Kept, cluster: Cluster) -> None:
        for n in range(1500):
            cluster.add(route(f"r{n}"), "virtualservices")
        eventually(lambda: len(kept.now()[1]) == 1502, 30)

    def test_an_expired_version_leads_to_a_new_list(self, kept: Kept, cluster: Cluster) -> None:
        cluster.gone[ROUTES] = 1
        cluster.broken[ROUTES] = 1
        cluster.add(route("new"), "virtualservices")
        eventually(lambda: len(kept.now()[1]) == 3, 30)

    @pytest.mark.usefixtures("kept")
    def test_watches_that_end_at_once_are_not_begun_again_at_once(self, cluster: Cluster) -> None:
        cluster.mute = True
        cluster.add(route("new"), "virtualservices")
        cluster.broken[ROUTES] = 1
        cluster.add(route("newer"), "virtualservices")
        time.sleep(1)
        before = len([path for path, _ in cluster.asked if path == ROUTES])
        time.sleep(3)
        assert len([path for path, _ in cluster.asked if path == ROUTES]) - before < 6
        cluster.mute = False

    def test_a_kind_that_becomes_forbidden_keeps_its_objects_and_comes_back(
        self, kept: Kept, cluster: Cluster
    ) -> None:
        cluster.forbidden.add(ROUTES)
        cluster.broken[ROUTES] = 1
        cluster.add(route("new"), "virtualservices")
        time.sleep(1.5)
        assert len(kept.now()[1]) == 2
        cluster.forbidden.clear()
        eventually(lambda: len(kept.now()[1]) == 3, 40)


def route(name: str) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "bookinfo"}
    return {
        "apiVersion": "networking.istio.io/v1",
        "kind": "VirtualService",
        "metadata": metadata,
        "spec": {},
    }


def eventually(holds: Callable[[], bool], seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
