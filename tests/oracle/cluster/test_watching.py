"""A real API server is listed and followed: thousands of objects, and a restart; no Secret is read."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from meshlint.api.inputs.cluster import cluster_files
from tests.cluster.test_cluster import route
from tests.oracle.cluster.conftest import ACCOUNT, Door, namespace
from tests.oracle.cluster.control_plane import ControlPlane
from tests.serve.test_answers import eventually
from tests.shared import PROJECT

pytestmark = pytest.mark.oracle

COUNT = 5000
ROUTES = "/apis/networking.istio.io/v1/namespaces/many/virtualservices"
SECRET = "dGhlIGtleSBvZiB0aGUgZ2F0ZXdheQ=="


def test_thousands_of_objects_and_a_restart_are_followed(door: Door, plane: ControlPlane) -> None:
    plane.kubectl("delete", "validatingwebhookconfiguration", "--all")
    start = door.objects() + 1
    plane.apply(namespace("many"))
    eventually(lambda: door.objects() == start, 60)
    create(plane, (route_of(f"r{n}") for n in range(COUNT)))
    eventually(lambda: door.objects() == start + COUNT, 300)
    plane.stop_server()
    plane.start_server()
    create(plane, (route_of(f"later{n}") for n in range(10)))
    eventually(lambda: door.objects() == start + COUNT + 10, 120)


def route_of(name: str) -> dict[str, Any]:
    spec = {
        "hosts": [f"{name}.many.svc.cluster.local"],
        "http": [{"route": [{"destination": {"host": name}}]}],
    }
    return {**route(name), "metadata": {"name": name, "namespace": "many"}, "spec": spec}


def create(plane: ControlPlane, objects: Iterable[dict[str, Any]]) -> None:
    """Create objects, eight at a time."""
    context = ssl.create_default_context(cafile=f"{plane.folder}/ca.crt")
    context.load_cert_chain(f"{plane.folder}/admin.crt", f"{plane.folder}/admin.key")
    with (
        httpx.Client(base_url=plane.url, verify=context, timeout=60) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        for answer in pool.map(lambda one: client.post(ROUTES, json=one), objects):
            assert answer.status_code == 201, answer.text


def test_the_account_reads_no_secret(door: Door, plane: ControlPlane) -> None:
    """Not at all as it is deployed; with the component, by name alone."""
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "cert", "namespace": "bookinfo"},
              "data": {"tls.key": SECRET}}  # fmt: skip
    plane.apply(secret)
    for verb in ("get", "list", "watch", "create", "update", "delete"):
        told = plane.kubectl("auth", "can-i", verb, "secrets", "-A", who=ACCOUNT, fails=True)
        assert told.stdout.strip() == "no", verb
    refused = plane.kubectl("get", "secrets", "-A", who=ACCOUNT, fails=True)
    assert "Forbidden" in refused.stderr
    files, unread = cluster_files(plane.api(ACCOUNT))
    assert {(one.what, one.why) for one in unread} == {("ConfigMap", "forbidden"), ("Secret", "forbidden")}
    assert all(SECRET.encode() not in data for data in files.values())
    plane.kubectl("apply", "-f", str(PROJECT / "deploy" / "kustomize" / "secret-names" / "account.yaml"))
    files, unread = cluster_files(plane.api(ACCOUNT))
    assert [one.what for one in unread] == ["ConfigMap"]
    assert b'"name": "cert"' in files["cluster/bookinfo_Secret_cert.json"]
    assert all(SECRET.encode() not in data for data in files.values())


def test_the_account_changes_nothing(door: Door, plane: ControlPlane) -> None:
    told = plane.kubectl("auth", "can-i", "--list", who=ACCOUNT).stdout
    lines = [line for line in told.splitlines()[1:] if "selfsubject" not in line and "[/" not in line]
    verbs = {verb for line in lines for verb in line[line.rindex("[") + 1 : -1].split()}
    assert verbs == {"list", "watch"}
