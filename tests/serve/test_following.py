"""A live cluster as the workspace that reviews are held against."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cluster.fake import Cluster, running
from tests.cluster.test_cluster import bookinfo, plural_of
from tests.serve.conftest import Running
from tests.serve.test_admission import RULES, ask, route
from tests.serve.test_answers import eventually
from tests.shared import PROJECT


@pytest.fixture
def cluster() -> Cluster:
    pytest.importorskip("kubernetes")
    found = Cluster()
    for value in bookinfo():
        found.add(value, plural_of(value["kind"]))
    found.forbidden.add("/api/v1/services/none")
    return found


@pytest.fixture
def following(
    cluster: Cluster, serving: Callable[..., Running], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Running]:
    kubeconfig = running(cluster, tmp_path)
    monkeypatch.setenv("KUBECONFIG", str(next(kubeconfig)))
    yield serving("--cluster")
    next(kubeconfig, None)


def test_reviews_are_held_against_the_cluster_as_it_is(following: Running, cluster: Cluster) -> None:
    with following.client() as client:
        told = client.get("/v1/workspaces/cluster").json()
        assert (told["kind"], told["objects"], told["unread"]) == ("cluster", 17, [])
        assert not ask(following, "UPDATE", route("v9"))["allowed"]
        rules = next(one for one in bookinfo() if one["kind"] == "DestinationRule")
        subsets = [*rules["spec"]["subsets"], {"name": "v9", "labels": {"version": "v1"}}]
        cluster.add({**rules, "spec": {**rules["spec"], "subsets": subsets}}, "destinationrules")
        eventually(lambda: ask(following, "UPDATE", route("v9"))["allowed"])
        cluster.remove("/apis/networking.istio.io/v1/destinationrules", "reviews")
        eventually(lambda: client.get("/v1/workspaces/cluster").json()["objects"] == 16)
        assert client.put("/v1/workspaces/cluster", json={"files": {}}).status_code == 409
        assert client.post("/v1/check", json={"workspace": "cluster"}).is_success
    assert ask(following, "DELETE", None, RULES)["allowed"]


def test_a_cluster_that_cannot_be_reached_ends_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("kubernetes")
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    command = [sys.executable, "-m", "meshlint", "serve", "--port", "0", "--cluster", "nowhere"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=PROJECT)
    assert ended.returncode == 2
    assert 'the context "nowhere" cannot be used' in ended.stderr
